import type { Expr } from "../../assembler/expression.js";
import type { FunctionBuilder } from "../../assembler/function-builder.js";
import type { MemoryAccess } from "../../assembler/immediates.js";
import { f32x4, f64x2, i32, i8x16, v128 } from "../../assembler/operators.js";
import type { Local } from "../../assembler/variables.js";

/** The builder of the function that a product is written into. */
export type Code = FunctionBuilder<"void">;
export type Address = Expr<"i32">;
export type Vector = Expr<"v128">;

/** The numbers in a vector of 16 bytes. */
export interface Element {
  readonly bytes: 4 | 8;
  /** Elements in a vector. */
  readonly lanes: 4 | 2;
  readonly zero: Vector;
  splatLoad(address: Address, access: MemoryAccess): Vector;
  /** A vector of `lanes` elements that are `stride` bytes apart. */
  gather(address: Address, offset: number, stride: number, lanes: number): Vector;
  add(x: Vector, y: Vector): Vector;
  mul(x: Vector, y: Vector): Vector;
  /** `x·y + z`, rounded once or twice. */
  relaxedMadd(x: Vector, y: Vector, z: Vector): Vector;
  /** The sum of the lanes of each of `lanes` vectors, in the order of the vectors. */
  sumEach(b: Code, vectors: readonly Vector[]): Vector;
  /** The first `width` lanes. */
  store(b: Code, address: Address, offset: number, width: number, value: Vector): void;
}

/** A choice of 32-bit lanes: 0 to 3 of the first vector, 4 to 7 of the second. */
export function shuffle(x: Vector, y: Vector, ...lanes: readonly number[]): Vector {
  return i8x16.shuffle(
    x,
    y,
    lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => lane * 4 + byte)),
  );
}

export const float32: Element = {
  bytes: 4,
  lanes: 4,
  zero: /* @__PURE__ */ f32x4.const(0),
  splatLoad: (address, access) => v128.load32_splat(address, access),
  gather(address, offset, stride, lanes) {
    let all = v128.load32_zero(address, { offset });
    for (let lane = 1; lane < lanes; lane++) all = v128.load32_lane(address, all, lane, { offset: offset + lane * stride });
    return all;
  },
  add: (x, y) => f32x4.add(x, y),
  mul: (x, y) => f32x4.mul(x, y),
  relaxedMadd: (x, y, z) => f32x4.relaxed_madd(x, y, z),
  sumEach(b, vectors) {
    const [s0 = float32.zero, s1 = s0, s2 = s0, s3 = s1] = vectors;
    const pairs = (x: Vector, y: Vector): Local<"v128"> =>
      b.let(f32x4.add(shuffle(x, y, 0, 4, 1, 5), shuffle(x, y, 2, 6, 3, 7)));
    const low = pairs(s0, s1);
    if (vectors.length <= 2) return f32x4.add(low, shuffle(low, low, 2, 3, 2, 3));
    const high = pairs(s2, s3);
    return f32x4.add(shuffle(low, high, 0, 1, 4, 5), shuffle(low, high, 2, 3, 6, 7));
  },
  store(b, address, offset, width, value) {
    if (width === 4) b.v128.store(address, value, { offset, align: 4 });
    else if (width === 1) b.v128.store32_lane(address, value, 0, { offset });
    else {
      const [at, whole] = [b.let(address), b.let(value)];
      b.v128.store64_lane(at, whole, 0, { offset, align: 4 });
      if (width === 3) b.v128.store32_lane(at, whole, 2, { offset: offset + 8 });
    }
  },
};

export const float64: Element = {
  bytes: 8,
  lanes: 2,
  zero: /* @__PURE__ */ f64x2.const(0),
  splatLoad: (address, access) => v128.load64_splat(address, access),
  gather(address, offset, stride, lanes) {
    const first = v128.load64_zero(address, { offset });
    return lanes === 1 ? first : v128.load64_lane(address, first, 1, { offset: offset + stride });
  },
  add: (x, y) => f64x2.add(x, y),
  mul: (x, y) => f64x2.mul(x, y),
  relaxedMadd: (x, y, z) => f64x2.relaxed_madd(x, y, z),
  sumEach(_, [s0 = float64.zero, s1 = s0]) {
    return f64x2.add(shuffle(s0, s1, 0, 1, 4, 5), shuffle(s0, s1, 2, 3, 6, 7));
  },
  store(b, address, offset, width, value) {
    if (width === 2) b.v128.store(address, value, { offset, align: 8 });
    else b.v128.store64_lane(address, value, 0, { offset });
  },
};

/** `address + bytes`; no instruction if `bytes` is 0. */
export function plus(address: Address, bytes: Address | number): Address {
  return bytes === 0 ? address : i32.add(address, bytes);
}
