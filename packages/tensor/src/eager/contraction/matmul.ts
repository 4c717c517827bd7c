import { allocate, type TypedArray } from "../../dtype.js";
import type { MatmulAttributes } from "../../primitives/contraction.js";
import type { TensorType } from "../../primitives/definition.js";
import { broadcastStrides, sizeOf, type Shape } from "../../shape.js";
import { fromFloat64, toFloat64 } from "../float64.js";
import type { NdArray } from "../kernel.js";
import { forEachRun } from "../loops.js";
import { permuted } from "../movement.js";
import { kernelProduct, loopProduct, type Product } from "./product.js";

/** Strides that walk the matrices of `x`, of `size` elements each, over the batch axes of the output. */
function batchStrides(x: NdArray, batch: Shape, size: number): number[] {
  return broadcastStrides(x.shape.slice(0, -2), batch).map((stride) => stride * size);
}

/** The elements of `x` with its last two axes exchanged. */
function transposed(x: NdArray): TypedArray {
  const axes = x.shape.map((_, axis) => axis);
  return permuted(x, [...axes.slice(0, -2), ...axes.slice(-2).toReversed()]);
}

export function matmul([x, y]: readonly [NdArray, NdArray], { transposeA, transposeB }: MatmulAttributes, { shape, dtype }: TensorType): TypedArray {
  const [m = 1, n = 1] = shape.slice(-2);
  const k = x.shape.at(transposeA ? -2 : -1) ?? 1;
  const batch = shape.slice(0, -2);
  const multiplyAll = <A extends TypedArray>(multiply: Product<A>, a: A, b: A, out: A): A => {
    forEachRun(batch, [batchStrides(x, batch, m * k), batchStrides(y, batch, k * n)], (at, [aAt = 0, bAt = 0], [aStep = 0, bStep = 0], count) => {
      for (let i = 0; i < count; i++) multiply(out, (at + i) * m * n, a, aAt + i * aStep, b, bAt + i * bStep);
    });
    return out;
  };
  const fast = kernelProduct(dtype, { m, n, k, transposeA, transposeB });
  if (fast !== undefined) return multiplyAll(fast, x.data, y.data, allocate(dtype, sizeOf(shape)));
  const a = toFloat64(transposeA ? transposed(x) : x.data);
  const b = toFloat64(transposeB ? y.data : transposed(y));
  return fromFloat64(dtype, multiplyAll(loopProduct(dtype, { m, n, k }), a, b, new Float64Array(sizeOf(shape))));
}
