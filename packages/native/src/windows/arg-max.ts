import { at as entry, kernelKey, type KernelOptions, type LibraryKernel } from "@nn/compiler/target";
import { at, type Mem } from "../assembler/memory.js";
import { r10, r9 } from "../assembler/registers.js";
import { KernelFunction } from "../functions/kernel-function.js";
import type { MachineKernel } from "../machine-kernel.js";
import { Block } from "../values/block.js";
import type { Virtual } from "../values/steps.js";
import { BlockWriter, storeVector } from "../values/block-writer.js";
import { OperationWriter, type Operand } from "../values/operation-writer.js";
import type { Level } from "../vectors/level.js";
import { VectorWriter } from "../vectors/vector-writer.js";
import { areSupportedWindows, windowScratchBytes, WindowWalk, type WindowGeometry } from "./walk.js";

export type WindowArgMaxKernel = LibraryKernel<"windowArgMax">;

/** Machine code for the indices of the largest elements of windows, or `undefined` if there is none for their dtype, sizes or padding. */
export function windowArgMaxCode(kernel: WindowArgMaxKernel, level: Level, options: KernelOptions): MachineKernel | undefined {
  const { inputs: [x], output, attributes } = kernel;
  const geometry = { ...attributes, x, output, inputDilation: attributes.strides.map(() => 1) };
  if (!areSupportedWindows(geometry) || !haveFirstElements(geometry)) return undefined;
  return { code: new ArgMaxEmitter(kernel, geometry, level).emit(options), scratchBytes: windowScratchBytes(geometry, options.threads) };
}

/** Whether each window has an element, and its first one is where the window would begin, or on the edge. */
function haveFirstElements({ x, output, padding, window, windowDilation, strides }: WindowGeometry): boolean {
  return padding.every(([low], axis) => {
    const lastBegins = (entry(output.shape, axis + 2) - 1) * entry(strides, axis) - low;
    return low < entry(window, axis) && lastBegins < entry(x.shape, axis + 2) && (low === 0 || entry(windowDilation, axis) === 1);
  });
}

/** Padding is −∞. If the largest element is that too, the window has no other, and its first one is the largest. */
class ArgMaxEmitter {
  readonly #f = new KernelFunction();
  readonly #w: VectorWriter;
  readonly #kernel: WindowArgMaxKernel;
  readonly #corner: Mem;
  /** The elements of the plane before the first line of the windows that is no padding. */
  readonly #firstLine: Mem;
  readonly #blocks: BlockWriter;
  readonly #walk: WindowWalk;

  constructor(kernel: WindowArgMaxKernel, geometry: WindowGeometry, level: Level) {
    this.#w = new VectorWriter(this.#f.asm, level);
    this.#blocks = new BlockWriter(this.#f, this.#w);
    this.#kernel = kernel;
    this.#corner = this.#f.variable();
    this.#firstLine = this.#f.variable();
    this.#walk = new WindowWalk(this.#f, this.#w, geometry, -Infinity, () => this.#walk.padded !== undefined && this.#walk.findFirstLine(this.#firstLine));
  }

  emit({ threads }: KernelOptions): Uint8Array<ArrayBuffer> {
    this.#walk.write(kernelKey(this.#kernel).buffers, threads, (count) => this.#vector(count));
    return this.#f.finish();
  }

  /** The first `count` lanes. The first of equal elements is the largest; the first NaN is larger than all numbers. */
  #vector(count: number): void {
    const w = this.#w;
    const walk = this.#walk;
    const block = new Block();
    const o = new OperationWriter(block, w);
    const distances = walk.distances(walk.steps);
    const [first = 0, ...others] = walk.distances(walk.readSteps);
    let best = walk.elements(block, first, count);
    let where: Operand = o.bits(0);
    for (const [tap, distance] of others.entries()) {
      const value = walk.elements(block, distance, count);
      const wins = o.binary("vandnps", o.compare("lessEqual", value, best), o.compare("equal", best, best));
      best = o.select(wins, value, best);
      where = o.select(wins, o.bits(entry(distances, tap + 1)), where);
    }
    const lane = w.integers((number) => number * walk.stride);
    const corner = block.compute([], (destination) => {
      w.asm.mov(this.#corner, r10);
      w.asm.vector("vbroadcastss", destination, this.#corner);
      w.asm.vector("vpaddd", destination, destination, lane);
    });
    const found = o.commutative("vpaddd", corner, where);
    const result = walk.padded === undefined ? found : o.select(o.compare("equal", best, o.number(-Infinity)), this.#firstElements(block, lane), found);
    storeVector(block, w, result, () => at(r9), count < w.level.lanes ? w.definedPart(count) : undefined);
    this.#blocks.write(block);
  }

  /** The first element of each window that is no padding. */
  #firstElements(block: Block, lane: Mem): Virtual {
    const { asm } = this.#w;
    const o = new OperationWriter(block, this.#w);
    const column = block.compute([], (destination) => {
      asm.vector("vbroadcastss", destination, entry(this.#walk.begins, -1));
      asm.vector("vpaddd", destination, destination, lane);
    });
    const line = block.compute([], (destination) => asm.vector("vbroadcastss", destination, this.#firstLine));
    return o.commutative("vpaddd", line, o.commutative("vpmaxsd", column, o.bits(0)));
  }
}
