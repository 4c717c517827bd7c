import type { DType, FloatDType } from "../../dtype.js";
import { ArgumentError } from "../../errors.js";
import type { Loops, NumericDType } from "./loops.js";

export const add: Loops<NumericDType> = {
  float32: (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = (a[i] as number) + (b[i] as number); },
  float64: (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = (a[i] as number) + (b[i] as number); },
  int32: (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = (a[i] as number) + (b[i] as number); },
};

export const sub: Loops<NumericDType> = {
  float32: (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = (a[i] as number) - (b[i] as number); },
  float64: (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = (a[i] as number) - (b[i] as number); },
  int32: (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = (a[i] as number) - (b[i] as number); },
};

/** The product of two int32 may be no float64; sums are, and an int32 array takes them modulo 2³². */
export const mul: Loops<NumericDType> = {
  float32: (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = (a[i] as number) * (b[i] as number); },
  float64: (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = (a[i] as number) * (b[i] as number); },
  int32: (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = Math.imul(a[i] as number, b[i] as number); },
};

export const div: Loops<FloatDType> = {
  float32: (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = (a[i] as number) / (b[i] as number); },
  float64: (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = (a[i] as number) / (b[i] as number); },
};

export const maximum: Loops<NumericDType> = {
  float32: (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = Math.max(a[i] as number, b[i] as number); },
  float64: (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = Math.max(a[i] as number, b[i] as number); },
  int32: (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = Math.max(a[i] as number, b[i] as number); },
};

export const minimum: Loops<NumericDType> = {
  float32: (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = Math.min(a[i] as number, b[i] as number); },
  float64: (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = Math.min(a[i] as number, b[i] as number); },
  int32: (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = Math.min(a[i] as number, b[i] as number); },
};

export const equal: Loops<DType> = {
  bool: (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = +((a[i] as number) === (b[i] as number)); },
  int32: (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = +((a[i] as number) === (b[i] as number)); },
  float32: (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = +((a[i] as number) === (b[i] as number)); },
  float64: (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = +((a[i] as number) === (b[i] as number)); },
};

export const less: Loops<DType> = {
  bool: (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = +((a[i] as number) < (b[i] as number)); },
  int32: (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = +((a[i] as number) < (b[i] as number)); },
  float32: (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = +((a[i] as number) < (b[i] as number)); },
  float64: (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = +((a[i] as number) < (b[i] as number)); },
};

export const lessEqual: Loops<DType> = {
  bool: (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = +((a[i] as number) <= (b[i] as number)); },
  int32: (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = +((a[i] as number) <= (b[i] as number)); },
  float32: (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = +((a[i] as number) <= (b[i] as number)); },
  float64: (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = +((a[i] as number) <= (b[i] as number)); },
};

export const logicalAnd: Loops<"bool"> = {
  bool: (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = (a[i] as number) & (b[i] as number); },
};

export const logicalOr: Loops<"bool"> = {
  bool: (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = (a[i] as number) | (b[i] as number); },
};

export const bitwiseAnd: Loops<"int32"> = {
  int32: (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = (a[i] as number) & (b[i] as number); },
};

export const bitwiseOr: Loops<"int32"> = {
  int32: (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = (a[i] as number) | (b[i] as number); },
};

export const bitwiseXor: Loops<"int32"> = {
  int32: (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = (a[i] as number) ^ (b[i] as number); },
};

export const bitwiseLeftShift: Loops<"int32"> = {
  int32: (count, out, a, b) => {
    for (let i = 0; i < count; i++) {
      const by = (b[i] as number) >>> 0;
      out[i] = by < 32 ? (a[i] as number) << by : 0;
    }
  },
};

export const bitwiseRightShift: Loops<"int32"> = {
  int32: (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = (a[i] as number) >> Math.min((b[i] as number) >>> 0, 31); },
};

/** C's `pow`, which has results where JavaScript's is NaN: 1^y = 1 also for y = NaN, and (−1)^±∞ = 1. Squares are products everywhere. */
export function powerOf(x: number, y: number): number {
  if (y === 2) return x * x;
  if (x === 1 || (x === -1 && Math.abs(y) === Infinity)) return 1;
  return x ** y;
}

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

export const pow: Loops<NumericDType> = {
  float32: (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = powerOf(a[i] as number, b[i] as number); },
  float64: (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = powerOf(a[i] as number, b[i] as number); },
  int32: (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = powerOfInt32(a[i] as number, b[i] as number); },
};

/** The sign of the divisor, like Python; a zero has the sign of the dividend, like PyTorch. */
export function remainderOf(x: number, y: number): number {
  const rest = x % y;
  return rest !== 0 && rest < 0 !== y < 0 ? rest + y : rest;
}

export const remainder: Loops<NumericDType> = {
  float32: (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = remainderOf(a[i] as number, b[i] as number); },
  float64: (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = remainderOf(a[i] as number, b[i] as number); },
  int32: (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = remainderOf(a[i] as number, b[i] as number); },
};

export const atan2: Loops<FloatDType> = {
  float32: (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = Math.atan2(a[i] as number, b[i] as number); },
  float64: (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = Math.atan2(a[i] as number, b[i] as number); },
};
