import { allocate, type TypedArray } from "../../dtype.js";
import { ArgumentError } from "../../errors.js";
import { broadcastStrides, sizeOf } from "../../shape.js";
import { forEachRun } from "../loops.js";
import type { NdArray, TensorType } from "../../primitives/definition.js";

/**
 * `count` neighbouring output elements from `at` on. An input starts at its own place and steps by 1, or by 0 where it is
 * broadcast. The common operations have a loop of their own, which the engine compiles for that one operation.
 */
export type BinaryLoop = (
  out: TypedArray, at: number, a: TypedArray, aAt: number, aStep: number, b: TypedArray, bAt: number, bStep: number, count: number,
) => void;

/** A kernel from the loop over one run; all broadcasting is here. */
export function binaryKernel(float: BinaryLoop, int32: BinaryLoop = float) {
  return ([a, b]: readonly [NdArray, NdArray], _: unknown, { shape, dtype }: TensorType): TypedArray => {
    const out = allocate(dtype, sizeOf(shape));
    const loop = a.dtype === "int32" ? int32 : float;
    const strides = [broadcastStrides(a.shape, shape), broadcastStrides(b.shape, shape)];
    forEachRun(shape, strides, (at, starts, steps, count) => {
      loop(out, at, a.data, starts[0] as number, steps[0] as number, b.data, starts[1] as number, steps[1] as number, count);
    });
    return out;
  };
}

export const add: BinaryLoop = (out, at, a, aAt, aStep, b, bAt, bStep, count) => {
  for (let i = 0; i < count; i++) out[at + i] = (a[aAt + i * aStep] as number) + (b[bAt + i * bStep] as number);
};

export const sub: BinaryLoop = (out, at, a, aAt, aStep, b, bAt, bStep, count) => {
  for (let i = 0; i < count; i++) out[at + i] = (a[aAt + i * aStep] as number) - (b[bAt + i * bStep] as number);
};

export const mul: BinaryLoop = (out, at, a, aAt, aStep, b, bAt, bStep, count) => {
  for (let i = 0; i < count; i++) out[at + i] = (a[aAt + i * aStep] as number) * (b[bAt + i * bStep] as number);
};

/** The product of two int32 may be no float64; sums are, and an int32 array takes them modulo 2³². */
export const mulInt32: BinaryLoop = (out, at, a, aAt, aStep, b, bAt, bStep, count) => {
  for (let i = 0; i < count; i++) out[at + i] = Math.imul(a[aAt + i * aStep] as number, b[bAt + i * bStep] as number);
};

export const div: BinaryLoop = (out, at, a, aAt, aStep, b, bAt, bStep, count) => {
  for (let i = 0; i < count; i++) out[at + i] = (a[aAt + i * aStep] as number) / (b[bAt + i * bStep] as number);
};

export const maximum: BinaryLoop = (out, at, a, aAt, aStep, b, bAt, bStep, count) => {
  for (let i = 0; i < count; i++) out[at + i] = Math.max(a[aAt + i * aStep] as number, b[bAt + i * bStep] as number);
};

export const minimum: BinaryLoop = (out, at, a, aAt, aStep, b, bAt, bStep, count) => {
  for (let i = 0; i < count; i++) out[at + i] = Math.min(a[aAt + i * aStep] as number, b[bAt + i * bStep] as number);
};

export const equal: BinaryLoop = (out, at, a, aAt, aStep, b, bAt, bStep, count) => {
  for (let i = 0; i < count; i++) out[at + i] = Number(a[aAt + i * aStep] === b[bAt + i * bStep]);
};

export const less: BinaryLoop = (out, at, a, aAt, aStep, b, bAt, bStep, count) => {
  for (let i = 0; i < count; i++) out[at + i] = Number((a[aAt + i * aStep] as number) < (b[bAt + i * bStep] as number));
};

export const lessEqual: BinaryLoop = (out, at, a, aAt, aStep, b, bAt, bStep, count) => {
  for (let i = 0; i < count; i++) out[at + i] = Number((a[aAt + i * aStep] as number) <= (b[bAt + i * bStep] as number));
};

/** Of bools, and of whole numbers bit by bit. */
export const logicalAnd: BinaryLoop = (out, at, a, aAt, aStep, b, bAt, bStep, count) => {
  for (let i = 0; i < count; i++) out[at + i] = (a[aAt + i * aStep] as number) & (b[bAt + i * bStep] as number);
};

/** Of bools, and of whole numbers bit by bit. */
export const logicalOr: BinaryLoop = (out, at, a, aAt, aStep, b, bAt, bStep, count) => {
  for (let i = 0; i < count; i++) out[at + i] = (a[aAt + i * aStep] as number) | (b[bAt + i * bStep] as number);
};

export const bitwiseXor: BinaryLoop = (out, at, a, aAt, aStep, b, bAt, bStep, count) => {
  for (let i = 0; i < count; i++) out[at + i] = (a[aAt + i * aStep] as number) ^ (b[bAt + i * bStep] as number);
};

export const bitwiseLeftShift: BinaryLoop = (out, at, a, aAt, aStep, b, bAt, bStep, count) => {
  for (let i = 0; i < count; i++) {
    const by = (b[bAt + i * bStep] as number) >>> 0;
    out[at + i] = by < 32 ? (a[aAt + i * aStep] as number) << by : 0;
  }
};

export const bitwiseRightShift: BinaryLoop = (out, at, a, aAt, aStep, b, bAt, bStep, count) => {
  for (let i = 0; i < count; i++) out[at + i] = (a[aAt + i * aStep] as number) >> Math.min((b[bAt + i * bStep] as number) >>> 0, 31);
};

/** C's `pow`, which knows more than JavaScript's: 1^y = 1 also for y = NaN, and (−1)^±∞ = 1. Squares are products everywhere. */
export function powerOf(x: number, y: number): number {
  if (y === 2) return x * x;
  if (x === 1 || (x === -1 && Math.abs(y) === Infinity)) return 1;
  return x ** y;
}

export const pow: BinaryLoop = (out, at, a, aAt, aStep, b, bAt, bStep, count) => {
  for (let i = 0; i < count; i++) out[at + i] = powerOf(a[aAt + i * aStep] as number, b[bAt + i * bStep] as number);
};

/** By repeated squaring, modulo 2³² like every int32 product. */
function powerOfInt32(base: number, exponent: number): number {
  if (exponent < 0) {
    throw new ArgumentError(`pow: ${base} to the negative power ${exponent} is not defined for int32; convert to a float with .cast("float32")`);
  }
  let result = 1;
  let square = base;
  for (let rest = exponent; rest > 0; rest >>= 1) {
    if ((rest & 1) === 1) result = Math.imul(result, square);
    square = Math.imul(square, square);
  }
  return result;
}

export const powInt32: BinaryLoop = (out, at, a, aAt, aStep, b, bAt, bStep, count) => {
  for (let i = 0; i < count; i++) out[at + i] = powerOfInt32(a[aAt + i * aStep] as number, b[bAt + i * bStep] as number);
};

/** The sign of the divisor, like Python; a zero has the sign of the dividend, like PyTorch. */
export function remainderOf(x: number, y: number): number {
  const rest = x % y;
  return rest !== 0 && rest < 0 !== y < 0 ? rest + y : rest;
}

export const remainder: BinaryLoop = (out, at, a, aAt, aStep, b, bAt, bStep, count) => {
  for (let i = 0; i < count; i++) out[at + i] = remainderOf(a[aAt + i * aStep] as number, b[bAt + i * bStep] as number);
};

function remainderOfInt32(x: number, y: number): number {
  if (y === 0) throw new ArgumentError(`remainder: ${x} modulo 0 is not defined for int32; convert to a float with .cast("float32") for NaN`);
  return remainderOf(x, y);
}

export const remainderInt32: BinaryLoop = (out, at, a, aAt, aStep, b, bAt, bStep, count) => {
  for (let i = 0; i < count; i++) out[at + i] = remainderOfInt32(a[aAt + i * aStep] as number, b[bAt + i * bStep] as number);
};

export const atan2: BinaryLoop = (out, at, a, aAt, aStep, b, bAt, bStep, count) => {
  for (let i = 0; i < count; i++) out[at + i] = Math.atan2(a[aAt + i * aStep] as number, b[bAt + i * bStep] as number);
};
