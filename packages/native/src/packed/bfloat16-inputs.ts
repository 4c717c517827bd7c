import { at, type Mem } from "../assembler/memory.js";
import { r10, r11, rbx, type Vec } from "../assembler/registers.js";
import type { KernelFunction } from "../functions/kernel-function.js";
import type { Part, VectorWriter } from "../vectors/vector-writer.js";
import type { InputPacker } from "./packed-format.js";

/** Packs inputs as pairs of bfloat16, by the conversion of AVX-512 BF16. */
export class Bfloat16Pairs implements InputPacker {
  readonly #f: KernelFunction;
  readonly #w: VectorWriter;

  constructor(f: KernelFunction, w: VectorWriter) {
    this.#f = f;
    this.#w = w;
  }

  row(k: number): void {
    const { asm } = this.#w;
    const piece = (count: number): void => {
      const [low, high] = [this.#w.register(0), this.#w.register(1)];
      this.#load(low, at(r10), Math.min(count, 16));
      this.#load(high, at(r10, 64), count - 16);
      asm.vector("vcvtne2ps2bf16", low, high, low);
      this.#w.store(at(r11), low);
    };
    const whole = Math.floor(k / 32);
    if (whole > 0) {
      asm.set(rbx, whole);
      this.#f.repeat(rbx, () => {
        piece(32);
        asm.arithmetic("add", r10, 128);
        asm.arithmetic("add", r11, 64);
      });
    }
    if (k % 32 > 0) piece(k % 32);
  }

  /** Loads the first lanes, the others are 0. */
  #load(register: Vec, source: Mem, lanes: number): void {
    if (lanes <= 0) this.#w.zero(register);
    else this.#w.load(register, source, lanes < 16 ? this.#w.definedPart(lanes) : undefined);
  }

  panel(k: number, stride: number, packedStride: number, vectors: number, part: Part | undefined): void {
    const { asm } = this.#w;
    const [even, odd, order] = [this.#w.register(0), this.#w.register(1), this.#w.register(2)];
    // Word `i` takes element `i` of the even row and of the odd one, which the conversion puts 16 elements apart.
    this.#w.load(order, this.#w.integers((lane) => lane | ((16 + lane) << 16)));
    const words = (rows: number): void => {
      for (let v = 0; v < vectors; v++) {
        const own = v === vectors - 1 ? part : undefined;
        const offset = v * this.#w.level.bytes;
        this.#w.load(even, at(r10, offset), own);
        if (rows === 2) this.#w.load(odd, at(r10, stride + offset), own);
        else this.#w.zero(odd);
        asm.vector("vcvtne2ps2bf16", even, odd, even);
        asm.vector("vpermw", even, order, even);
        this.#w.store(at(r11, offset), even);
      }
    };
    if (k >= 2) {
      asm.set(rbx, Math.floor(k / 2));
      this.#f.repeat(rbx, () => {
        words(2);
        asm.arithmetic("add", r10, 2 * stride);
        asm.arithmetic("add", r11, packedStride);
      });
    }
    if (k % 2 > 0) words(1);
  }
}

/** Packs inputs as float32 that are rounded to bfloat16: nothing but the upper half of the bits. */
export class RoundedNumbers implements InputPacker {
  readonly #f: KernelFunction;
  readonly #w: VectorWriter;

  constructor(f: KernelFunction, w: VectorWriter) {
    this.#f = f;
    this.#w = w;
  }

  /** Loads a vector and rounds it to the nearest bfloat16, halves to even; below 2⁻¹²⁶ to 0. The bits of NaN are all set, so that the addition does not make it a number. */
  #load(source: Mem, part: Part | undefined): Vec {
    const w = this.#w;
    const { asm } = w;
    const [x, sum, mask] = [w.register(0), w.register(1), w.register(2)];
    w.load(x, source, part);
    asm.vector("vpsrld", sum, x, 16);
    asm.vector("vandps", sum, sum, w.splatBits(1));
    asm.vector("vpaddd", sum, sum, x);
    asm.vector("vpaddd", sum, sum, w.splatBits(0x7fff));
    w.compare("unordered", mask, x, x);
    asm.vector("vorps", sum, sum, mask);
    asm.vector("vandps", x, x, w.splatBits(0x7fff_ffff));
    w.compare("less", mask, x, w.splat(2 ** -126));
    asm.vector("vandnps", sum, mask, sum);
    asm.vector("vandps", sum, sum, w.splatBits(-0x1_0000));
    return sum;
  }

  row(k: number): void {
    const { asm, level: { lanes, bytes } } = this.#w;
    const piece = (part?: Part): void => this.#w.store(at(r11), this.#load(at(r10), part));
    const whole = Math.floor(k / lanes);
    if (whole > 0) {
      asm.set(rbx, whole);
      this.#f.repeat(rbx, () => {
        piece();
        asm.arithmetic("add", r10, bytes);
        asm.arithmetic("add", r11, bytes);
      });
    }
    if (k % lanes > 0) piece(this.#w.definedPart(k % lanes));
  }

  panel(k: number, stride: number, packedStride: number, vectors: number, part: Part | undefined): void {
    const { asm, level: { bytes } } = this.#w;
    asm.set(rbx, k);
    this.#f.repeat(rbx, () => {
      for (let v = 0; v < vectors; v++) this.#w.store(at(r11, v * bytes), this.#load(at(r10, v * bytes), v === vectors - 1 ? part : undefined));
      asm.arithmetic("add", r10, stride);
      asm.arithmetic("add", r11, packedStride / 2);
    });
    if (k % 2 === 0) return;
    this.#w.zero(this.#w.register(0));
    for (let v = 0; v < vectors; v++) this.#w.store(at(r11, v * bytes), this.#w.register(0));
  }
}
