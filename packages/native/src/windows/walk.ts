import { at as entry, type Buffer } from "@nn/compiler/target";
import { sizeOf, stridesOf } from "@nn/tensor/extend";
import { at, type Mem } from "../assembler/memory.js";
import { r10, r8, r9, rax, rbx } from "../assembler/registers.js";
import type { KernelFunction } from "../functions/kernel-function.js";
import type { Block } from "../values/block.js";
import type { Virtual } from "../values/steps.js";
import { isSupportedStride, loadStrided, strideParts } from "../values/strided.js";
import type { VectorWriter } from "../vectors/vector-writer.js";
import { PaddedPlane, paddedBytes, paddedSizes } from "./padded-plane.js";

/** The elements of a window are written into the code one by one, if there are no more than these. */
const mostTaps = 64;

/** Windows with fewer elements in all take less time than the call of machine code. */
const worthwhileElements = 2048;

/** Vectors of a line are written one after another, if there are no more than these. */
const unroll = 2;

/** Windows of the planes of an input: one entry for each axis of a plane. */
export interface WindowGeometry {
  readonly x: Buffer;
  readonly output: Buffer;
  readonly window: readonly number[];
  readonly strides: readonly number[];
  readonly padding: readonly (readonly [low: number, high: number])[];
  readonly inputDilation: readonly number[];
  readonly windowDilation: readonly number[];
}

/** Whether machine code takes less time than WebAssembly. */
export function areWorthwhileWindows({ output, window }: Pick<WindowGeometry, "output" | "window">): boolean {
  return sizeOf(output.shape) * sizeOf(window) >= worthwhileElements;
}

/** Whether there is code that goes through windows: of float32, few elements each, with elements near one another, and padding that adds. */
export function areSupportedWindows({ x, output, window, strides, padding, inputDilation }: WindowGeometry): boolean {
  const planes = [paddedSizes(x.shape.slice(2), padding, inputDilation), output.shape.slice(2)];
  const isNear = planes.every((sizes) => 4 * sizeOf(sizes) < 2 ** 30);
  return x.dtype === "float32" && isNear && sizeOf(x.shape) > 0 && sizeOf(output.shape) > 0 && sizeOf(window) <= mostTaps && isSupportedStride(entry(strides, -1)) && padding.flat().every((count) => count >= 0);
}

function isCopied({ padding, inputDilation }: WindowGeometry): boolean {
  return padding.flat().some((count) => count !== 0) || inputDilation.some((step) => step !== 1);
}

/** Bytes of scratch memory for a number of threads. */
export function windowScratchBytes(geometry: WindowGeometry, threads: number): number {
  return isCopied(geometry) ? threads * paddedBytes(geometry.x.shape.slice(2), geometry.padding, geometry.inputDilation) : 0;
}

/**
 * Goes through windows, of which neighbours of a line lie in the lanes. The input, or a copy with its padding, is at r8, the output at r9, and r10 counts the
 * elements of the plane before the window.
 */
export class WindowWalk {
  /** The input with its padding, where it has some. */
  readonly padded: PaddedPlane | undefined;
  /** Where the windows begin along each axis, where there is padding. */
  readonly begins: readonly Mem[];
  readonly #f: KernelFunction;
  readonly #w: VectorWriter;
  readonly #geometry: WindowGeometry;
  readonly #startLine: () => void;

  /** `fill`: what padding is. `startLine` writes what comes before each line. */
  constructor(f: KernelFunction, w: VectorWriter, geometry: WindowGeometry, fill: number, startLine: () => void) {
    this.#f = f;
    this.#w = w;
    this.#geometry = geometry;
    this.#startLine = startLine;
    const { x, padding, inputDilation } = geometry;
    this.begins = padding.map(() => f.variable());
    this.padded = isCopied(geometry) ? new PaddedPlane(f, w, { sizes: x.shape.slice(2), padding, spread: inputDilation, fill }) : undefined;
  }

  /** The elements of the input from one position of an axis to the next. */
  get steps(): readonly number[] {
    return stridesOf(this.#geometry.x.shape.slice(2));
  }

  /** The same where the windows read. */
  get readSteps(): readonly number[] {
    const { x, padding, inputDilation } = this.#geometry;
    return stridesOf(paddedSizes(x.shape.slice(2), padding, inputDilation));
  }

  get stride(): number {
    return entry(this.#geometry.strides, -1);
  }

  /** Runs `vector` for each vector of windows, of which the first `count` lanes hold some. `buffers`: those of the kernel, whose addresses its table holds before that of scratch memory. */
  write(buffers: readonly Buffer[], threads: number, vector: (count: number) => void): void {
    const f = this.#f;
    const { lanes } = this.#w.level;
    const { x, output, padding } = this.#geometry;
    const [shape, windows] = [x.shape, output.shape];
    const [plane, end] = [f.variable(), f.variable()];
    const planes = sizeOf(shape.slice(0, 2));
    if (threads > 1) f.partition(planes, plane, end);
    else {
      f.assign(plane, 0);
      f.assign(end, planes);
    }
    const tail = entry(windows, -1) % lanes;
    for (const length of [...strideParts(this.stride, lanes, lanes), ...(tail > 0 ? [tail, ...strideParts(this.stride, tail, lanes)] : [])]) this.#w.definePart(length);
    this.padded?.fill(f.addressOf(buffers.length));
    const corner = this.steps.reduce((sum, step, axis) => sum - step * entry(padding, axis)[0], 0);
    f.whileLess(plane, end, () => {
      for (const [register, buffer, sizes] of [[r8, x, shape], [r9, output, windows]] as const) {
        f.asm.imul(register, plane, 4 * sizeOf(sizes.slice(2)));
        f.asm.arithmetic("add", register, f.addressOf(buffers.indexOf(buffer)));
      }
      this.padded?.copy();
      f.asm.set(r10, corner);
      this.begins.forEach((begin, axis) => f.assign(begin, -entry(padding, axis)[0]));
      this.#lines(0, vector);
      f.increase(plane, 1);
    });
  }

  #lines(axis: number, vector: (count: number) => void): void {
    const count = entry(this.#geometry.output.shape, axis + 2);
    if (axis === this.begins.length - 1) {
      this.#startLine();
      this.#line(axis, count, vector);
      return;
    }
    const f = this.#f;
    const counter = f.variable();
    f.assign(counter, count);
    f.repeat(counter, () => {
      this.#lines(axis + 1, vector);
      this.#move(axis, 1);
    });
    this.#move(axis, -count);
  }

  #line(axis: number, windows: number, vector: (count: number) => void): void {
    const f = this.#f;
    const { lanes } = this.#w.level;
    const whole = Math.floor(windows / lanes);
    const tail = windows % lanes;
    const write = (count: number): void => {
      vector(count);
      this.#move(axis, count);
      f.asm.arithmetic("add", r9, 4 * count);
    };
    if (whole <= unroll) for (let each = 0; each < whole; each++) write(lanes);
    else {
      f.asm.set(rbx, whole);
      f.repeat(rbx, () => write(lanes));
    }
    if (tail > 0) write(tail);
    this.#move(axis, -windows);
  }

  /** Goes on by some windows of an axis. */
  #move(axis: number, windows: number): void {
    const { asm } = this.#f;
    const elements = windows * entry(this.#geometry.strides, axis);
    asm.arithmetic("add", r8, 4 * elements * entry(this.readSteps, axis));
    asm.arithmetic("add", r10, elements * entry(this.steps, axis));
    if (this.padded !== undefined) asm.arithmetic("add", entry(this.begins, axis), elements);
  }

  /** Sets a variable to the elements of the plane before the first line of these windows that is no padding. */
  findFirstLine(variable: Mem): void {
    const f = this.#f;
    f.assign(variable, 0);
    this.begins.slice(0, -1).forEach((begin, axis) => {
      f.asm.mov(rax, begin);
      f.atLeast(rax, 0);
      f.asm.imul(rax, rax, entry(this.steps, axis));
      f.asm.arithmetic("add", variable, rax);
    });
  }

  /** The elements of the windows that lie `distance` elements from their first. */
  elements(block: Block, distance: number, count: number): Virtual {
    return loadStrided(block, this.#w, (element) => at(r8, 4 * (distance + element)), this.stride, count);
  }

  /** How far each element of a window lies from its first, in a plane with these steps. */
  distances(steps: readonly number[]): readonly number[] {
    const { window, windowDilation } = this.#geometry;
    const taps = stridesOf(window);
    return Array.from({ length: sizeOf(window) }, (_, tap) => taps.reduce((sum, step, axis) => sum + (Math.floor(tap / step) % entry(window, axis)) * entry(windowDilation, axis) * entry(steps, axis), 0));
  }
}
