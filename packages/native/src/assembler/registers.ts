import { MachineCodeError } from "./errors.js";

/** A general-purpose register, or its low 32 bits. */
export class Gpr {
  readonly kind = "gpr";
  readonly number: number;
  readonly bits: 32 | 64;

  constructor(number: number, bits: 32 | 64) {
    this.number = number;
    this.bits = bits;
  }

  /** The low 32 bits. An instruction that writes them clears the others. */
  get low(): Gpr {
    return new Gpr(this.number, 32);
  }

  toString(): string {
    const { number, bits } = this;
    const old = ["ax", "cx", "dx", "bx", "sp", "bp", "si", "di"][number];
    if (old !== undefined) return `${bits === 64 ? "r" : "e"}${old}`;
    return `r${number}${bits === 64 ? "" : "d"}`;
  }
}

/** A mask register of AVX-512. */
export class Mask {
  readonly kind = "mask";
  readonly number: number;

  constructor(number: number) {
    this.number = number;
  }

  toString(): string {
    return `k${this.number}`;
  }
}

/** The lanes that an instruction writes. The others keep their value, or become zero. */
export interface Masking {
  readonly mask: Mask;
  readonly zeroing: boolean;
}

/** A vector register of 16, 32 or 64 bytes, optionally with the lanes that are written. */
export class Vec {
  readonly kind = "vec";
  readonly number: number;
  readonly bytes: 16 | 32 | 64;
  readonly masking: Masking | undefined;

  constructor(number: number, bytes: 16 | 32 | 64, masking?: Masking) {
    if (!(number >= 0 && number < 32)) throw new MachineCodeError(`there is no vector register ${number}`);
    this.number = number;
    this.bytes = bytes;
    this.masking = masking;
  }

  /** As a destination: lanes outside the mask keep their value. */
  merge(mask: Mask): Vec {
    return new Vec(this.number, this.bytes, { mask, zeroing: false });
  }

  /** As a destination: lanes outside the mask become zero. */
  zero(mask: Mask): Vec {
    return new Vec(this.number, this.bytes, { mask, zeroing: true });
  }

  /** The same register with another width. */
  as(bytes: 16 | 32 | 64): Vec {
    return new Vec(this.number, bytes);
  }

  toString(): string {
    const { masking, bytes, number } = this;
    const name = `${{ 16: "x", 32: "y", 64: "z" }[bytes]}mm${number}`;
    return masking === undefined ? name : `${name}{${String(masking.mask)}}${masking.zeroing ? "{z}" : ""}`;
  }
}

const gpr = (number: number): Gpr => new Gpr(number, 64);

export const rax = /* @__PURE__ */ gpr(0);
export const rcx = /* @__PURE__ */ gpr(1);
export const rdx = /* @__PURE__ */ gpr(2);
export const rbx = /* @__PURE__ */ gpr(3);
export const rsp = /* @__PURE__ */ gpr(4);
export const rbp = /* @__PURE__ */ gpr(5);
export const rsi = /* @__PURE__ */ gpr(6);
export const rdi = /* @__PURE__ */ gpr(7);
export const r8 = /* @__PURE__ */ gpr(8);
export const r9 = /* @__PURE__ */ gpr(9);
export const r10 = /* @__PURE__ */ gpr(10);
export const r11 = /* @__PURE__ */ gpr(11);
export const r12 = /* @__PURE__ */ gpr(12);
export const r13 = /* @__PURE__ */ gpr(13);
export const r14 = /* @__PURE__ */ gpr(14);
export const r15 = /* @__PURE__ */ gpr(15);

export const xmm = (number: number): Vec => new Vec(number, 16);
export const ymm = (number: number): Vec => new Vec(number, 32);
export const zmm = (number: number): Vec => new Vec(number, 64);
export const k = (number: number): Mask => new Mask(number);
