import { at as entry, kernelKey, type KernelOptions, type LibraryKernel } from "@nn/compiler/target";
import { sizeOf, stridesOf } from "@nn/tensor/extend";
import { at, type Mem } from "../assembler/memory.js";
import { r10, r8, r9, rbx } from "../assembler/registers.js";
import { KernelFunction } from "../functions/kernel-function.js";
import type { MachineKernel } from "../machine-kernel.js";
import { Block, type Virtual } from "../values/block.js";
import { BlockWriter, storeVector } from "../values/block-writer.js";
import { OperationWriter, type Operand } from "../values/operation-writer.js";
import { isSupportedStride, loadStrided, strideParts } from "../values/strided.js";
import type { Level } from "../vectors/level.js";
import { VectorWriter } from "../vectors/vector-writer.js";

export type WindowArgMaxKernel = LibraryKernel<"windowArgMax">;

/** The elements of a window are written into the code one by one, if there are no more than these. */
const mostTaps = 16;

/** Windows with fewer elements in all take less time than the call of machine code. */
const worthwhileElements = 2048;

/** Vectors of a line are written one after another, if there are no more than these. */
const unroll = 2;

/** Whether machine code takes less time than WebAssembly. */
export function isWorthwhileArgMax({ output, attributes: { window } }: WindowArgMaxKernel): boolean {
  return sizeOf(output.shape) * sizeOf(window) >= worthwhileElements;
}

/** Machine code for the indices of the largest elements of windows, or `undefined` if there is none for their dtype, sizes or padding. */
export function windowArgMaxCode(kernel: WindowArgMaxKernel, level: Level, options: KernelOptions): MachineKernel | undefined {
  const { inputs: [x], output, attributes: { padding, window, strides } } = kernel;
  const isNear = [x, output].every(({ shape }) => 4 * sizeOf(shape.slice(2)) < 2 ** 30) && sizeOf(output.shape) > 0;
  const isWhole = padding.flat().every((count) => count === 0);
  if (x.dtype !== "float32" || !isWhole || !isNear || sizeOf(window) > mostTaps || !isSupportedStride(entry(strides, -1))) return undefined;
  return { code: new ArgMaxEmitter(kernel, level, options).emit(), scratchBytes: 0 };
}

/** Neighbouring windows of a line lie in the lanes. The input is at r8, the output at r9, and r10 counts the elements of the plane before the window. */
class ArgMaxEmitter {
  readonly #f = new KernelFunction();
  readonly #w: VectorWriter;
  readonly #kernel: WindowArgMaxKernel;
  readonly #options: KernelOptions;
  readonly #corner: Mem;
  readonly #blocks: BlockWriter;

  constructor(kernel: WindowArgMaxKernel, level: Level, options: KernelOptions) {
    this.#w = new VectorWriter(this.#f.asm, level);
    this.#blocks = new BlockWriter(this.#f, this.#w);
    this.#kernel = kernel;
    this.#options = options;
    this.#corner = this.#f.variable();
  }

  emit(): Uint8Array<ArrayBuffer> {
    const f = this.#f;
    const { inputs: [x], output } = this.#kernel;
    const { buffers } = kernelKey(this.#kernel);
    const { lanes } = this.#w.level;
    const [plane, end] = [f.variable(), f.variable()];
    if (this.#options.threads > 1) f.partition(sizeOf(x.shape.slice(0, 2)), plane, end);
    else {
      f.assign(plane, 0);
      f.assign(end, sizeOf(x.shape.slice(0, 2)));
    }
    const tail = this.#windows % lanes;
    for (const length of [...strideParts(this.#stride, lanes, lanes), ...(tail > 0 ? [tail, ...strideParts(this.#stride, tail, lanes)] : [])]) this.#w.definePart(length);
    f.whileLess(plane, end, () => {
      for (const [register, buffer] of [[r8, x], [r9, output]] as const) {
        f.asm.imul(register, plane, 4 * sizeOf(buffer.shape.slice(2)));
        f.asm.arithmetic("add", register, f.addressOf(buffers.indexOf(buffer)));
      }
      f.asm.set(r10, 0);
      this.#lines(0);
      f.increase(plane, 1);
    });
    return f.finish();
  }

  get #stride(): number {
    return entry(this.#kernel.attributes.strides, -1);
  }

  /** The windows of a line. */
  get #windows(): number {
    return entry(this.#kernel.output.shape, -1);
  }

  /** The elements from one position of an axis to the next. */
  get #steps(): readonly number[] {
    return stridesOf(this.#kernel.inputs[0].shape.slice(2));
  }

  #lines(axis: number): void {
    const { strides } = this.#kernel.attributes;
    const count = entry(this.#kernel.output.shape, axis + 2);
    if (axis === strides.length - 1) {
      this.#line();
      return;
    }
    const f = this.#f;
    const counter = f.variable();
    const step = entry(strides, axis) * entry(this.#steps, axis);
    f.assign(counter, count);
    f.repeat(counter, () => {
      this.#lines(axis + 1);
      this.#move(step);
    });
    this.#move(-count * step);
  }

  /** Goes on in the input. */
  #move(elements: number): void {
    this.#f.asm.arithmetic("add", r8, 4 * elements);
    this.#f.asm.arithmetic("add", r10, elements);
  }

  #line(): void {
    const f = this.#f;
    const { lanes } = this.#w.level;
    const whole = Math.floor(this.#windows / lanes);
    const tail = this.#windows % lanes;
    const vector = (count: number): void => {
      this.#vector(count);
      this.#move(count * this.#stride);
      f.asm.arithmetic("add", r9, 4 * count);
    };
    if (whole <= unroll) for (let each = 0; each < whole; each++) vector(lanes);
    else {
      f.asm.set(rbx, whole);
      f.repeat(rbx, () => vector(lanes));
    }
    if (tail > 0) vector(tail);
    this.#move(-this.#windows * this.#stride);
  }

  /** The first `count` lanes. The first of equal elements is the largest; the first NaN is larger than all numbers. */
  #vector(count: number): void {
    const w = this.#w;
    const block = new Block();
    const o = new OperationWriter(block, w);
    const [first = 0, ...others] = this.#distances;
    let best = this.#elements(block, first, count);
    let where: Operand = o.bits(0);
    for (const distance of others) {
      const value = this.#elements(block, distance, count);
      const wins = o.binary("vandnps", o.compare("lessEqual", value, best), o.compare("equal", best, best));
      best = o.select(wins, value, best);
      where = o.select(wins, o.bits(distance), where);
    }
    const lane = w.integers((number) => number * this.#stride);
    const corner = block.compute([], (destination) => {
      w.asm.mov(this.#corner, r10);
      w.asm.vector("vbroadcastss", destination, this.#corner);
      w.asm.vector("vpaddd", destination, destination, lane);
    });
    storeVector(block, w, o.commutative("vpaddd", corner, where), () => at(r9), count < w.level.lanes ? w.definedPart(count) : undefined);
    this.#blocks.write(block);
  }

  #elements(block: Block, distance: number, count: number): Virtual {
    return loadStrided(block, this.#w, (element) => at(r8, 4 * (distance + element)), this.#stride, count);
  }

  /** How far each element of a window lies from its first. */
  get #distances(): readonly number[] {
    const { window, windowDilation } = this.#kernel.attributes;
    const steps = stridesOf(window);
    return Array.from({ length: sizeOf(window) }, (_, tap) => steps.reduce((sum, step, axis) => sum + (Math.floor(tap / step) % entry(window, axis)) * entry(windowDilation, axis) * entry(this.#steps, axis), 0));
  }
}
