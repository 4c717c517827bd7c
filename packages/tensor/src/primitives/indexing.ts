import { requireDType } from "../dtype.js";
import { gather as gatherKernel, scatterAdd as scatterAddKernel } from "../eager/indexing.js";
import { DTypeError, ShapeError } from "../errors.js";
import { formatShape, sameShape, type Shape } from "../shape.js";
import type { PrimitiveDefinition } from "./definition.js";
import type { IndexAttributes } from "./attributes.js";

/** The shape of the result. On the axes other than `axis`, sizes must be equal, or 1 in the index, which then broadcasts. */
function indexedShape(operation: string, x: Shape, index: Shape, axis: number): Shape {
  const fits = index.length === x.length && index.every((length, at) => at === axis || length === x[at] || length === 1);
  if (!fits) {
    throw new ShapeError(
      `${operation}: index ${formatShape(index)} does not fit ${formatShape(x)} along axis ${axis}; ` +
        `it needs the same rank, and equal sizes (or 1) on the other axes`,
    );
  }
  return x.map((length, at) => (at === axis ? (index[axis] ?? 0) : length));
}

// Primitives that read and add at computed positions. An index out of range is an error when the values are known.

/** `y[…, i, …] = x[…, index[…, i, …], …]` along `axis`. An index of size 1 on another axis broadcasts. */
export const gather: PrimitiveDefinition<"gather", 2, IndexAttributes> = {
  name: "gather",
  arity: 2,
  kernel: gatherKernel,
  type: ([x, index], { axis, report }) => {
    const operation = report?.operation ?? "gather";
    requireDType(operation, index.dtype, ["int32"], "index");
    return { shape: indexedShape(operation, x.shape, index.shape, axis), dtype: x.dtype };
  },
};

/** Adds `updates[…, i, …]` to a copy of `base` at `[…, index[…, i, …], …]`. It is the adjoint of `gather`. Updates of one position add up. */
export const scatterAdd: PrimitiveDefinition<"scatterAdd", 3, IndexAttributes> = {
  name: "scatterAdd",
  arity: 3,
  kernel: scatterAddKernel,
  type: ([base, index, updates], { axis, report }) => {
    const operation = report?.operation ?? "scatterAdd";
    requireDType(operation, index.dtype, ["int32"], "index");
    requireDType(operation, base.dtype, ["float32", "float64", "int32"], "base");
    if (base.dtype !== updates.dtype) {
      throw new DTypeError(`${operation}: base has dtype ${base.dtype} but updates ${updates.dtype}; cast one`);
    }
    const expected = indexedShape(operation, base.shape, index.shape, axis);
    if (!sameShape(expected, updates.shape)) {
      throw new ShapeError(`${operation}: updates are ${formatShape(updates.shape)}, expected ${formatShape(expected)} for index ${formatShape(index.shape)}`);
    }
    return base;
  },
};
