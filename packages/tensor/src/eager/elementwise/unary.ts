import { erf as erfOf, erfc as erfcOf } from "../../special/error-function.js";
import { erfInv as erfInvOf } from "../../special/inverse-error-function.js";
import { sigmoid as sigmoidOf } from "../../special/sigmoid.js";
import type { FloatDType } from "../../dtype.js";
import type { Loops, NumericDType } from "./loops.js";

/** The whole numbers of float64 begin at 2⁵²: adding it leaves no room for a fraction, and rounds halves to even. */
const wholeFrom = 2 ** 52;

/** The nearest whole number, halves to even. */
export function roundHalfToEven(x: number): number {
  const magnitude = Math.abs(x);
  if (!(magnitude < wholeFrom) || x === 0) return x;
  const rounded = magnitude + wholeFrom - wholeFrom;
  return x < 0 ? -rounded : rounded;
}

export const neg: Loops<NumericDType> = {
  float32: (count, out, x) => { for (let i = 0; i < count; i++) out[i] = -(x[i] as number); },
  float64: (count, out, x) => { for (let i = 0; i < count; i++) out[i] = -(x[i] as number); },
  int32: (count, out, x) => { for (let i = 0; i < count; i++) out[i] = -(x[i] as number); },
};

export const abs: Loops<NumericDType> = {
  float32: (count, out, x) => { for (let i = 0; i < count; i++) out[i] = Math.abs(x[i] as number); },
  float64: (count, out, x) => { for (let i = 0; i < count; i++) out[i] = Math.abs(x[i] as number); },
  int32: (count, out, x) => { for (let i = 0; i < count; i++) out[i] = Math.abs(x[i] as number); },
};

export const sign: Loops<NumericDType> = {
  float32: (count, out, x) => { for (let i = 0; i < count; i++) out[i] = Math.sign(x[i] as number); },
  float64: (count, out, x) => { for (let i = 0; i < count; i++) out[i] = Math.sign(x[i] as number); },
  int32: (count, out, x) => { for (let i = 0; i < count; i++) out[i] = Math.sign(x[i] as number); },
};

export const floor: Loops<FloatDType> = {
  float32: (count, out, x) => { for (let i = 0; i < count; i++) out[i] = Math.floor(x[i] as number); },
  float64: (count, out, x) => { for (let i = 0; i < count; i++) out[i] = Math.floor(x[i] as number); },
};

export const ceil: Loops<FloatDType> = {
  float32: (count, out, x) => { for (let i = 0; i < count; i++) out[i] = Math.ceil(x[i] as number); },
  float64: (count, out, x) => { for (let i = 0; i < count; i++) out[i] = Math.ceil(x[i] as number); },
};

export const round: Loops<FloatDType> = {
  float32: (count, out, x) => { for (let i = 0; i < count; i++) out[i] = roundHalfToEven(x[i] as number); },
  float64: (count, out, x) => { for (let i = 0; i < count; i++) out[i] = roundHalfToEven(x[i] as number); },
};

export const trunc: Loops<FloatDType> = {
  float32: (count, out, x) => { for (let i = 0; i < count; i++) out[i] = Math.trunc(x[i] as number); },
  float64: (count, out, x) => { for (let i = 0; i < count; i++) out[i] = Math.trunc(x[i] as number); },
};

export const sqrt: Loops<FloatDType> = {
  float32: (count, out, x) => { for (let i = 0; i < count; i++) out[i] = Math.sqrt(x[i] as number); },
  float64: (count, out, x) => { for (let i = 0; i < count; i++) out[i] = Math.sqrt(x[i] as number); },
};

export const exp: Loops<FloatDType> = {
  float32: (count, out, x) => { for (let i = 0; i < count; i++) out[i] = Math.exp(x[i] as number); },
  float64: (count, out, x) => { for (let i = 0; i < count; i++) out[i] = Math.exp(x[i] as number); },
};

export const expm1: Loops<FloatDType> = {
  float32: (count, out, x) => { for (let i = 0; i < count; i++) out[i] = Math.expm1(x[i] as number); },
  float64: (count, out, x) => { for (let i = 0; i < count; i++) out[i] = Math.expm1(x[i] as number); },
};

export const log: Loops<FloatDType> = {
  float32: (count, out, x) => { for (let i = 0; i < count; i++) out[i] = Math.log(x[i] as number); },
  float64: (count, out, x) => { for (let i = 0; i < count; i++) out[i] = Math.log(x[i] as number); },
};

export const log1p: Loops<FloatDType> = {
  float32: (count, out, x) => { for (let i = 0; i < count; i++) out[i] = Math.log1p(x[i] as number); },
  float64: (count, out, x) => { for (let i = 0; i < count; i++) out[i] = Math.log1p(x[i] as number); },
};

export const sin: Loops<FloatDType> = {
  float32: (count, out, x) => { for (let i = 0; i < count; i++) out[i] = Math.sin(x[i] as number); },
  float64: (count, out, x) => { for (let i = 0; i < count; i++) out[i] = Math.sin(x[i] as number); },
};

export const cos: Loops<FloatDType> = {
  float32: (count, out, x) => { for (let i = 0; i < count; i++) out[i] = Math.cos(x[i] as number); },
  float64: (count, out, x) => { for (let i = 0; i < count; i++) out[i] = Math.cos(x[i] as number); },
};

export const tanh: Loops<FloatDType> = {
  float32: (count, out, x) => { for (let i = 0; i < count; i++) out[i] = Math.tanh(x[i] as number); },
  float64: (count, out, x) => { for (let i = 0; i < count; i++) out[i] = Math.tanh(x[i] as number); },
};

export const sigmoid: Loops<FloatDType> = {
  float32: (count, out, x) => { for (let i = 0; i < count; i++) out[i] = sigmoidOf(x[i] as number); },
  float64: (count, out, x) => { for (let i = 0; i < count; i++) out[i] = sigmoidOf(x[i] as number); },
};

export const erf: Loops<FloatDType> = {
  float32: (count, out, x) => { for (let i = 0; i < count; i++) out[i] = erfOf(x[i] as number); },
  float64: (count, out, x) => { for (let i = 0; i < count; i++) out[i] = erfOf(x[i] as number); },
};

export const erfc: Loops<FloatDType> = {
  float32: (count, out, x) => { for (let i = 0; i < count; i++) out[i] = erfcOf(x[i] as number); },
  float64: (count, out, x) => { for (let i = 0; i < count; i++) out[i] = erfcOf(x[i] as number); },
};

export const erfInv: Loops<FloatDType> = {
  float32: (count, out, x) => { for (let i = 0; i < count; i++) out[i] = erfInvOf(x[i] as number); },
  float64: (count, out, x) => { for (let i = 0; i < count; i++) out[i] = erfInvOf(x[i] as number); },
};

export const logicalNot: Loops<"bool"> = {
  bool: (count, out, x) => { for (let i = 0; i < count; i++) out[i] = 1 - (x[i] as number); },
};
