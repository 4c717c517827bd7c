import { allocate, type TypedArray } from "../../dtype.js";
import { erf as erfOf, erfc as erfcOf } from "../../special/error-function.js";
import { erfInv as erfInvOf } from "../../special/inverse-error-function.js";
import { sigmoid as sigmoidOf } from "../../special/sigmoid.js";
import type { NdArray, TensorType } from "../../primitives/definition.js";

/** All elements of an operation of one input. Each has a loop of its own, which the engine compiles for that one operation. */
export type UnaryLoop = (out: TypedArray, x: TypedArray) => void;

/** A kernel from the loop over all elements. */
export function unaryKernel(loop: UnaryLoop) {
  return ([x]: readonly [NdArray], _: unknown, { dtype }: TensorType): TypedArray => {
    const out = allocate(dtype, x.data.length);
    loop(out, x.data);
    return out;
  };
}

/** The whole numbers of float64 begin at 2⁵²: adding it leaves no room for a fraction, and rounds halves to even. */
const wholeFrom = 2 ** 52;

function roundHalfToEven(x: number): number {
  const magnitude = Math.abs(x);
  if (!(magnitude < wholeFrom) || x === 0) return x;
  const rounded = magnitude + wholeFrom - wholeFrom;
  return x < 0 ? -rounded : rounded;
}

export const neg: UnaryLoop = (out, x) => {
  for (let i = 0; i < out.length; i++) out[i] = -(x[i] as number);
};

export const abs: UnaryLoop = (out, x) => {
  for (let i = 0; i < out.length; i++) out[i] = Math.abs(x[i] as number);
};

export const sign: UnaryLoop = (out, x) => {
  for (let i = 0; i < out.length; i++) out[i] = Math.sign(x[i] as number);
};

export const floor: UnaryLoop = (out, x) => {
  for (let i = 0; i < out.length; i++) out[i] = Math.floor(x[i] as number);
};

export const ceil: UnaryLoop = (out, x) => {
  for (let i = 0; i < out.length; i++) out[i] = Math.ceil(x[i] as number);
};

export const round: UnaryLoop = (out, x) => {
  for (let i = 0; i < out.length; i++) out[i] = roundHalfToEven(x[i] as number);
};

export const trunc: UnaryLoop = (out, x) => {
  for (let i = 0; i < out.length; i++) out[i] = Math.trunc(x[i] as number);
};

export const sqrt: UnaryLoop = (out, x) => {
  for (let i = 0; i < out.length; i++) out[i] = Math.sqrt(x[i] as number);
};

export const exp: UnaryLoop = (out, x) => {
  for (let i = 0; i < out.length; i++) out[i] = Math.exp(x[i] as number);
};

export const expm1: UnaryLoop = (out, x) => {
  for (let i = 0; i < out.length; i++) out[i] = Math.expm1(x[i] as number);
};

export const log: UnaryLoop = (out, x) => {
  for (let i = 0; i < out.length; i++) out[i] = Math.log(x[i] as number);
};

export const log1p: UnaryLoop = (out, x) => {
  for (let i = 0; i < out.length; i++) out[i] = Math.log1p(x[i] as number);
};

export const sin: UnaryLoop = (out, x) => {
  for (let i = 0; i < out.length; i++) out[i] = Math.sin(x[i] as number);
};

export const cos: UnaryLoop = (out, x) => {
  for (let i = 0; i < out.length; i++) out[i] = Math.cos(x[i] as number);
};

export const tanh: UnaryLoop = (out, x) => {
  for (let i = 0; i < out.length; i++) out[i] = Math.tanh(x[i] as number);
};

export const sigmoid: UnaryLoop = (out, x) => {
  for (let i = 0; i < out.length; i++) out[i] = sigmoidOf(x[i] as number);
};

export const erf: UnaryLoop = (out, x) => {
  for (let i = 0; i < out.length; i++) out[i] = erfOf(x[i] as number);
};

export const erfc: UnaryLoop = (out, x) => {
  for (let i = 0; i < out.length; i++) out[i] = erfcOf(x[i] as number);
};

export const erfInv: UnaryLoop = (out, x) => {
  for (let i = 0; i < out.length; i++) out[i] = erfInvOf(x[i] as number);
};

export const logicalNot: UnaryLoop = (out, x) => {
  for (let i = 0; i < out.length; i++) out[i] = 1 - (x[i] as number);
};
