import { requireKind } from "../arguments/kinds.js";
import { requireOptions, type OptionKinds } from "../arguments/options.js";
import { requireDType } from "../dtype.js";
import { ShapeError } from "../errors.js";
import { apply } from "../interpreter/stack.js";
import { castTo, requireTensor, scalar, toFloat } from "../operand.js";
import * as primitives from "../primitives/all.js";
import { formatShape, normalizeAxes, normalizeAxis, sizeOf } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { abs, add, div, mul, pow, sub } from "./arithmetic.js";
import { equal, isFinite, isNaN } from "./comparison.js";
import { lengthFromSquare } from "./elementary.js";
import { logicalOr, where } from "./logic.js";
import { any, countNonZero, finishReduction, max, mean, min, sum, type Axes, type ReductionOptions } from "./reduction.js";
import { reshape } from "./shape.js";
import { narrow } from "./slicing.js";
import { scaledForRoots, scaledForSquares } from "./square-range.js";

/** Options of {@link variance} and {@link std}. */
export interface VarianceOptions extends ReductionOptions {
  /** Subtracted from the number of elements in the divisor: 1 for the unbiased estimate, 0 for the population. Default: 1. */
  readonly correction?: number | undefined;
}

const varianceOptions: OptionKinds<VarianceOptions> = { keepAxes: "boolean", correction: "finite" };

/** A mean and a measure of spread, with the reduced axes kept. */
interface Moments {
  readonly mean: Tensor;
  readonly spread: Tensor;
}

/** The mean of elements and their variance: two passes, the deviations from the mean first. */
function moments(x: Tensor, axes: readonly number[], correction: number): Moments {
  const average = mean(x, axes, { keepAxes: true });
  const deviation = sub(x, average);
  const count = sizeOf(axes.map((each) => x.shape[each] ?? 1));
  const total = apply(primitives.sum, [mul(deviation, deviation)], { axes });
  return { mean: average, spread: div(total, scalar(Math.max(0, count - correction), x.dtype)) };
}

function varianceMoments(x: Tensor, axes: readonly number[], correction: number): Moments {
  const { elements, scale } = scaledForSquares(x, axes);
  const found = moments(elements, axes, correction);
  return { mean: div(found.mean, scale), spread: div(div(found.spread, scale), scale) };
}

function deviationMoments(x: Tensor, axes: readonly number[], correction: number): Moments {
  const { elements, scale } = scaledForRoots(x, axes);
  const found = moments(elements, axes, correction);
  return { mean: div(found.mean, scale), spread: div(lengthFromSquare(found.spread), scale) };
}

/**
 * Variance `Σ (x − mean)² / (n − correction)` over `axis` (default: all axes). As in PyTorch, it is NaN if `n` does not exceed the
 * correction and all elements are equal.
 * @throws DTypeError for integers and bools.
 */
export function variance(x: Tensor, axis?: Axes, options: VarianceOptions = {}): Tensor {
  return spreadAndMean("variance", varianceMoments, x, axis, options).spread;
}

/**
 * Standard deviation over `axis` (default: all axes), the root of {@link variance}, also where the variance itself is too large or too small
 * for the dtype. Where it is 0, its gradient is 0.
 * @throws DTypeError for integers and bools.
 */
export function std(x: Tensor, axis?: Axes, options: VarianceOptions = {}): Tensor {
  return spreadAndMean("std", deviationMoments, x, axis, options).spread;
}

/** {@link variance} and the mean, computed together. */
export function varianceAndMean(x: Tensor, axis?: Axes, options: VarianceOptions = {}): { readonly variance: Tensor; readonly mean: Tensor } {
  const found = spreadAndMean("varianceAndMean", varianceMoments, x, axis, options);
  return { variance: found.spread, mean: found.mean };
}

/** {@link std} and the mean, computed together. */
export function stdAndMean(x: Tensor, axis?: Axes, options: VarianceOptions = {}): { readonly std: Tensor; readonly mean: Tensor } {
  const found = spreadAndMean("stdAndMean", deviationMoments, x, axis, options);
  return { std: found.spread, mean: found.mean };
}

function spreadAndMean(operation: string, compute: typeof moments, x: Tensor, axis: Axes, options: VarianceOptions): Moments {
  requireTensor(operation, x);
  requireOptions(operation, options, varianceOptions);
  requireDType(operation, x.dtype, ["float32", "float64"]);
  const { correction = 1, keepAxes } = options;
  const axes = normalizeAxes(operation, axis, x.rank);
  const found = compute(x, axes, correction);
  return { spread: finishReduction(found.spread, axes, keepAxes), mean: finishReduction(found.mean, axes, keepAxes) };
}

/** Options of {@link norm}. */
export interface NormOptions extends ReductionOptions {
  /** The exponent, any number. 0 counts the elements that are not zero; ±Infinity take the largest or smallest magnitude. Default: 2. */
  readonly p?: number | undefined;
  /** The axes of the vectors. Default: all axes. */
  readonly axis?: Axes;
}

const normOptions: OptionKinds<NormOptions> = { keepAxes: "boolean", p: "number", axis: "any" };

/**
 * Length `(Σ |x|ᵖ)^(1/p)` of the vectors along `axis`, or of the whole tensor (for a matrix and `p = 2`: the Frobenius norm).
 * Its gradient at a vector of zeros is 0.
 * @throws DTypeError for integers and bools.
 */
export function norm(x: Tensor, options: NormOptions = {}): Tensor {
  requireTensor("norm", x);
  requireOptions("norm", options, normOptions);
  return lengthAlong("norm", x, options);
}

/** {@link norm} with options that have been checked. Errors name `operation`. */
export function lengthAlong(operation: string, x: Tensor, { p = 2, axis, keepAxes }: NormOptions): Tensor {
  requireDType(operation, x.dtype, ["float32", "float64"]);
  const axes = normalizeAxes(operation, axis, x.rank);
  const options = { keepAxes };
  if (p === 2) return relativeToLargest(x, axes, (part) => lengthFromSquare(sum(mul(part, part), axes, options)));
  if (p === 0) return castTo(countNonZero(x, axes, options), x.dtype);
  const size = abs(x);
  if (p === 1) return sum(size, axes, options);
  if (Math.abs(p) === Infinity && axes.some((each) => x.shape[each] === 0)) {
    throw new ShapeError(`${operation}: cannot take the largest or smallest of an axis of size 0, shape ${formatShape(x.shape)}`);
  }
  if (p === Infinity) return max(size, axes, options);
  if (p === -Infinity) return min(size, axes, options);
  const lengthOf = (part: Tensor): Tensor => powerWithZeroGradient(sum(powerWithZeroGradient(part, p), axes, options), 1 / p);
  return p > 1 ? relativeToLargest(size, axes, lengthOf) : lengthOf(size);
}

/** Computes a length from elements divided by the largest one, so that powers do not overflow or underflow. */
function relativeToLargest(x: Tensor, axes: readonly number[], lengthOf: (part: Tensor) => Tensor): Tensor {
  if (axes.some((each) => x.shape[each] === 0)) return lengthOf(x);
  const largest = max(abs(x.detach()), axes, { keepAxes: true });
  const scale = where(logicalOr(equal(largest, 0), equal(largest, Infinity)), 1, largest);
  const length = lengthOf(div(x, scale));
  return mul(length, reshape(scale, length.shape));
}

/** `xᵖ` for `x ≥ 0`. Its gradient at 0 is 0, also where the true one is infinite. */
function powerWithZeroGradient(x: Tensor, exponent: number): Tensor {
  const isZero = equal(x, 0);
  return where(isZero, exponent > 0 ? 0 : Infinity, pow(where(isZero, 1, x), exponent));
}

/** The sorted elements along one axis, or of the flattened tensor if no axis is given. */
function sorted(operation: string, x: Tensor, axis: number | undefined): { readonly values: Tensor; readonly along: number } {
  const flat = axis === undefined ? reshape(x, [x.size]) : x;
  const along = axis === undefined ? 0 : normalizeAxis(operation, axis, x.rank);
  if (flat.shape[along] === 0) throw new ShapeError(`${operation}: cannot reduce an axis of size 0, shape ${formatShape(x.shape)}; it has no value`);
  const order = apply(primitives.argSort, [flat.detach()], { axis: along, descending: false });
  return { values: apply(primitives.gather, [flat, order], { axis: along }), along };
}

/** Drops the reduced axis, or with `keepAxes` restores the axes that the input had, with size 1. */
function finishOrder(kept: Tensor, along: number, x: Tensor, axis: number | undefined, keepAxes: boolean | undefined): Tensor {
  if (axis !== undefined) return finishReduction(kept, [along], keepAxes);
  return reshape(kept, keepAxes === true ? x.shape.map(() => 1) : []);
}

/** `x` where no NaN lies along the axis, else NaN. */
function unlessNaN(kept: Tensor, sortedValues: Tensor, along: number): Tensor {
  return where(any(isNaN(sortedValues), along, { keepAxes: true }), scalar(NaN, kept.dtype), kept);
}

const medianOptions: OptionKinds<ReductionOptions> = { keepAxes: "boolean" };

/**
 * Middle element along `axis`, or of the whole tensor; of two middle elements the lower one, as in PyTorch. If there is a NaN, the result is NaN.
 * @throws ShapeError for no elements.
 */
export function median(x: Tensor, axis?: number, options: ReductionOptions = {}): Tensor {
  requireTensor("median", x);
  requireOptions("median", options, medianOptions);
  const { values, along } = sorted("median", x, axis);
  const middle = narrow(values, along, ((values.shape[along] ?? 1) - 1) >> 1, 1);
  const result = x.dtype === "float32" || x.dtype === "float64" ? unlessNaN(middle, values, along) : middle;
  return finishOrder(result, along, x, axis, options.keepAxes);
}

/** Options of {@link quantile}. */
export interface QuantileOptions extends ReductionOptions {
  /** The axis. Default: the whole tensor. */
  readonly axis?: number | undefined;
  /** How to interpolate between two elements. Default: `"linear"`. */
  readonly interpolation?: "linear" | "lower" | "higher" | "nearest" | "midpoint" | undefined;
}

const quantileOptions: OptionKinds<QuantileOptions> = {
  keepAxes: "boolean", axis: "number", interpolation: ["linear", "lower", "higher", "nearest", "midpoint"],
};

/**
 * The value below which the fraction `q` of the elements lies, along `axis` or in the whole tensor: the sorted elements at position `q·(n − 1)`. If
 * there is a NaN, the result is NaN. Integers become float32.
 * @throws ArgumentError if `q` is not between 0 and 1.
 * @throws ShapeError for no elements.
 */
export function quantile(x: Tensor, q: number, options: QuantileOptions = {}): Tensor {
  requireTensor("quantile", x);
  requireKind("quantile", "q", q, "probability");
  requireOptions("quantile", options, quantileOptions);
  const { axis, interpolation = "linear", keepAxes } = options;
  const { values, along } = sorted("quantile", toFloat(x), axis);
  const position = q * ((values.shape[along] ?? 1) - 1);
  const below = Math.floor(position);
  const above = Math.ceil(position);
  const weights = { linear: position - below, lower: 0, higher: 1, nearest: roundHalfToEven(position) - below, midpoint: 0.5 };
  const between = interpolated(narrow(values, along, below, 1), narrow(values, along, above, 1), weights[interpolation]);
  return finishOrder(unlessNaN(between, values, along), along, x, axis, keepAxes);
}

/** Interpolates between two neighbours, with 0 ≤ weight ≤ 1. It avoids a difference that would overflow or be NaN. */
function interpolated(lower: Tensor, upper: Tensor, weight: number): Tensor {
  if (weight === 0) return lower;
  if (weight === 1) return upper;
  const distance = sub(upper, lower);
  return where(isFinite(distance), add(lower, mul(weight, distance)), add(mul(1 - weight, lower), mul(weight, upper)));
}

function roundHalfToEven(value: number): number {
  const down = Math.floor(value);
  return value - down === 0.5 ? down + (down % 2) : Math.round(value);
}
