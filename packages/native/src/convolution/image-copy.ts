import { at as entry } from "@nn/compiler/target";
import { sizeOf, stridesOf } from "@nn/tensor/extend";
import { at, type Mem } from "../assembler/memory.js";
import { r10, r11, r8, r9, rax, rbx } from "../assembler/registers.js";
import type { KernelFunction } from "../functions/kernel-function.js";
import { Block } from "../values/block.js";
import { BlockWriter, storeVector } from "../values/block-writer.js";
import { isSupportedStride, loadStrided, strideParts } from "../values/strided.js";
import type { VectorWriter } from "../vectors/vector-writer.js";
import { inLine, lastAxis, type Geometry, type ImageLayout, type SpatialAxis } from "./geometry.js";

/** The elements of an axis that are copied: `count` of them, from `first` on. The others are left out by negative padding. */
interface Range {
  readonly first: number;
  readonly count: number;
}

/** A loop of the copy: the bytes from one iteration to the next. */
interface CopyLoop {
  readonly count: number;
  readonly source: number;
  readonly target: number;
}

function rangeOf({ size, spread, padding: [low, high] }: SpatialAxis): Range {
  const end = (size - 1) * spread + 1 + low + high;
  const first = Math.max(0, Math.ceil(-low / spread));
  return { first, count: Math.max(0, Math.min(size - 1, Math.floor((end - 1 - low) / spread)) - first + 1) };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** The elements of a line that lie in one phase of the copy. */
interface Phase {
  /** The first of them; the others follow at equal distances. */
  readonly first: number;
  readonly count: number;
}

/** The phases of a line. Elements whose phases repeat are copied together. */
function phasesOf(geometry: Geometry, { phases }: ImageLayout): { readonly period: number; readonly each: readonly Phase[] } {
  const axis = lastAxis(geometry);
  const { first, count } = rangeOf(axis);
  const period = phases / greatestCommonDivisor(phases, axis.spread);
  return { period, each: Array.from({ length: Math.min(period, count) }, (_, number) => ({ first: first + number, count: Math.ceil((count - number) / period) })) };
}

/** Whether neighbours in the copy are read from a line as vectors whose elements are put in order. */
function areReadAsVectors({ spread }: SpatialAxis, { phases }: ImageLayout): boolean {
  return spread === 1 && isSupportedStride(phases);
}

/** Copies the channels of a part, with zeros around and between its elements. */
export class ImageCopy {
  readonly #f: KernelFunction;
  readonly #w: VectorWriter;
  readonly #geometry: Geometry;
  readonly #layout: ImageLayout;
  readonly #blocks: BlockWriter;

  constructor(f: KernelFunction, w: VectorWriter, geometry: Geometry, layout: ImageLayout) {
    this.#f = f;
    this.#w = w;
    this.#blocks = new BlockWriter(f, w);
    this.#geometry = geometry;
    this.#layout = layout;
  }

  /** Bytes of a copy, up to a multiple of a vector. A vector that begins at its last element lies in them. */
  static bytes({ channels }: Geometry, { copied, shape }: ImageLayout): number {
    return copied ? Math.ceil((4 * channels * sizeOf(shape)) / 64) * 64 + 64 : 0;
  }

  /** The lengths of the parts of vectors that a line needs. */
  static parts(geometry: Geometry, layout: ImageLayout, lanes: number): readonly number[] {
    const { count } = rangeOf(lastAxis(geometry));
    if (layout.phases === 1) return [count % lanes];
    if (!areReadAsVectors(lastAxis(geometry), layout)) return [];
    const { period, each } = phasesOf(geometry, layout);
    return each.flatMap((phase) => {
      const rest = phase.count % lanes;
      return rest === 0 ? [] : [rest, ...strideParts(period, rest, lanes)];
    });
  }

  /** Sets all of a copy to zero. What is copied later overwrites the same elements each time. */
  clear(target: Mem): void {
    const { asm } = this.#f;
    const zero = this.#w.register(0);
    this.#w.zero(zero);
    asm.mov(r11, target);
    asm.set(rbx, ImageCopy.bytes(this.#geometry, this.#layout) / this.#w.level.bytes);
    this.#f.repeat(rbx, () => {
      this.#w.store(at(r11), zero);
      asm.arithmetic("add", r11, this.#w.level.bytes);
    });
  }

  /** Copies the part that begins at `source`. */
  write(source: Mem, target: Mem): void {
    const { channels, axes } = this.#geometry;
    const { shape } = this.#layout;
    const ranges = axes.map(rangeOf);
    if (ranges.some(({ count }) => count === 0)) return;
    const from = stridesOf([channels, ...axes.map(({ size }) => size)]).map((stride) => 4 * stride);
    const to = stridesOf([channels, ...shape]).map((stride) => 4 * stride);
    const { asm } = this.#f;
    asm.mov(r10, source);
    asm.mov(r11, target);
    const outer = axes.slice(0, -1).map((axis, number) => ({ ...entry(ranges, number), spread: axis.spread, low: axis.padding[0], from: entry(from, number + 1), to: entry(to, number + 1) }));
    const start = outer.reduce((bytes, { first, from: step }) => bytes + first * step, 0);
    const begin = outer.reduce((bytes, { first, spread, low, to: step }) => bytes + (low + first * spread) * step, 0);
    if (start !== 0) asm.arithmetic("add", r10, start);
    if (begin !== 0) asm.arithmetic("add", r11, begin);
    const loops = outer.map(({ count, spread, from: step, to: stride }): CopyLoop => ({ count, source: step, target: spread * stride }));
    this.#nest([{ count: channels, source: entry(from, 0), target: entry(to, 0) }, ...loops], entry(ranges, -1));
  }

  #nest([loop, ...rest]: readonly CopyLoop[], range: Range): void {
    const f = this.#f;
    if (loop === undefined) {
      this.#line(range);
      return;
    }
    if (loop.count === 1) {
      this.#nest(rest, range);
      return;
    }
    const count = f.variable();
    f.assign(count, loop.count);
    f.repeat(count, () => {
      this.#nest(rest, range);
      f.asm.arithmetic("add", r10, loop.source);
      f.asm.arithmetic("add", r11, loop.target);
    });
    f.asm.arithmetic("sub", r10, loop.count * loop.source);
    f.asm.arithmetic("sub", r11, loop.count * loop.target);
  }

  /** One line, from r10 to r11. */
  #line({ first, count }: Range): void {
    const { spread, padding: [low] } = lastAxis(this.#geometry);
    const { phases } = this.#layout;
    if (phases === 1 && spread === 1) {
      this.#pointTo(4 * first, 4 * (low + first));
      this.#vectors(count);
      return;
    }
    const { period, each } = phasesOf(this.#geometry, this.#layout);
    for (const phase of each) {
      const loop = { count: phase.count, source: 4 * period, target: (4 * period * spread) / phases };
      this.#pointTo(4 * phase.first, 4 * inLine(this.#layout, low + phase.first * spread));
      if (areReadAsVectors(lastAxis(this.#geometry), this.#layout)) this.#stridedVectors(period, phase.count);
      else this.#elements(loop);
    }
  }

  /** Sets r8 and r9 to places in a line and in its copy. */
  #pointTo(source: number, target: number): void {
    this.#f.asm.lea(r8, at(r10, source));
    this.#f.asm.lea(r9, at(r11, target));
  }

  /** Copies elements that lie `stride` elements apart, from r8 on, to neighbouring ones, from r9 on. */
  #stridedVectors(stride: number, count: number): void {
    const w = this.#w;
    const { asm } = this.#f;
    const { lanes, bytes } = w.level;
    const vector = (length: number): void => {
      const block = new Block();
      const loaded = loadStrided(block, w, (element) => at(r8, 4 * element), stride, length);
      storeVector(block, w, loaded, () => at(r9), length < lanes ? w.definedPart(length) : undefined);
      this.#blocks.write(block);
    };
    const whole = Math.floor(count / lanes);
    if (whole > 0) {
      asm.set(rbx, whole);
      this.#f.repeat(rbx, () => {
        vector(lanes);
        asm.arithmetic("add", r8, stride * bytes);
        asm.arithmetic("add", r9, bytes);
      });
    }
    if (count % lanes > 0) vector(count % lanes);
  }

  /** Copies neighbouring elements, from r8 to r9. */
  #vectors(count: number): void {
    const w = this.#w;
    const { asm } = this.#f;
    const { lanes, bytes } = w.level;
    const whole = Math.floor(count / lanes);
    const register = w.register(0);
    if (whole > 0) {
      asm.set(rbx, whole);
      this.#f.repeat(rbx, () => {
        w.load(register, at(r8));
        w.store(at(r9), register);
        asm.arithmetic("add", r8, bytes);
        asm.arithmetic("add", r9, bytes);
      });
    }
    if (count % lanes === 0) return;
    const part = w.definedPart(count % lanes);
    w.load(register, at(r8), part);
    const mask = w.register(1);
    if (part.mask === undefined) w.load(mask, w.laneMask(part));
    w.store(at(r9), register, part, mask);
  }

  /** Copies elements one by one, from r8 to r9. */
  #elements(loop: CopyLoop): void {
    const { asm } = this.#f;
    asm.set(rbx, loop.count);
    this.#f.repeat(rbx, () => {
      asm.mov(rax.low, at(r8));
      asm.mov(at(r9), rax.low);
      asm.arithmetic("add", r8, loop.source);
      asm.arithmetic("add", r9, loop.target);
    });
  }
}
