import { at as entry, kernelKey, type Buffer, type KernelOptions, type LibraryKernel } from "@nn/compiler/target";
import { bytesPerElement, sizeOf, stridesOf } from "@nn/tensor/extend";
import { MachineCodeError } from "../assembler/errors.js";
import { at, type Mem } from "../assembler/memory.js";
import { r10, r11, r12, r13, r8, r9, rax, rbx, rdx, rsi, type Gpr } from "../assembler/registers.js";
import { KernelFunction } from "../functions/kernel-function.js";
import type { MachineKernel } from "../machine-kernel.js";
import { evenness, leastEvenness } from "../matmul/plan.js";
import { VectorWriter } from "../vectors/vector-writer.js";
import type { Level } from "../vectors/level.js";
import { Sums, type Extent, type SumDType } from "./sums.js";

export type ScatterKernel = LibraryKernel<"scatterAdd">;

/** With more updates along the axis than this, float32 is summed in float64, as in WebAssembly. */
const longSum = 1024;

/** Fewer elements in all take less time than the call of machine code. */
const worthwhileElements = 512;

/** With fewer elements in all, waiting for other threads would take longer. */
const parallelElements = 8192;

const farthest = 2 ** 30;

/** Whether machine code takes less time than WebAssembly. */
export function isWorthwhileScatter({ inputs, output }: ScatterKernel): boolean {
  return sizeOf(output.shape) / 16 + sizeOf(entry(inputs, -1).shape) >= worthwhileElements;
}

/** Machine code that adds elements at computed positions, or `undefined` if there is none for their dtype. */
export function scatterCode(kernel: ScatterKernel, level: Level, { threads }: KernelOptions): MachineKernel | undefined {
  const { inputs, output, attributes: { axis } } = kernel;
  const isNear = [...inputs, output].every(({ shape }) => 8 * sizeOf(shape) < farthest);
  if (output.dtype === "float64" || output.dtype === "bool" || !isNear || sizeOf(output.shape) === 0) return undefined;
  const isLong = output.dtype === "float32" && entry(entry(inputs, -1).shape, axis) > longSum;
  const code = new ScatterEmitter(kernel, level, isLong ? "float64" : output.dtype).emit(threads);
  return { code, scratchBytes: isLong ? sizeOf(output.shape) * bytesPerElement.float64 : 0 };
}

/** The registers that go through the updates, the indices and the sums. */
const [updates, indices, sums] = [r8, r9, r10];

/** The columns of this thread: the first one, in a variable, and how many follow. */
interface Columns {
  readonly first: Mem;
  readonly extent: Extent;
}

/** The positions of the first axis that this thread has, in variables. */
interface Positions {
  readonly first: Mem;
  readonly count: Mem;
  /** The sums at these positions. */
  readonly extent: Extent;
}

/**
 * Copies the base, or fills with zeros, then adds the updates in row-major order. Threads divide the first axis, if the indices do not choose along it. Else, if all
 * updates of a row have one index, they divide the columns; otherwise one thread adds all. So each sum adds its updates in one order.
 */
class ScatterEmitter {
  readonly #f = new KernelFunction();
  readonly #w: VectorWriter;
  readonly #kernel: ScatterKernel;
  readonly #buffers: readonly Buffer[];
  readonly #sums: Sums;
  readonly #dtype: SumDType;
  #columns: Columns | undefined;
  #positions: Positions | undefined;

  /** `dtype`: that of the sums while they grow. */
  constructor(kernel: ScatterKernel, level: Level, dtype: SumDType) {
    this.#w = new VectorWriter(this.#f.asm, level);
    this.#kernel = kernel;
    this.#buffers = kernelKey(kernel).buffers;
    this.#dtype = dtype;
    this.#sums = new Sums(this.#f, this.#w, dtype);
  }

  emit(threads: number): Uint8Array<ArrayBuffer> {
    const f = this.#f;
    const { inputs, output } = this.#kernel;
    const [, , base] = inputs.toReversed();
    if (threads > 1) {
      if (this.#dividesFirstAxis(threads)) this.#positions = this.#dividePositions();
      else if (this.#isDivisible) this.#columns = this.#divideColumns();
      else f.requireFirstThread();
    }
    const target = this.#isLong ? f.addressOf(this.#buffers.length) : this.#addressOf(output);
    const places = { sums: [r11, target, this.#sums.bytes], elements: [r12, this.#addressOf(base ?? output), 4] } as const;
    if (base === undefined) this.#everywhere([places.sums], (extent) => this.#sums.clear(r11, extent));
    else this.#everywhere([places.sums, places.elements], (extent) => this.#sums.begin(r11, r12, extent));
    if (sizeOf(this.#shape) > 0) {
      f.asm.mov(updates, this.#addressOf(entry(inputs, -1)));
      f.asm.mov(indices, this.#addressOf(this.#index));
      f.asm.mov(sums, target);
      this.#moveToPart(updates, 4, this.#shape);
      if (this.#positions !== undefined) this.#moveBy(indices, this.#positions.first, 4 * entry(this.#indexSteps, 0));
      this.#moveToPart(sums, this.#sums.bytes, output.shape);
      this.#rows(0);
    }
    if (this.#isLong) this.#everywhere([[r12, this.#addressOf(output), 4], places.sums], (extent) => this.#sums.finish(r12, r11, extent));
    return f.finish();
  }

  /** Whether all updates of a row have one index. */
  get #isByRows(): boolean {
    const last = this.#shape.length - 1;
    return this.#kernel.attributes.axis !== last && entry(this.#indexSteps, last) === 0;
  }

  /** Whether there is work enough for several threads. */
  get #isWorthDividing(): boolean {
    return sizeOf(this.#kernel.output.shape) + sizeOf(this.#shape) >= parallelElements;
  }

  /** Whether threads divide the first axis: the indices choose along another one. */
  #dividesFirstAxis(threads: number): boolean {
    return this.#kernel.attributes.axis > 0 && this.#isWorthDividing && evenness(entry(this.#shape, 0), threads) >= leastEvenness;
  }

  #dividePositions(): Positions {
    const f = this.#f;
    const { asm } = f;
    const { shape } = this.#kernel.output;
    const [first, count, vectors, elements] = [f.variable(), f.variable(), f.variable(), f.variable()];
    f.partition(entry(shape, 0), first, count);
    asm.mov(rax, count);
    asm.arithmetic("sub", rax, first);
    asm.mov(count, rax);
    asm.imul(rax, rax, sizeOf(shape.slice(1)));
    f.divide(this.#sums.lanes);
    f.assign(vectors, rax);
    f.assign(elements, rdx);
    return { first, count, extent: { vectors, elements } };
  }

  /** Whether threads may divide the columns. */
  get #isDivisible(): boolean {
    const columns = entry(this.#kernel.output.shape, -1);
    return this.#isByRows && columns > this.#sums.lanes && entry(this.#shape, -1) === columns && this.#isWorthDividing;
  }

  /** The columns of this thread, in whole vectors; the last thread also has those that are left. */
  #divideColumns(): Columns {
    const f = this.#f;
    const { asm } = f;
    const { vectors, elements } = this.#sums.extentOf(entry(this.#shape, -1));
    if (typeof vectors !== "number" || typeof elements !== "number") throw new MachineCodeError("the columns of a scatter are known");
    const [first, count, rest] = [f.variable(), f.variable(), f.variable()];
    f.partition(vectors, first, count);
    f.assign(rest, 0);
    asm.arithmetic("cmp", count, vectors);
    f.unless("ne", () => f.assign(rest, elements));
    asm.mov(rax, count);
    asm.arithmetic("sub", rax, first);
    asm.mov(count, rax);
    asm.imul(rax, first, this.#sums.lanes);
    asm.mov(first, rax);
    return { first, extent: { vectors: count, elements: rest } };
  }

  /** Moves a register from the first element of a shape, of so many bytes each, to the first that this thread has. */
  #moveToPart(register: Gpr, bytes: number, shape: readonly number[]): void {
    if (this.#positions !== undefined) this.#moveBy(register, this.#positions.first, bytes * sizeOf(shape.slice(1)));
    if (this.#columns !== undefined) this.#moveBy(register, this.#columns.first, bytes);
  }

  /** Moves a register by so many steps of so many bytes. */
  #moveBy(register: Gpr, steps: Mem, bytes: number): void {
    if (bytes === 0) return;
    this.#f.asm.imul(rax, steps, bytes);
    this.#f.asm.arithmetic("add", register, rax);
  }

  /** Runs `body` for all sums of this thread, or for its columns of each row, with registers at the first of them: each with the place of the first element, and the bytes of one. */
  #everywhere(places: readonly (readonly [register: Gpr, start: Mem, bytes: number])[], body: (extent: Extent) => void): void {
    const f = this.#f;
    const { shape } = this.#kernel.output;
    const goTo = (): void => places.forEach(([register, start, bytes]) => {
      f.asm.mov(register, start);
      this.#moveToPart(register, bytes, shape);
    });
    if (this.#columns === undefined) {
      goTo();
      body(this.#positions?.extent ?? this.#sums.extentOf(sizeOf(shape)));
      return;
    }
    const { extent } = this.#columns;
    const columns = entry(shape, -1);
    const rows = f.variable();
    const starts = places.map(() => f.variable());
    goTo();
    places.forEach(([register], at) => f.assign(entry(starts, at), register));
    f.assign(rows, sizeOf(shape) / columns);
    f.repeat(rows, () => {
      places.forEach(([register], at) => f.asm.mov(register, entry(starts, at)));
      body(extent);
      places.forEach(([, , bytes], at) => f.increase(entry(starts, at), columns * bytes));
    });
  }

  get #isLong(): boolean {
    return this.#dtype === "float64";
  }

  get #index(): Buffer {
    return entry(this.#kernel.inputs, -2);
  }

  /** That of the updates. */
  get #shape(): readonly number[] {
    return entry(this.#kernel.inputs, -1).shape;
  }

  /** The elements of the index from one position of an axis of the updates to the next. */
  get #indexSteps(): readonly number[] {
    const { shape } = this.#index;
    return stridesOf(shape).map((stride, axis) => (shape[axis] === 1 ? 0 : stride));
  }

  #addressOf(buffer: Buffer): Mem {
    return this.#f.addressOf(this.#buffers.indexOf(buffer));
  }

  #rows(axis: number): void {
    const { axis: along } = this.#kernel.attributes;
    const last = this.#shape.length - 1;
    if (axis === last) {
      if (this.#isByRows) this.#row();
      else this.#elements();
      return;
    }
    const f = this.#f;
    const counter = f.variable();
    const count = entry(this.#shape, axis);
    const indexStep = 4 * entry(this.#indexSteps, axis);
    const sumStep = axis === along ? 0 : this.#sums.bytes * entry(stridesOf(this.#kernel.output.shape), axis);
    const row = (): void => {
      this.#rows(axis + 1);
      this.#move(indices, indexStep);
      this.#move(sums, sumStep);
    };
    f.assign(counter, axis === 0 && this.#positions !== undefined ? this.#positions.count : count);
    if (axis === 0) {
      f.repeatIfAny(counter, row);
      return;
    }
    f.repeat(counter, row);
    this.#move(indices, -count * indexStep);
    this.#move(sums, -count * sumStep);
  }

  #move(register: Gpr, bytes: number): void {
    if (bytes !== 0) this.#f.asm.arithmetic("add", register, bytes);
  }

  /** Puts the place of the sums that an index chooses into rax, counted in bytes from those of index 0. */
  #choose(): void {
    const { check, attributes: { axis }, output } = this.#kernel;
    if (check === undefined) throw new MachineCodeError("a scatter has a check");
    const { asm } = this.#f;
    asm.mov(rax.low, at(indices));
    asm.arithmetic("cmp", rax.low, check.size);
    this.#f.divert("ae", () => {
      asm.mov(rsi, rax);
      asm.mov(rdx, indices);
      asm.arithmetic("sub", rdx, this.#addressOf(this.#index));
      asm.shr(rdx, 2);
      this.#f.fail(check.fault);
    });
    asm.imul(rax, rax, this.#sums.bytes * entry(stridesOf(output.shape), axis));
  }

  /** A row with one index. */
  #row(): void {
    const count = entry(this.#shape, -1);
    this.#choose();
    this.#f.asm.arithmetic("add", rax, sums);
    this.#f.asm.mov(r11, rax);
    this.#f.asm.mov(r12, updates);
    this.#sums.add(r11, r12, this.#columns?.extent ?? this.#sums.extentOf(count));
    this.#move(updates, 4 * count);
  }

  /** A row of elements with an index each, or along the axis. */
  #elements(): void {
    const { asm } = this.#f;
    const count = entry(this.#shape, -1);
    const last = this.#shape.length - 1;
    const indexStep = 4 * entry(this.#indexSteps, last);
    const sumStep = this.#kernel.attributes.axis === last ? 0 : this.#sums.bytes;
    asm.mov(r13, sums);
    asm.set(rbx, count);
    this.#f.repeat(rbx, () => {
      this.#choose();
      this.#sums.addElement(at(r13, 0, rax), at(updates));
      this.#move(updates, 4);
      this.#move(indices, indexStep);
      this.#move(r13, sumStep);
    });
    this.#move(indices, -count * indexStep);
  }
}
