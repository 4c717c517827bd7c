import { ArgumentError } from "../../errors.js";
import type { ElementwiseLoops, StoringLoop } from "./by-blocks.js";

export const add: ElementwiseLoops = [
  (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = (a[i] as number) + (b[i] as number); },
  (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = (a[i] as number) + (b[i] as number); },
];

export const sub: ElementwiseLoops = [
  (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = (a[i] as number) - (b[i] as number); },
];

export const mul: ElementwiseLoops = [
  (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = (a[i] as number) * (b[i] as number); },
  (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = (a[i] as number) * (b[i] as number); },
];

/** The product of two int32 may be no float64; sums are, and an int32 array takes them modulo 2³². */
export const mulInt32: ElementwiseLoops = [
  (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = Math.imul(a[i] as number, b[i] as number); },
];

export const div: ElementwiseLoops = [
  (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = (a[i] as number) / (b[i] as number); },
];

export const maximum: ElementwiseLoops = [
  (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = Math.max(a[i] as number, b[i] as number); },
];

export const minimum: ElementwiseLoops = [
  (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = Math.min(a[i] as number, b[i] as number); },
];

export const equal: StoringLoop<Uint8Array> = (out, at, count, a, b) => {
  for (let i = 0; i < count; i++) out[at + i] = Number(a[i] === b[i]);
};

export const less: StoringLoop<Uint8Array> = (out, at, count, a, b) => {
  for (let i = 0; i < count; i++) out[at + i] = Number((a[i] as number) < (b[i] as number));
};

export const lessEqual: StoringLoop<Uint8Array> = (out, at, count, a, b) => {
  for (let i = 0; i < count; i++) out[at + i] = Number((a[i] as number) <= (b[i] as number));
};

/** Of bools, and of whole numbers bit by bit. */
export const logicalAnd: ElementwiseLoops = [
  (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = (a[i] as number) & (b[i] as number); },
];

/** Of bools, and of whole numbers bit by bit. */
export const logicalOr: ElementwiseLoops = [
  (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = (a[i] as number) | (b[i] as number); },
];

export const bitwiseXor: ElementwiseLoops = [
  (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = (a[i] as number) ^ (b[i] as number); },
];

export const bitwiseLeftShift: ElementwiseLoops = [
  (count, out, a, b) => {
    for (let i = 0; i < count; i++) {
      const by = (b[i] as number) >>> 0;
      out[i] = by < 32 ? (a[i] as number) << by : 0;
    }
  },
];

export const bitwiseRightShift: ElementwiseLoops = [
  (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = (a[i] as number) >> Math.min((b[i] as number) >>> 0, 31); },
];

/** C's `pow`, which knows more than JavaScript's: 1^y = 1 also for y = NaN, and (−1)^±∞ = 1. Squares are products everywhere. */
export function powerOf(x: number, y: number): number {
  if (y === 2) return x * x;
  if (x === 1 || (x === -1 && Math.abs(y) === Infinity)) return 1;
  return x ** y;
}

export const pow: ElementwiseLoops = [
  (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = powerOf(a[i] as number, b[i] as number); },
];

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

export const powInt32: ElementwiseLoops = [
  (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = powerOfInt32(a[i] as number, b[i] as number); },
];

/** The sign of the divisor, like Python; a zero has the sign of the dividend, like PyTorch. */
export function remainderOf(x: number, y: number): number {
  const rest = x % y;
  return rest !== 0 && rest < 0 !== y < 0 ? rest + y : rest;
}

export const remainder: ElementwiseLoops = [
  (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = remainderOf(a[i] as number, b[i] as number); },
];

export const atan2: ElementwiseLoops = [
  (count, out, a, b) => { for (let i = 0; i < count; i++) out[i] = Math.atan2(a[i] as number, b[i] as number); },
];
