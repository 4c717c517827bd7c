import { allocate, type TypedArray } from "../../dtype.js";
import type { MatmulAttributes } from "../../primitives/attributes.js";
import type { NdArray, TensorType } from "../../primitives/definition.js";
import { broadcastStrides, sizeOf, subShape, type Shape } from "../../shape.js";
import { forEachRun } from "../loops.js";
import { permuted } from "../movement.js";
import { inArrayOf } from "../typed-loops.js";
import { kernelProduct, loopProduct } from "./product.js";

/** Strides that walk the matrices of `x`, of `size` elements each, over the batch axes of the output. */
function batchStrides(x: NdArray, batch: Shape, size: number): number[] {
  return broadcastStrides(subShape(x.shape, 0, -2), batch).map((stride) => stride * size);
}

/** The elements of `x` with its last two axes exchanged. */
function transposed(x: NdArray): TypedArray {
  const rank = x.shape.length;
  return permuted(x, x.shape.map((_, axis) => (axis < rank - 2 ? axis : 2 * rank - 3 - axis)));
}

export function matmul([x, y]: readonly [NdArray, NdArray], { transposeA, transposeB }: MatmulAttributes, { shape, dtype }: TensorType): TypedArray {
  const [m = 1, n = 1] = subShape(shape, -2);
  const k = x.shape.at(transposeA ? -2 : -1) ?? 1;
  const fast = kernelProduct(dtype, { m, n, k, transposeA, transposeB });
  const multiply = fast ?? loopProduct(dtype, { m, n, k });
  const a = fast === undefined ? inArrayOf("float64", transposeA ? transposed(x) : x.data) : x.data;
  const b = fast === undefined ? inArrayOf("float64", transposeB ? y.data : transposed(y)) : y.data;
  const out = allocate(fast === undefined ? "float64" : dtype, sizeOf(shape));
  if (shape.length === 2) {
    multiply(out, 0, a, 0, b, 0);
    return inArrayOf(dtype, out);
  }
  const batch = subShape(shape, 0, -2);
  forEachRun(batch, [batchStrides(x, batch, m * k), batchStrides(y, batch, k * n)], (at, [aAt = 0, bAt = 0], [aStep = 0, bStep = 0], count) => {
    for (let i = 0; i < count; i++) multiply(out, (at + i) * m * n, a, aAt + i * aStep, b, bAt + i * bStep);
  });
  return inArrayOf(dtype, out);
}
