import type { TypedArray } from "../../dtype.js";
import type { AxisAttributes } from "../../primitives/attributes.js";
import type { NdArray, TensorType } from "../../primitives/definition.js";
import { inArrayOf } from "../typed-loops.js";
import { axisBlock } from "./axis-block.js";

/** Combines each of the elements `from … to` with what the element `distance` before it has become. */
export type Scan = (x: Float64Array, from: number, to: number, distance: number) => void;

/** A kernel from the scans of floats, in float64 so that float32 is rounded once, and of int32. */
export function scanKernel(float: Scan, int32: Scan) {
  return ([x]: readonly [NdArray], { axis }: AxisAttributes, { dtype }: TensorType): TypedArray => {
    const values = new Float64Array(x.data);
    const { outer, length, inner } = axisBlock(x.shape, axis);
    const scan = dtype === "int32" ? int32 : float;
    for (let o = 0; o < outer; o++) scan(values, (o * length + 1) * inner, (o + 1) * length * inner, inner);
    return inArrayOf(dtype, values);
  };
}

export const cumSumFloat: Scan = (x, from, to, distance) => {
  if (distance > 1) {
    for (let i = from; i < to; i++) x[i] = (x[i] as number) + (x[i - distance] as number);
  } else {
    // Neighbours: the last sum is still in a register.
    let sum = x[from - 1] as number;
    for (let i = from; i < to; i++) x[i] = sum += x[i] as number;
  }
};

export const cumProdFloat: Scan = (x, from, to, distance) => {
  for (let i = from; i < to; i++) x[i] = (x[i] as number) * (x[i - distance] as number);
};

export const cumSumInt32: Scan = (x, from, to, distance) => {
  for (let i = from; i < to; i++) x[i] = ((x[i] as number) + (x[i - distance] as number)) | 0;
};

export const cumProdInt32: Scan = (x, from, to, distance) => {
  for (let i = from; i < to; i++) x[i] = Math.imul(x[i] as number, x[i - distance] as number);
};
