import type { DType } from "../dtype.js";
import { requireDType } from "../dtype.js";
import { ShapeError } from "../errors.js";
import { formatShape, type Shape } from "../shape.js";
import { define, type PrimitiveDefinition } from "./definition.js";

/** Axes reduced: sorted, non-negative, without repeats. They stay in the output with size 1. */
export interface ReductionAttributes {
  readonly axes: readonly number[];
}

/** The one axis that a scan, an arg-reduction or a sort runs along. */
export interface AxisAttributes {
  readonly axis: number;
}

const numbers = ["float32", "float64", "int32"] as const;

function reduced(shape: Shape, axes: readonly number[]): Shape {
  return shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
}

function requireElements(operation: string, shape: Shape, axes: readonly number[]): void {
  if (axes.some((axis) => shape[axis] === 0)) {
    throw new ShapeError(`${operation}: cannot reduce an axis of size 0, shape ${formatShape(shape)}; it has no value`);
  }
}

function reduction(name: string, accepted: readonly DType[], emptyAllowed: boolean): PrimitiveDefinition<1, ReductionAttributes> {
  return define<1, ReductionAttributes>(1, ([x], { axes }) => {
    requireDType(name, x.dtype, accepted);
    if (!emptyAllowed) requireElements(name, x.shape, axes);
    return { shape: reduced(x.shape, axes), dtype: x.dtype };
  });
}

function argReduction(name: string): PrimitiveDefinition<1, AxisAttributes> {
  return define<1, AxisAttributes>(1, ([x], { axis }) => {
    requireDType(name, x.dtype, [...numbers, "bool"]);
    requireElements(name, x.shape, [axis]);
    return { shape: reduced(x.shape, [axis]), dtype: "int32" };
  });
}

function scan(name: string): PrimitiveDefinition<1, AxisAttributes> {
  return define<1, AxisAttributes>(1, ([x]) => {
    requireDType(name, x.dtype, numbers);
    return x;
  });
}

/** Primitives that combine elements along axes. Reduced axes keep size 1; dropping them is a reshape. */
export const reductions = {
  sum: reduction("sum", numbers, true),
  prod: reduction("prod", numbers, true),
  /** NaN wins. On bool this is "any". */
  max: reduction("max", [...numbers, "bool"], false),
  /** NaN wins. On bool this is "all". */
  min: reduction("min", [...numbers, "bool"], false),
  /** Index of the first largest element; the first NaN wins. */
  argMax: argReduction("argMax"),
  /** Index of the first smallest element; the first NaN wins. */
  argMin: argReduction("argMin"),
  cumsum: scan("cumsum"),
  cumprod: scan("cumprod"),
  /** Indices that sort the axis; stable, NaN counts as largest. */
  argSort: define<1, AxisAttributes & { readonly descending: boolean }>(1, ([x]) => {
    requireDType("argSort", x.dtype, [...numbers, "bool"]);
    return { shape: x.shape, dtype: "int32" };
  }),
};
