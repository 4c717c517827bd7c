import { at, type Mem } from "../assembler/memory.js";
import { r10, r11, rbx } from "../assembler/registers.js";
import type { KernelFunction } from "../functions/kernel-function.js";
import type { InputPacker } from "./packed-format.js";
import type { Part, VectorWriter } from "../vectors/vector-writer.js";

/** Packs inputs as whole numbers from 0 to 127, four in a word. */
export class WholeNumbers implements InputPacker {
  readonly #f: KernelFunction;
  readonly #w: VectorWriter;

  constructor(f: KernelFunction, w: VectorWriter) {
    this.#f = f;
    this.#w = w;
  }

  /** Loads numbers and rounds them, halves to even. NaN becomes 0, as do lanes beyond the part. */
  #load(register: number, source: Mem, part: Part | undefined): void {
    const w = this.#w;
    const x = w.register(register);
    const zero = w.register(7);
    w.load(x, source, part);
    w.zero(zero);
    // Of two numbers that have no order, the result is the second.
    w.asm.vector("vmaxps", x, x, zero);
    w.asm.vector("vminps", x, x, w.splat(127));
    w.asm.vector("vcvtps2dq", x, x);
  }

  /** Writes `k` numbers from r10 on to r11 as bytes, the last vector filled up with zeros. Overwrites r10, r11, rbx. */
  row(k: number): void {
    const { asm, level: { lanes, bytes } } = this.#w;
    const piece = (part?: Part): void => {
      this.#load(0, at(r10), part);
      this.#storeBytes(at(r11), 0);
    };
    const whole = Math.floor(k / lanes);
    if (whole > 0) {
      asm.set(rbx, whole);
      this.#f.repeat(rbx, () => {
        piece();
        asm.arithmetic("add", r10, bytes);
        asm.arithmetic("add", r11, lanes);
      });
    }
    if (k % lanes > 0) piece(this.#w.definedPart(k % lanes));
  }

  /** Stores the lowest byte of each lane. */
  #storeBytes(target: Mem, register: number): void {
    const w = this.#w;
    const x = w.register(register);
    if (w.level.name === "AVX-512") {
      w.asm.vector("vpmovdb_store", target, x);
      return;
    }
    // Both halves of the vector are packed apart: their four bytes come together.
    w.asm.vector("vpackssdw", x, x, x);
    w.asm.vector("vpacksswb", x, x, x);
    const order = w.register(6);
    w.load(order, w.integers((lane) => (lane === 1 ? 4 : 0)));
    w.asm.vector("vpermps", x, order, x);
    w.asm.vector("vmovsd_store", target, x.as(16));
  }

  /** Writes the columns of a panel, from r10 on, to r11: words of four neighbouring rows, which are `stride` bytes apart; rows of words are `packedStride` bytes apart. Overwrites r10, r11, rbx. */
  panel(k: number, stride: number, packedStride: number, vectors: number, part: Part | undefined): void {
    const { asm } = this.#w;
    const words = (rows: number): void => {
      for (let v = 0; v < vectors; v++) this.#words(rows, stride, v, v === vectors - 1 ? part : undefined);
    };
    if (k >= 4) {
      asm.set(rbx, Math.floor(k / 4));
      this.#f.repeat(rbx, () => {
        words(4);
        asm.arithmetic("add", r10, 4 * stride);
        asm.arithmetic("add", r11, packedStride);
      });
    }
    if (k % 4 > 0) words(k % 4);
  }

  #words(rows: number, stride: number, v: number, part: Part | undefined): void {
    const { asm, level: { bytes } } = this.#w;
    const sum = this.#w.register(0);
    for (let row = 0; row < rows; row++) {
      const x = this.#w.register(row);
      this.#load(row, at(r10, row * stride + v * bytes), part);
      if (row === 0) continue;
      asm.vector("vpslld", x, x, 8 * row);
      asm.vector("vorps", sum, sum, x);
    }
    this.#w.store(at(r11, v * bytes), sum);
  }
}
