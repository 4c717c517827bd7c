import { childrenOf, type Store, type Value } from "@nn/compiler/target";
import type { Mem } from "../assembler/memory.js";
import { rax } from "../assembler/registers.js";
import type { KernelFunction } from "../functions/kernel-function.js";
import type { Block } from "../values/block.js";
import type { Virtual } from "../values/steps.js";
import { BlockWriter, storeMask, storeVector } from "../values/block-writer.js";
import { OperationWriter, type Operand } from "../values/operation-writer.js";
import { isSupportedStride, loadStrided } from "../values/strided.js";
import { ValueWriter } from "../values/value-writer.js";
import type { Part, VectorWriter } from "../vectors/vector-writer.js";
import { Checks, type Where } from "./checks.js";
import { IndexedReads } from "./indexed.js";
import type { Access, Pointers } from "./pointers.js";
import type { Shape } from "./shape.js";

/** The vectors that one iteration computes. */
export interface Extent {
  /** How far along the axis of the lanes each vector begins. */
  readonly copies: readonly number[];
  /** The lanes that count, if not all do. There is one vector then. */
  readonly part: Part | undefined;
}

/** Where values are found that were computed before, for a vector of an iteration. */
export interface Known {
  /** The vector in memory that holds a value; `undefined` if it is to be computed. */
  slotOf(value: Value, copy: number): Mem | undefined;
  /** The store whose memory holds the value; `undefined` if it is to be computed. */
  storeOf(value: Value): Store | undefined;
}

/** Writes the values and the stores of one iteration, as straight-line code. */
export class BodyWriter {
  readonly #f: KernelFunction;
  readonly #w: VectorWriter;
  readonly #shape: Shape;
  readonly #pointers: Pointers;
  readonly #known: Known;
  readonly #indexed: IndexedReads;
  readonly #checks: Checks;
  readonly #blocks: BlockWriter;
  #scratch: Mem | undefined;

  constructor(f: KernelFunction, w: VectorWriter, shape: Shape, pointers: Pointers, known: Known) {
    this.#f = f;
    this.#w = w;
    this.#blocks = new BlockWriter(f, w);
    this.#shape = shape;
    this.#pointers = pointers;
    this.#indexed = new IndexedReads(f, w, shape, pointers);
    this.#checks = new Checks(f, w, shape, pointers);
    this.#known = known;
  }

  /** What values read that are not known yet, and where stores write. */
  accessesOf(roots: readonly Value[], stores: readonly Store[]): Access[] {
    const accesses: Access[] = stores.map(({ buffer, at }) => ({ buffer, at }));
    const seen = new Set<Value>();
    const visit = (value: Value): void => {
      if (seen.has(value) || this.#known.slotOf(value, 0) !== undefined) return;
      seen.add(value);
      const store = this.#known.storeOf(value);
      if (store !== undefined) accesses.push(store);
      else if (value.kind !== "reduce") {
        if (value.kind === "load" || value.kind === "gather") accesses.push(value);
        else if (value.kind === "position") accesses.push({ buffer: undefined, at: value.at });
        else if (value.kind === "checked" && value.position !== undefined) accesses.push({ buffer: undefined, at: value.position });
        childrenOf(value).forEach(visit);
      }
    };
    [...roots, ...stores.map(({ value }) => value)].forEach(visit);
    return accesses;
  }

  /** A function that gives values of vector `copy` of the iteration. */
  values(block: Block, roots: readonly Value[], { copies, part }: Extent, copy: number): (value: Value) => Virtual {
    const along = copies[copy] ?? 0;
    const writer = new ValueWriter(block, this.#w, roots, (value, operandOf) => this.#leaf(block, value, { copy, along, part }, operandOf));
    return (value) => writer.inRegister(value);
  }

  /** Stores a value of the vector that begins `along` the axis of the lanes. */
  store(block: Block, { buffer, at: position }: Store, value: Virtual, along: number, part: Part | undefined): void {
    const w = this.#w;
    const memory = (): Mem => this.#pointers.memory(buffer, position, along * this.#shape.laneStep(position));
    if (buffer.dtype === "bool") {
      storeMask(block, w, value, memory, this.#scratchVector(), part);
      return;
    }
    storeVector(block, w, value, memory, part);
  }

  /** Writes a block, in registers that hold nothing else. */
  write(block: Block, free: readonly number[]): void {
    this.#blocks.write(block, free);
  }

  #leaf(block: Block, value: Value, where: { readonly copy: number; readonly along: number; readonly part: Part | undefined }, operandOf: (value: Value) => Operand): Operand | undefined {
    const slot = this.#known.slotOf(value, where.copy);
    if (slot !== undefined) return { kind: "memory", constant: undefined, memory: () => slot };
    const stored = this.#known.storeOf(value);
    if (stored !== undefined) return this.#load(block, stored, where);
    if (value.kind === "load") return this.#load(block, value, where);
    if (value.kind === "checked") return this.#checks.index(block, value, operandOf(value.index), where);
    if (value.kind === "gather") return this.#indexed.gather(block, value, operandOf(value.index), where);
    if (value.kind === "apply" && value.fault !== undefined) this.#check(block, value, where, operandOf);
    return value.kind === "position" ? this.#position(block, value, where.along) : undefined;
  }

  #check(block: Block, value: Value & { readonly kind: "apply" }, where: Where, operandOf: (value: Value) => Operand): void {
    const [x, y] = value.inputs;
    if (x !== undefined && y !== undefined) this.#checks.result(value, block, operandOf(x), operandOf(y), where);
  }

  #load(block: Block, { buffer, at: position }: Pick<Store, "buffer" | "at">, { along, part }: { readonly along: number; readonly part: Part | undefined }): Operand {
    const w = this.#w;
    const step = this.#shape.laneStep(position);
    const memory = (element = 0): Mem => this.#pointers.memory(buffer, position, along * step + element);
    if (step === 0) {
      return block.compute([], (destination) => (buffer.dtype === "bool" ? w.broadcastMask(destination, memory()) : w.asm.vector("vbroadcastss", destination, memory())));
    }
    if (buffer.dtype === "bool") return block.compute([], (destination) => w.loadMask(destination, memory(), part));
    if (!isSupportedStride(step)) return this.#indexed.strided(block, { buffer, at: position }, { along, part });
    if (step !== 1) return loadStrided(block, w, memory, step, part?.lanes ?? w.level.lanes);
    if (part !== undefined) return block.compute([], (destination) => w.load(destination, memory(), part));
    return { kind: "memory", constant: undefined, memory };
  }

  #position(block: Block, { dtype, at: position }: Value & { readonly kind: "position" }, along: number): Operand {
    const w = this.#w;
    const step = this.#shape.laneStep(position);
    const scratch = this.#scratchVector();
    const start = block.compute([], (destination) => {
      this.#pointers.count(position, along * step);
      w.asm.mov(scratch, rax);
      w.asm.vector("vbroadcastss", destination, scratch);
    });
    const positions = step === 0 ? start : block.compute([start], (destination, [a]) => {
      if (a !== undefined) w.asm.vector("vpaddd", destination, a, w.integers((lane) => lane * step));
    });
    return dtype === "float32" ? new OperationWriter(block, w).unary("vcvtdq2ps", positions) : positions;
  }

  #scratchVector(): Mem {
    this.#scratch ??= this.#f.vector(this.#w.level.bytes);
    return this.#scratch;
  }
}
