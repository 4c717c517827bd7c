import { allocate, type TypedArray } from "../../dtype.js";
import type { TensorType } from "../../primitives/definition.js";
import type { NdArray } from "../kernel.js";

type UnaryLoop = (out: TypedArray, x: TypedArray) => void;

/** A kernel from the loop over all elements. */
export function unaryKernel(loop: UnaryLoop) {
  return ([x]: readonly [NdArray], _: unknown, { dtype }: TensorType): TypedArray => {
    const out = allocate(dtype, x.data.length);
    loop(out, x.data);
    return out;
  };
}

/** The loop of an operation that is too rare, or too slow in itself, for a loop of its own. */
export function each(operation: (x: number) => number): UnaryLoop {
  return (out, x) => {
    for (let i = 0; i < out.length; i++) out[i] = operation(x[i] as number);
  };
}

export const neg: UnaryLoop = (out, x) => {
  for (let i = 0; i < out.length; i++) out[i] = -(x[i] as number);
};

export const abs: UnaryLoop = (out, x) => {
  for (let i = 0; i < out.length; i++) out[i] = Math.abs(x[i] as number);
};

export const sqrt: UnaryLoop = (out, x) => {
  for (let i = 0; i < out.length; i++) out[i] = Math.sqrt(x[i] as number);
};

export const exp: UnaryLoop = (out, x) => {
  for (let i = 0; i < out.length; i++) out[i] = Math.exp(x[i] as number);
};

export const log: UnaryLoop = (out, x) => {
  for (let i = 0; i < out.length; i++) out[i] = Math.log(x[i] as number);
};

export const tanh: UnaryLoop = (out, x) => {
  for (let i = 0; i < out.length; i++) out[i] = Math.tanh(x[i] as number);
};

export const logicalNot: UnaryLoop = (out, x) => {
  for (let i = 0; i < out.length; i++) out[i] = x[i] === 0 ? 1 : 0;
};

/** The whole numbers of float64 begin at 2⁵²: adding it leaves no room for a fraction, and rounds halves to even. */
const wholeFrom = 2 ** 52;

/** The nearest whole number, halves to the even one; keeps the sign of zero. */
export function roundHalfToEven(x: number): number {
  const magnitude = Math.abs(x);
  if (!(magnitude < wholeFrom) || x === 0) return x;
  const rounded = magnitude + wholeFrom - wholeFrom;
  return x < 0 ? -rounded : rounded;
}
