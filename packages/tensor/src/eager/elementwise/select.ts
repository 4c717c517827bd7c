import { allocate, type TypedArray } from "../../dtype.js";
import { broadcastStrides, sizeOf } from "../../shape.js";
import { forEachRun } from "../loops.js";
import type { NdArray, TensorType } from "../../primitives/definition.js";

export function select(inputs: readonly [NdArray, NdArray, NdArray], _: unknown, { shape, dtype }: TensorType): TypedArray {
  const out = allocate(dtype, sizeOf(shape));
  const [{ data: condition }, { data: x }, { data: y }] = inputs;
  const strides = inputs.map((input) => broadcastStrides(input.shape, shape));
  forEachRun(shape, strides, (at, [cAt = 0, xAt = 0, yAt = 0], [cStep = 0, xStep = 0, yStep = 0], count) => {
    for (let i = 0; i < count; i++) out[at + i] = (condition[cAt + i * cStep] === 0 ? y[yAt + i * yStep] : x[xAt + i * xStep]) as number;
  });
  return out;
}
