import { at as entry } from "@nn/compiler/target";
import { sizeOf, stridesOf } from "@nn/tensor/extend";
import { at, type Mem } from "../assembler/memory.js";
import { r8, rax, rbx, rdi, rsi } from "../assembler/registers.js";
import type { KernelFunction } from "../functions/kernel-function.js";
import type { VectorWriter } from "../vectors/vector-writer.js";

type Padding = readonly (readonly [low: number, high: number])[];

/** The sizes of a plane with its padding, and with its elements `spread` apart. */
export function paddedSizes(sizes: readonly number[], padding: Padding, spread: readonly number[]): readonly number[] {
  return sizes.map((size, axis) => entry(padding, axis)[0] + (size - 1) * entry(spread, axis) + 1 + entry(padding, axis)[1]);
}

/** The bytes of the same, up to a multiple of a cache line. */
export function paddedBytes(sizes: readonly number[], padding: Padding, spread: readonly number[]): number {
  return Math.ceil((4 * sizeOf(paddedSizes(sizes, padding, spread))) / 64) * 64;
}

/** What is around and between the elements of a plane. */
interface Surroundings {
  readonly sizes: readonly number[];
  readonly padding: Padding;
  /** How far apart neighbours of each axis are. */
  readonly spread: readonly number[];
  /** What all other elements are. */
  readonly fill: number;
}

/** A copy of a plane with its padding in scratch memory. Each thread has one. */
export class PaddedPlane {
  readonly #f: KernelFunction;
  readonly #w: VectorWriter;
  readonly #plane: Surroundings;
  /** The elements of the copy from one position of an axis to the next. */
  readonly #steps: readonly number[];
  /** The address of this thread's copy. */
  readonly #start: Mem;

  constructor(f: KernelFunction, w: VectorWriter, plane: Surroundings) {
    this.#f = f;
    this.#w = w;
    this.#plane = plane;
    this.#steps = stridesOf(paddedSizes(plane.sizes, plane.padding, plane.spread));
    this.#start = f.variable();
  }

  /** Fills the copy of this thread. What is copied later overwrites the same elements each time. */
  fill(scratch: Mem): void {
    const { asm } = this.#f;
    const { sizes, padding, spread, fill } = this.#plane;
    const bytes = paddedBytes(sizes, padding, spread);
    const tail = entry(sizes, -1) % this.#w.level.lanes;
    if (tail > 0 && entry(spread, -1) === 1) this.#w.definePart(tail);
    asm.imul(rax, this.#f.thread, bytes);
    asm.arithmetic("add", rax, scratch);
    asm.mov(this.#start, rax);
    const vector = this.#w.register(0);
    this.#w.load(vector, this.#w.splat(fill));
    asm.set(rbx, bytes / this.#w.level.bytes);
    this.#f.repeat(rbx, () => {
      this.#w.store(at(rax), vector);
      asm.arithmetic("add", rax, this.#w.level.bytes);
    });
  }

  /** Copies the plane at r8, and sets r8 to the copy. */
  copy(): void {
    const { asm } = this.#f;
    const first = this.#steps.reduce((sum, step, axis) => sum + step * entry(this.#plane.padding, axis)[0], 0);
    asm.mov(rsi, r8);
    asm.mov(r8, this.#start);
    asm.lea(rdi, at(r8, 4 * first));
    this.#lines(0);
  }

  #lines(axis: number): void {
    const { sizes, spread } = this.#plane;
    if (axis === sizes.length - 1) {
      if (entry(spread, axis) === 1) this.#line();
      else this.#spreadLine(4 * entry(spread, axis));
      return;
    }
    const counter = this.#f.variable();
    const count = entry(sizes, axis);
    const bytes = 4 * entry(this.#steps, axis) * entry(spread, axis);
    this.#f.assign(counter, count);
    this.#f.repeat(counter, () => {
      this.#lines(axis + 1);
      this.#f.asm.arithmetic("add", rdi, bytes);
    });
    this.#f.asm.arithmetic("sub", rdi, count * bytes);
  }

  /** Copies a line whose elements lie some bytes apart in the copy. Only rsi goes on. */
  #spreadLine(bytes: number): void {
    const { asm } = this.#f;
    const length = entry(this.#plane.sizes, -1);
    asm.set(rbx, length);
    this.#f.repeat(rbx, () => {
      asm.mov(rax.low, at(rsi));
      asm.mov(at(rdi), rax.low);
      asm.arithmetic("add", rsi, 4);
      asm.arithmetic("add", rdi, bytes);
    });
    asm.arithmetic("sub", rdi, length * bytes);
  }

  /** Copies a line. Only rsi goes on. */
  #line(): void {
    const w = this.#w;
    const { asm } = this.#f;
    const { lanes, bytes } = w.level;
    const length = entry(this.#plane.sizes, -1);
    const [vector, mask] = [w.register(0), w.register(1)];
    const [whole, tail] = [Math.floor(length / lanes), length % lanes];
    if (whole > 0) {
      asm.set(rbx, whole);
      this.#f.repeat(rbx, () => {
        w.load(vector, at(rsi));
        w.store(at(rdi), vector);
        asm.arithmetic("add", rsi, bytes);
        asm.arithmetic("add", rdi, bytes);
      });
    }
    if (tail > 0) {
      const part = w.definedPart(tail);
      if (part.mask === undefined) w.load(mask, w.laneMask(part));
      w.load(vector, at(rsi), part);
      w.store(at(rdi), vector, part, mask);
      asm.arithmetic("add", rsi, 4 * tail);
    }
    if (whole > 0) asm.arithmetic("sub", rdi, whole * bytes);
  }
}
