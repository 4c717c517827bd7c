import type { TypedArray } from "../../dtype.js";
import type { AxisAttributes } from "../../primitives/attributes.js";
import type { NdArray, TensorType } from "../../primitives/definition.js";
import { inArrayOf } from "../typed-loops.js";
import { axisBlock } from "./axis-block.js";

/** Combines each of the elements `from … to` with the result `distance` elements before it. */
export type Scan = (x: Float64Array, from: number, to: number, distance: number) => void;

/** Makes a kernel from the scans for floats and for int32. Floats are scanned in float64, so that float32 is rounded once. */
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
    // For neighbours, the last sum stays in a register.
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
