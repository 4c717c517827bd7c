import { allocate, type TypedArray } from "../../dtype.js";
import type { MatmulAttributes } from "../../primitives/contraction.js";
import type { TensorType } from "../../primitives/definition.js";
import { broadcastStrides, sizeOf, type Shape } from "../../shape.js";
import type { NdArray } from "../kernel.js";
import { forEachRun, nestLoops } from "../loops.js";
import { permute } from "../movement.js";
import { kernelProduct, loopProduct } from "./product.js";

/** Strides that walk the matrices of `x`, of `size` elements each, over the batch axes of the output. */
function batchStrides(x: NdArray, batch: Shape, size: number): number[] {
  return broadcastStrides(x.shape.slice(0, -2), batch).map((stride) => stride * size);
}

/** The elements of `x` with its last two axes exchanged. */
function transposed(x: NdArray): TypedArray {
  const axes = x.shape.map((_, axis) => axis);
  const permutation = [...axes.slice(0, -2), ...axes.slice(-2).toReversed()];
  return permute([x], { permutation }, { shape: permutation.map((axis) => x.shape[axis] ?? 1), dtype: x.dtype });
}

export function matmul([x, y]: readonly [NdArray, NdArray], { transposeA, transposeB }: MatmulAttributes, { shape, dtype }: TensorType): TypedArray {
  const out = allocate(dtype, sizeOf(shape));
  const [m = 1, n = 1] = shape.slice(-2);
  const k = x.shape.at(transposeA ? -2 : -1) ?? 1;
  const fast = kernelProduct(dtype, { m, n, k, transposeA, transposeB });
  const a = fast === undefined && transposeA ? transposed(x) : x.data;
  const b = fast === undefined && !transposeB ? transposed(y) : y.data;
  const multiply = fast ?? loopProduct(dtype, { m, n, k });
  const batch = shape.slice(0, -2);
  const loops = nestLoops(batch, [batchStrides(x, batch, m * k), batchStrides(y, batch, k * n)]);
  const [aStep = 0, bStep = 0] = loops.strides.map((strides) => strides.at(-1));
  const starts = [0, 0];
  let at = 0;
  forEachRun(loops, starts, (count) => {
    const [aAt = 0, bAt = 0] = starts;
    for (let i = 0; i < count; i++) {
      multiply(out, at, a, aAt + i * aStep, b, bAt + i * bStep);
      at += m * n;
    }
  });
  return out;
}
