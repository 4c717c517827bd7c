import { kernelKey, type KernelOptions, type LibraryKernel } from "@nn/compiler/target";
import { sizeOf } from "@nn/tensor/extend";
import { at, Label, type Mem } from "../assembler/memory.js";
import { r10, r11, rax } from "../assembler/registers.js";
import { KernelFunction } from "../functions/kernel-function.js";
import type { MachineKernel } from "../machine-kernel.js";
import { Block } from "../values/block.js";
import type { Virtual } from "../values/steps.js";
import { BlockWriter, storeVector } from "../values/block-writer.js";
import { OperationWriter, type InMemory } from "../values/operation-writer.js";
import type { Level } from "../vectors/level.js";
import { VectorWriter } from "../vectors/vector-writer.js";

export type RandomBitsKernel = LibraryKernel<"randomBits">;

/** Multipliers and key increments of Philox4x32 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"). */
const multipliers = [0xd2511f53, 0xcd9e8d57] as const;
const increments = [0x9e3779b9, 0xbb67ae85] as const;
const rounds = 10;

/** The words of a block. */
const blockWords = 4;

/** Fewer words take less time than the call of machine code. */
const worthwhileWords = 512;

/** Whether machine code takes less time than WebAssembly. */
export function isWorthwhileRandomBits({ output }: RandomBitsKernel): boolean {
  return sizeOf(output.shape) >= worthwhileWords;
}

/** Machine code for random bits, or `undefined` if there are too many of them for it. */
export function randomBitsCode(kernel: RandomBitsKernel, level: Level, options: KernelOptions): MachineKernel | undefined {
  const size = sizeOf(kernel.output.shape);
  if (size === 0 || size >= 2 ** 30) return undefined;
  return { code: new RandomBitsEmitter(kernel, level, options).emit(), scratchBytes: 0 };
}

/** The four words of blocks, a block in each lane. */
type Words = readonly [Virtual, Virtual, Virtual, Virtual];

/** Blocks of four words, counted from the position of the state, as many at a time as a vector has lanes. */
class RandomBitsEmitter {
  readonly #f = new KernelFunction();
  readonly #w: VectorWriter;
  readonly #kernel: RandomBitsKernel;
  readonly #options: KernelOptions;
  readonly #state: Mem;
  readonly #output: Mem;
  readonly #counter: Mem;
  /** The two halves of the key of each round, in all lanes. */
  readonly #keys: readonly (readonly [Mem, Mem])[];
  readonly #blocks: BlockWriter;

  constructor(kernel: RandomBitsKernel, level: Level, options: KernelOptions) {
    const { buffers } = kernelKey(kernel);
    this.#w = new VectorWriter(this.#f.asm, level);
    this.#blocks = new BlockWriter(this.#f, this.#w);
    this.#kernel = kernel;
    this.#options = options;
    this.#state = this.#f.addressOf(buffers.indexOf(kernel.inputs[0]));
    this.#output = this.#f.addressOf(buffers.indexOf(kernel.output));
    this.#counter = this.#f.variable();
    this.#keys = Array.from({ length: rounds }, () => [this.#f.vector(level.bytes), this.#f.vector(level.bytes)] as const);
  }

  emit(): Uint8Array<ArrayBuffer> {
    const f = this.#f;
    const { asm } = f;
    const { lanes } = this.#w.level;
    const words = blockWords * lanes;
    const size = sizeOf(this.#kernel.output.shape);
    const [iteration, end, whole] = [f.variable(), f.variable(), f.variable()];
    const [iterations, rest] = [Math.ceil(size / words), size % words];
    if (rest % lanes > 0) this.#w.definePart(rest % lanes);
    if (this.#options.threads > 1) f.partition(iterations, iteration, end);
    else {
      f.assign(iteration, 0);
      f.assign(end, iterations);
    }
    this.#makeKeys();
    asm.mov(rax, end);
    f.atMost(rax, Math.floor(size / words));
    asm.mov(whole, rax);
    f.whileLess(iteration, whole, () => {
      this.#iteration(iteration, words);
      f.increase(iteration, 1);
    });
    if (rest > 0) {
      const after = new Label();
      asm.arithmetic("cmp", end, iterations);
      asm.jump("ne", after);
      this.#iteration(iteration, rest);
      asm.place(after);
    }
    return f.finish();
  }

  #makeKeys(): void {
    const w = this.#w;
    const { asm } = w;
    asm.mov(r10, this.#state);
    increments.forEach((increment, half) => {
      const key = w.register(half);
      asm.vector("vbroadcastss", key, at(r10, 4 * half));
      for (const keys of this.#keys) {
        w.store(keys[half === 0 ? 0 : 1], key);
        asm.vector("vpaddd", key, key, w.splatBits(increment | 0));
      }
    });
  }

  /** Writes `count` words: those of one vector of blocks, or fewer. */
  #iteration(iteration: Mem, count: number): void {
    const { asm } = this.#f;
    const w = this.#w;
    const { lanes, bytes } = w.level;
    const { bits } = this.#kernel.attributes;
    asm.mov(r10, this.#state);
    asm.imul(r11, iteration, lanes);
    asm.arithmetic("add", r11, at(r10, 8));
    asm.mov(this.#counter, r11);
    asm.imul(r11, iteration, blockWords * bytes);
    asm.arithmetic("add", r11, this.#output);
    const block = new Block();
    const o = new OperationWriter(block, w);
    const blocks = ([0, 1] as const).flatMap((half) => this.#blocksOf(half, block, o)).map((words) => (bits === 32 ? words : o.shift("vpsrld", words, 32 - bits)));
    blocks.forEach((words, number) => {
      const left = count - number * lanes;
      if (left <= 0) return;
      const part = left < lanes ? w.definedPart(left) : undefined;
      storeVector(block, w, words, () => at(r11, number * bytes), part);
    });
    this.#blocks.write(block);
  }

  /** Half as many blocks as a vector has lanes, in whole vectors of words. A word has a lane of 64 bits, of which the upper half does not count: there the products are. */
  #blocksOf(half: 0 | 1, block: Block, o: OperationWriter): readonly [Virtual, Virtual] {
    const w = this.#w;
    const { lanes } = w.level;
    const zero = block.compute([], (destination) => w.zero(destination));
    // Words are put in order within 128 bits: with the blocks in this order, each vector of the result holds neighbouring ones.
    const offsets: InMemory = { kind: "memory", constant: undefined, memory: () => w.wideIntegers((lane) => (half * lanes) / 2 + (lane % 2) * (lanes / 4) + Math.floor(lane / 2)) };
    const counter = o.binary("vpaddq", block.compute([], (destination) => w.asm.vector("vbroadcastsd", destination, this.#counter)), offsets);
    return inOrder(block, w, this.#mixed([counter, o.shift("vpsrlq", counter, 32), zero, zero], block, o));
  }

  /** The words of counters, mixed with the keys of all rounds. */
  #mixed(counters: Words, block: Block, o: OperationWriter): Words {
    return this.#keys.reduce<Words>(([x0, x1, x2, x3], keys) => {
      const [a, b] = [o.binary("vpmuludq", x0, o.bits(multipliers[0] | 0)), o.binary("vpmuludq", x2, o.bits(multipliers[1] | 0))];
      const mixed = (product: Virtual, word: Virtual, key: Mem): Virtual =>
        block.compute([o.shift("vpsrlq", product, 32), word], (destination, [high, other]) => high !== undefined && other !== undefined && this.#w.exclusiveOr(destination, high, other, key));
      return [mixed(b, x1, keys[0]), b, mixed(a, x3, keys[1]), a];
    }, counters);
  }
}

/** Whole blocks, from words in lanes of 64 bits. */
function inOrder(block: Block, w: VectorWriter, [x0, x1, x2, x3]: Words): readonly [Virtual, Virtual] {
  const [even, odd] = [0x88, 0xdd];
  const chosen = (x: Virtual, y: Virtual, order: number): Virtual => block.compute([x, y], (destination, [a, b]) => a !== undefined && b !== undefined && w.asm.vector("vshufps", destination, a, b, order));
  const [front, back] = [chosen(x0, x1, even), chosen(x2, x3, even)];
  return [chosen(front, back, even), chosen(front, back, odd)];
}
