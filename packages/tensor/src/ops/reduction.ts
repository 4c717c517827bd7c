import { requireDType } from "../dtype.js";
import { bind } from "../interpreter.js";
import { castTo, requireTensor, scalar } from "../operand.js";
import { normalizeAxes, normalizeAxis, sizeOf, type Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { div } from "./arithmetic.js";

/** One axis or several, possibly negative; left out, all of them. */
export type Axes = number | readonly number[] | undefined;

/** Options of every reduction. */
export interface ReductionOptions {
  /** Keep the reduced axes with size 1. Default: false. */
  readonly keepDims?: boolean | undefined;
}

/** The shape without the axes that were reduced to size 1. */
export function withoutAxes(shape: Shape, axes: readonly number[]): Shape {
  return shape.filter((_, axis) => !axes.includes(axis));
}

/** Drops reduced axes unless they are to be kept. */
export function finishReduction(kept: Tensor, axes: readonly number[], keepDims: boolean | undefined): Tensor {
  if (keepDims === true || axes.length === 0) return kept;
  return bind("reshape", [kept], { shape: withoutAxes(kept.shape, axes) });
}

function reduce(
  operation: string, primitive: "sum" | "prod" | "max" | "min", x: Tensor, axis: Axes, options: ReductionOptions | undefined,
): Tensor {
  const axes = normalizeAxes(operation, axis, x.rank);
  return finishReduction(bind(primitive, [x], { axes }), axes, options?.keepDims);
}

/** Sum over `axis` (default: all axes); bools are counted as int32. */
export function sum(x: Tensor, axis?: Axes, options?: ReductionOptions): Tensor {
  requireTensor("sum", x);
  return reduce("sum", "sum", x.dtype === "bool" ? castTo(x, "int32") : x, axis, options);
}

/** Product over `axis` (default: all axes); bools count as int32. */
export function prod(x: Tensor, axis?: Axes, options?: ReductionOptions): Tensor {
  requireTensor("prod", x);
  return reduce("prod", "prod", x.dtype === "bool" ? castTo(x, "int32") : x, axis, options);
}

/** Arithmetic mean over `axis` (default: all axes); of no elements, NaN.
 * @throws DTypeError for integers and bools, as in PyTorch.
 */
export function mean(x: Tensor, axis?: Axes, options?: ReductionOptions): Tensor {
  requireTensor("mean", x);
  requireDType("mean", x.dtype, ["float32", "float64"]);
  const axes = normalizeAxes("mean", axis, x.rank);
  const count = sizeOf(axes.map((each) => x.shape[each] ?? 1));
  return div(finishReduction(bind("sum", [x], { axes }), axes, options?.keepDims), scalar(count, x.dtype));
}

/** Largest element over `axis` (default: all axes); NaN wins.
 * @throws ShapeError for no elements.
 */
export function max(x: Tensor, axis?: Axes, options?: ReductionOptions): Tensor {
  requireTensor("max", x);
  return reduce("max", "max", x, axis, options);
}

/** Smallest element over `axis` (default: all axes); NaN wins.
 * @throws ShapeError for no elements.
 */
export function min(x: Tensor, axis?: Axes, options?: ReductionOptions): Tensor {
  requireTensor("min", x);
  return reduce("min", "min", x, axis, options);
}

function argReduce(primitive: "argMax" | "argMin", x: Tensor, axis: number | undefined, options: ReductionOptions | undefined): Tensor {
  requireTensor(primitive, x);
  if (axis === undefined) {
    const found = bind(primitive, [bind("reshape", [x], { shape: [x.size] })], { axis: 0 });
    return bind("reshape", [found], { shape: options?.keepDims === true ? x.shape.map(() => 1) : [] });
  }
  const along = normalizeAxis(primitive, axis, x.rank);
  return finishReduction(bind(primitive, [x], { axis: along }), [along], options?.keepDims);
}

/** Index of the first largest element along `axis`, or in row-major order of the whole tensor; the first NaN wins. */
export function argMax(x: Tensor, axis?: number, options?: ReductionOptions): Tensor {
  return argReduce("argMax", x, axis, options);
}

/** Index of the first smallest element along `axis`, or in row-major order of the whole tensor; the first NaN wins. */
export function argMin(x: Tensor, axis?: number, options?: ReductionOptions): Tensor {
  return argReduce("argMin", x, axis, options);
}
