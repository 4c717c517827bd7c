import { at, type Mem } from "../assembler/memory.js";
import { r10, r11, r12, rbx, type Vec } from "../assembler/registers.js";
import type { KernelFunction } from "../functions/kernel-function.js";
import type { VectorWriter } from "../vectors/vector-writer.js";

/** Rows of a matrix that are `stride` bytes apart. */
interface Rows {
  readonly count: number;
  readonly stride: number;
}

/** Copies parts of matrices, so that a product reads them in one sweep. */
export class Packer {
  readonly #f: KernelFunction;
  readonly #w: VectorWriter;

  constructor(f: KernelFunction, w: VectorWriter) {
    this.#f = f;
    this.#w = w;
  }

  /** Copies `columns` columns of `rows`, from r10 on, to r11. Each row is `vectors` vectors long there, filled up with zeros. Overwrites r10, r11. */
  copy({ count, stride }: Rows, columns: number, vectors: number): void {
    const { lanes, bytes } = this.#w.level;
    const asm = this.#f.asm;
    asm.set(rbx, count);
    this.#f.repeat(rbx, () => {
      for (let v = 0; v < vectors; v++) {
        const width = Math.min(lanes, columns - v * lanes);
        const register = this.#w.register(v % 4);
        if (width <= 0) this.#w.zero(register);
        else this.#w.load(register, at(r10, v * bytes), width < lanes ? this.#w.definedPart(width) : undefined);
        this.#w.store(at(r11, v * bytes), register);
      }
      asm.arithmetic("add", r10, stride);
      asm.arithmetic("add", r11, vectors * bytes);
    });
  }

  /**
   * Copies at most as many rows as a vector has lanes, from r10 on, to r12, transposed: `length` rows of one vector, `stride` bytes apart, filled up
   * with zeros. Overwrites r10, r12.
   */
  transpose(rows: Rows, length: number, stride: number): void {
    const { lanes } = this.#w.level;
    const asm = this.#f.asm;
    const whole = Math.floor(length / lanes);
    if (whole > 0) {
      asm.set(rbx, whole);
      this.#f.repeat(rbx, () => {
        this.#square(rows, lanes, stride);
        asm.arithmetic("add", r10, lanes * 4);
        asm.arithmetic("add", r12, lanes * stride);
      });
    }
    if (length % lanes > 0) this.#square(rows, length % lanes, stride);
  }

  /** Transposes the first `length` columns of rows in registers. */
  #square(rows: Rows, length: number, stride: number): void {
    const w = this.#w;
    const { lanes } = w.level;
    const part = length < lanes ? w.definedPart(length) : undefined;
    for (let row = 0; row < lanes; row++) {
      if (row < rows.count) w.load(w.register(row), at(r10, row * rows.stride), part);
      else w.zero(w.register(row));
    }
    const target = (row: number): Mem => at(r12, row * stride);
    const columns = lanes === 16 ? this.#square16() : this.#square8();
    columns.slice(0, length).forEach((register, row) => w.store(target(row), register));
  }

  /** Pairs of elements, then of pairs: each 128 bits of the result holds four rows of a column. The rows are in registers 0 to `lanes` − 1. */
  #quads(): void {
    const { asm, level: { lanes } } = this.#w;
    const row = (number: number): Vec => this.#w.register(number);
    for (let i = 0; i < lanes; i += 2) {
      asm.vector("vunpcklps", row(lanes + i), row(i), row(i + 1));
      asm.vector("vunpckhps", row(lanes + i + 1), row(i), row(i + 1));
    }
    for (let i = 0; i < lanes; i += 4) {
      const [x, y, z, t] = [row(lanes + i), row(lanes + i + 1), row(lanes + i + 2), row(lanes + i + 3)] as const;
      asm.vector("vunpcklpd", row(i), x, z);
      asm.vector("vunpckhpd", row(i + 1), x, z);
      asm.vector("vunpcklpd", row(i + 2), y, t);
      asm.vector("vunpckhpd", row(i + 3), y, t);
    }
  }

  #square8(): Vec[] {
    const { asm } = this.#w;
    this.#quads();
    const row = (number: number): Vec => this.#w.register(number);
    for (let i = 0; i < 4; i++) {
      asm.vector("vperm2f128", row(8 + i), row(i), row(i + 4), 0x20);
      asm.vector("vperm2f128", row(12 + i), row(i), row(i + 4), 0x31);
    }
    return Array.from({ length: 8 }, (_, number) => row(8 + number));
  }

  #square16(): Vec[] {
    const { asm } = this.#w;
    this.#quads();
    const row = (number: number): Vec => this.#w.register(number);
    for (let half = 0; half < 16; half += 8) {
      for (let i = half; i < half + 4; i++) {
        asm.vector("vshuff32x4", row(16 + i), row(i), row(i + 4), 0x88);
        asm.vector("vshuff32x4", row(20 + i), row(i), row(i + 4), 0xdd);
      }
    }
    for (let i = 0; i < 8; i++) {
      asm.vector("vshuff32x4", row(i), row(16 + i), row(24 + i), 0x88);
      asm.vector("vshuff32x4", row(8 + i), row(16 + i), row(24 + i), 0xdd);
    }
    return Array.from({ length: 16 }, (_, number) => row(number));
  }
}
