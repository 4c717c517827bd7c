import type { DType } from "../dtype.js";
import { requireDType } from "../dtype.js";
import * as folds from "../eager/reduction/fold.js";
import { cumProdFloat, cumProdInt32, cumSumFloat, cumSumInt32, scanKernel, type Scan } from "../eager/reduction/scan.js";
import { argSort as argSortKernel } from "../eager/reduction/sort.js";
import { ShapeError } from "../errors.js";
import { formatShape, type Shape } from "../shape.js";
import type { AxisAttributes, ReductionAttributes } from "./attributes.js";
import type { PrimitiveDefinition } from "./definition.js";

const numbers = ["float32", "float64", "int32"] as const;
const ordered = ["float32", "float64", "int32", "bool"] as const;

function reduced(shape: Shape, axes: readonly number[]): Shape {
  return shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
}

function requireElements(operation: string, shape: Shape, axes: readonly number[]): void {
  if (axes.some((axis) => shape[axis] === 0)) {
    throw new ShapeError(`${operation}: cannot reduce an axis of size 0, shape ${formatShape(shape)}; it has no value`);
  }
}

/** `ofNothing`: whether the reduction of no elements has a value, the identity element. */
function reduction<Name extends string>(name: Name, accepted: readonly DType[], fold: folds.Folds, ofNothing: boolean): PrimitiveDefinition<Name, 1, ReductionAttributes> {
  return {
    name,
    arity: 1,
    kernel: folds.foldKernel(fold),
    type: ([x], { axes }) => {
      requireDType(name, x.dtype, accepted);
      if (!ofNothing) requireElements(name, x.shape, axes);
      return { shape: reduced(x.shape, axes), dtype: x.dtype };
    },
  };
}

function argReduction<Name extends string>(name: Name, search: folds.Folds): PrimitiveDefinition<Name, 1, AxisAttributes> {
  return {
    name,
    arity: 1,
    kernel: folds.argKernel(search),
    type: ([x], { axis }) => {
      requireDType(name, x.dtype, ordered);
      requireElements(name, x.shape, [axis]);
      return { shape: reduced(x.shape, [axis]), dtype: "int32" };
    },
  };
}

function scan<Name extends string>(name: Name, float: Scan, int32: Scan): PrimitiveDefinition<Name, 1, AxisAttributes> {
  return {
    name,
    arity: 1,
    kernel: scanKernel(float, int32),
    type: ([x]) => {
      requireDType(name, x.dtype, numbers);
      return x;
    },
  };
}

// Primitives that combine elements along axes. Reduced axes keep size 1; dropping them is a reshape.

export const sum = /* @__PURE__ */ reduction("sum", numbers, folds.sum, true);
export const prod = /* @__PURE__ */ reduction("prod", numbers, folds.prod, true);
/** The largest element; NaN if there is one. For bool it is "any". */
export const max = /* @__PURE__ */ reduction("max", ordered, folds.largest, false);
/** The smallest element; NaN if there is one. For bool it is "all". */
export const min = /* @__PURE__ */ reduction("min", ordered, folds.smallest, false);
/** Index of the first largest element, or of the first NaN. */
export const argMax = /* @__PURE__ */ argReduction("argMax", folds.firstLargest);
/** Index of the first smallest element, or of the first NaN. */
export const argMin = /* @__PURE__ */ argReduction("argMin", folds.firstSmallest);
export const cumSum = /* @__PURE__ */ scan("cumSum", cumSumFloat, cumSumInt32);
export const cumProd = /* @__PURE__ */ scan("cumProd", cumProdFloat, cumProdInt32);
/** The indices that sort the axis. The sort is stable; NaN counts as largest. */
export const argSort: PrimitiveDefinition<"argSort", 1, AxisAttributes & { readonly descending: boolean }> = {
  name: "argSort",
  arity: 1,
  kernel: argSortKernel,
  type: ([x]) => {
    requireDType("argSort", x.dtype, ordered);
    return { shape: x.shape, dtype: "int32" };
  },
};
