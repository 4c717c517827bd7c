import { allocate, type TypedArray } from "../../dtype.js";
import { blockOf, type Block } from "./blocks.js";
import type { AxisAttributes } from "../../primitives/attributes.js";
import type { NdArray, TensorType } from "../../primitives/definition.js";

export type Scan = (out: TypedArray, x: TypedArray, block: Block) => void;

/** A kernel from the scans of floats and of int32. */
export function scanKernel(float: Scan, int32: Scan) {
  return ([x]: readonly [NdArray], { axis }: AxisAttributes, { dtype }: TensorType): TypedArray => {
    const out = allocate(dtype, x.data.length);
    (dtype === "int32" ? int32 : float)(out, x.data, blockOf(x.shape, axis));
    return out;
  };
}

/** A running value for each inner position, in float64, so that float32 outputs are rounded once. */
export const cumSumFloat: Scan = (out, x, { outer, length, inner }) => {
  const running = new Float64Array(inner);
  for (let o = 0; o < outer; o++) {
    running.fill(0);
    for (let row = o * length; row < (o + 1) * length; row++) {
      for (let i = 0; i < inner; i++) {
        out[row * inner + i] = running[i] = (running[i] as number) + (x[row * inner + i] as number);
      }
    }
  }
};

export const cumProdFloat: Scan = (out, x, { outer, length, inner }) => {
  const running = new Float64Array(inner);
  for (let o = 0; o < outer; o++) {
    running.fill(1);
    for (let row = o * length; row < (o + 1) * length; row++) {
      for (let i = 0; i < inner; i++) {
        out[row * inner + i] = running[i] = (running[i] as number) * (x[row * inner + i] as number);
      }
    }
  }
};

export const cumSumInt32: Scan = (out, x, { outer, length, inner }) => {
  const running = new Int32Array(inner);
  for (let o = 0; o < outer; o++) {
    running.fill(0);
    for (let row = o * length; row < (o + 1) * length; row++) {
      for (let i = 0; i < inner; i++) {
        out[row * inner + i] = running[i] = ((running[i] as number) + (x[row * inner + i] as number)) | 0;
      }
    }
  }
};

export const cumProdInt32: Scan = (out, x, { outer, length, inner }) => {
  const running = new Int32Array(inner);
  for (let o = 0; o < outer; o++) {
    running.fill(1);
    for (let row = o * length; row < (o + 1) * length; row++) {
      for (let i = 0; i < inner; i++) {
        out[row * inner + i] = running[i] = Math.imul(running[i] as number, x[row * inner + i] as number);
      }
    }
  }
};
