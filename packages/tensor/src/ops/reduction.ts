import { requireOptions, type OptionKinds } from "../arguments/options.js";
import { requireDType } from "../dtype.js";
import { apply } from "../interpreter/stack.js";
import { castTo, requireTensor, scalar, toFloat } from "../operand.js";
import * as primitives from "../primitives/all.js";
import type { DefinitionOf } from "../primitives/table.js";
import { normalizeAxes, normalizeAxis, sizeOf, subShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { add, div, sub } from "./arithmetic.js";
import { equal, isFinite, isNaN } from "./comparison.js";
import { exp, log } from "./elementary.js";
import { logicalNot, where } from "./logic.js";
import { reshape } from "./shape.js";

/** One axis or several; negative ones count from the end. `undefined` means all axes, an empty list none (in PyTorch: all). */
export type Axes = number | readonly number[] | undefined;

/** Options of every reduction. */
export interface ReductionOptions {
  /** Keep the reduced axes with size 1. Default: false. */
  readonly keepAxes?: boolean | undefined;
}

const reductionOptions: OptionKinds<ReductionOptions> = { keepAxes: "boolean" };

type Fold = DefinitionOf<"sum" | "prod" | "max" | "min">;

/** Drops the reduced axes, unless `keepAxes` is set. */
export function finishReduction(kept: Tensor, axes: readonly number[], keepAxes: boolean | undefined): Tensor {
  if (keepAxes === true || axes.length === 0) return kept;
  return reshape(kept, subShape(kept.shape, 0).filter((_, axis) => !axes.includes(axis)));
}

function reduce(
  operation: string, primitive: Fold, x: Tensor, axis: Axes, options: ReductionOptions | undefined,
): Tensor {
  const axes = reducedAxes(operation, x, axis, options);
  return finishReduction(apply(primitive, [x], { axes }), axes, options?.keepAxes);
}

/** Checks the arguments of a reduction. Returns the axes that it runs over. */
function reducedAxes(operation: string, x: Tensor, axis: Axes, options: ReductionOptions | undefined): number[] {
  requireTensor(operation, x);
  requireOptions(operation, options, reductionOptions);
  return normalizeAxes(operation, axis, x.rank);
}

/**
 * Sum over `axis` (default: all axes). Bools are counted as int32. Sums of int32 are int32, modulo 2³², like {@link add} (PyTorch: int64);
 * cast to float64 first if they may be larger.
 *
 * @example
 * ```ts
 * import { sum, tensor } from "@nn/tensor";
 * const x = tensor([[1, 2], [3, 4]]);
 * sum(x).item(); // => 10
 * sum(x, 0).toArray(); // => [4, 6]
 * sum(x, -1, { keepAxes: true }).toArray(); // => [[3], [7]]
 * ```
 */
export function sum(x: Tensor, axis?: Axes, options?: ReductionOptions): Tensor {
  requireTensor("sum", x);
  return reduce("sum", primitives.sum, x.dtype === "bool" ? castTo(x, "int32") : x, axis, options);
}

/** Product over `axis` (default: all axes); bools count as int32. Products of int32 are int32, modulo 2³² (PyTorch: int64). */
export function prod(x: Tensor, axis?: Axes, options?: ReductionOptions): Tensor {
  requireTensor("prod", x);
  return reduce("prod", primitives.prod, x.dtype === "bool" ? castTo(x, "int32") : x, axis, options);
}

/**
 * Arithmetic mean over `axis` (default: all axes); NaN if there are no elements.
 * @throws DTypeError for integers and bools, as in PyTorch.
 */
export function mean(x: Tensor, axis?: Axes, options?: ReductionOptions): Tensor {
  const axes = reducedAxes("mean", x, axis, options);
  requireDType("mean", x.dtype, ["float32", "float64"]);
  const count = sizeOf(axes.map((each) => x.shape[each] ?? 1));
  return div(finishReduction(apply(primitives.sum, [x], { axes }), axes, options?.keepAxes), scalar(count, x.dtype));
}

/**
 * Largest element over `axis` (default: all axes). NaN counts as largest. Equal elements share the gradient evenly, as in PyTorch's `amax`.
 * @throws ShapeError for no elements.
 */
export function max(x: Tensor, axis?: Axes, options?: ReductionOptions): Tensor {
  return reduce("max", primitives.max, x, axis, options);
}

/**
 * Smallest element over `axis` (default: all axes). If there is a NaN, the result is NaN. Equal elements share the gradient evenly, as in PyTorch's
 * `amin`.
 * @throws ShapeError for no elements.
 */
export function min(x: Tensor, axis?: Axes, options?: ReductionOptions): Tensor {
  return reduce("min", primitives.min, x, axis, options);
}

/** Whether any element along `axis` (default: all axes) is true (not zero); false if there are none. */
export function any(x: Tensor, axis?: Axes, options?: ReductionOptions): Tensor {
  return quantify("any", primitives.max, false, x, axis, options);
}

/** Whether all elements along `axis` (default: all axes) are true (not zero); true if there are none. */
export function all(x: Tensor, axis?: Axes, options?: ReductionOptions): Tensor {
  return quantify("all", primitives.min, true, x, axis, options);
}

function quantify(
  operation: "any" | "all", primitive: Fold, ofNothing: boolean, x: Tensor, axis: Axes, options: ReductionOptions | undefined,
): Tensor {
  const axes = reducedAxes(operation, x, axis, options);
  if (!axes.some((each) => x.shape[each] === 0)) return reduce(operation, primitive, castTo(x, "bool"), axis, options);
  const kept = x.shape.map((length, each) => (axes.includes(each) ? 1 : length));
  return finishReduction(apply(primitives.full, [], { shape: kept, dtype: "bool", value: Number(ofNothing) }), axes, options?.keepAxes);
}

/** How many elements along `axis` (default: all axes) are not zero, as int32. */
export function countNonZero(x: Tensor, axis?: Axes, options?: ReductionOptions): Tensor {
  requireTensor("countNonZero", x);
  return reduce("countNonZero", primitives.sum, castTo(castTo(x, "bool"), "int32"), axis, options);
}

/** Sum over `axis` (default: all axes) of the elements that are not NaN. */
export function nanSum(x: Tensor, axis?: Axes, options?: ReductionOptions): Tensor {
  const axes = reducedAxes("nanSum", x, axis, options);
  return sum(where(isNaN(x), scalar(0, x.dtype), x), axes, options);
}

/**
 * Mean over `axis` (default: all axes) of the elements that are not NaN; NaN if there are none.
 * @throws DTypeError for integers and bools.
 */
export function nanMean(x: Tensor, axis?: Axes, options?: ReductionOptions): Tensor {
  const axes = reducedAxes("nanMean", x, axis, options);
  requireDType("nanMean", x.dtype, ["float32", "float64"]);
  const count = sum(castTo(logicalNot(isNaN(x)), x.dtype), axes, options);
  return div(nanSum(x, axes, options), count);
}

/**
 * `log Σ exp(x)` over `axis` (default: all axes), without overflow; −Infinity if all elements are −Infinity, or there are none, with gradient
 * 0 (PyTorch: NaN).
 */
export function logSumExp(x: Tensor, axis?: Axes, options?: ReductionOptions): Tensor {
  const axes = reducedAxes("logSumExp", x, axis, options);
  const value = toFloat(x);
  if (axes.some((each) => x.shape[each] === 0)) return log(finishReduction(apply(primitives.sum, [exp(value)], { axes }), axes, options?.keepAxes));
  // The maximum cancels in the result, so it carries no gradient. An infinite one is not subtracted: Infinity − Infinity is NaN.
  const largest = apply(primitives.max, [value.detach()], { axes });
  const shift = where(isFinite(largest), largest, scalar(0, largest.dtype));
  const total = apply(primitives.sum, [exp(sub(value, shift))], { axes });
  const isNothing = equal(total, 0);
  const logarithm = where(isNothing, scalar(-Infinity, total.dtype), log(where(isNothing, scalar(1, total.dtype), total)));
  return finishReduction(add(logarithm, shift), axes, options?.keepAxes);
}

function argReduce(primitive: DefinitionOf<"argMax" | "argMin">, x: Tensor, axis: number | undefined, options: ReductionOptions | undefined): Tensor {
  requireTensor(primitive.name, x);
  requireOptions(primitive.name, options, reductionOptions);
  if (axis === undefined) {
    const found = apply(primitive, [reshape(x, [x.size])], { axis: 0 });
    return reshape(found, options?.keepAxes === true ? x.shape.map(() => 1) : []);
  }
  const along = normalizeAxis(primitive.name, axis, x.rank);
  return finishReduction(apply(primitive, [x], { axis: along }), [along], options?.keepAxes);
}

/** Index of the first largest element along `axis`, or in the flattened tensor. If there is a NaN, the result is the index of the first one. */
export function argMax(x: Tensor, axis?: number, options?: ReductionOptions): Tensor {
  return argReduce(primitives.argMax, x, axis, options);
}

/** Index of the first smallest element along `axis`, or in the flattened tensor. If there is a NaN, the result is the index of the first one. */
export function argMin(x: Tensor, axis?: number, options?: ReductionOptions): Tensor {
  return argReduce(primitives.argMin, x, axis, options);
}
