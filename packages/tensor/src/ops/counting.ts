import { requireOptions, type OptionKinds } from "../arguments/options.js";
import { mostBytes, requireDType } from "../dtype.js";
import { ArgumentError, ShapeError } from "../errors.js";
import { apply } from "../interpreter/stack.js";
import { castTo, requireTensor, scalar, toFloat } from "../operand.js";
import { inNameOf, outOfMemory } from "../out-of-memory.js";
import * as primitives from "../primitives/all.js";
import { broadcastShapes, formatShape, requireShape, sameShape, stridesOf, tooLarge } from "../shape.js";
import { knownValues } from "../storage.js";
import type { Tensor } from "../tensor.js";
import { full } from "./creation.js";
import { tensor } from "./from-values.js";
import { expand, flatten } from "./shape.js";

/**
 * The positions of the elements that are not zero, in row-major order: int32 `[count, rank]`.
 *
 * The shape depends on the values, so this works in eager execution only.
 *
 * @example
 * ```ts
 * import { nonZero, tensor } from "@nn/tensor";
 * nonZero(tensor([[0, 5], [7, 0]])).toArray(); // => [[0, 1], [1, 0]]
 * ```
 * @throws UsageError inside a compiled function.
 */
export function nonZero(x: Tensor): Tensor {
  requireTensor("nonZero", x);
  const flat = truePositions("nonZero", x);
  const strides = stridesOf(x.shape);
  const positions = flat.flatMap((at) => strides.map((stride, axis) => Math.floor(at / stride) % (x.shape[axis] as number)));
  return tensor(Int32Array.from(positions), { shape: [flat.length, x.shape.length] });
}

function truePositions(operation: string, x: Tensor): number[] {
  const positions: number[] = [];
  x.data(operation).forEach((value, at) => {
    if (value !== 0) positions.push(at);
  });
  return positions;
}

/**
 * The elements where the bool `mask` is true, in row-major order, as a vector; `x` and `mask` broadcast. Gradients flow to `x`.
 *
 * The shape depends on the values, so this works in eager execution only; compiled functions use `where` or `maskedFill`.
 *
 * @example
 * ```ts
 * import { maskedSelect, tensor } from "@nn/tensor";
 * maskedSelect(tensor([1, 2, 3]), tensor([true, false, true])).toArray(); // => [1, 3]
 * ```
 * @throws DTypeError if the mask is not bool.
 * @throws UsageError inside a compiled function.
 */
export function maskedSelect(x: Tensor, mask: Tensor): Tensor {
  requireTensor("maskedSelect", x);
  requireTensor("maskedSelect", mask, "mask");
  requireDType("maskedSelect", mask.dtype, ["bool"], "mask");
  const shape = broadcastShapes("maskedSelect", [x.shape, mask.shape]);
  const positions = truePositions("maskedSelect", expand(mask, shape));
  return apply(primitives.gather, [flatten(expand(x, shape)), tensor(Int32Array.from(positions))], { axis: 0 });
}

/** The result of {@link unique}. */
export interface UniqueElements {
  /** Every element once. */
  readonly values: Tensor;
  /** For each element of the input, its position in `values`: int32, of the input's shape. */
  readonly inverse: Tensor;
  /** How often each of `values` occurs: int32. */
  readonly counts: Tensor;
}

/** Options of {@link unique}. */
export interface UniqueOptions {
  /** `"sorted"`: smallest first; `"appearance"`: in the order in which they first appear. Default: `"sorted"`. */
  readonly order?: "sorted" | "appearance" | undefined;
}

const uniqueOptions: OptionKinds<UniqueOptions> = { order: ["sorted", "appearance"] };

/**
 * The different elements of a tensor with their counts. Each NaN counts as a different element, as in PyTorch; in sorted order NaNs come last.
 *
 * The shape depends on the values, so this works in eager execution only.
 *
 * @example
 * ```ts
 * import { tensor, unique } from "@nn/tensor";
 * unique(tensor([3, 1, 3, 2])).values.toArray(); // => [1, 2, 3]
 * unique(tensor([3, 1, 3, 2]), { order: "appearance" }).values.toArray(); // => [3, 1, 2]
 * ```
 * @throws UsageError inside a compiled function.
 */
export function unique(x: Tensor, options: UniqueOptions = {}): UniqueElements {
  requireTensor("unique", x);
  requireOptions("unique", options, uniqueOptions);
  const data = x.data("unique");
  const order = apply(primitives.argSort, [flatten(x)], { axis: 0, descending: false }).data("unique");
  const inverse = new Int32Array(data.length);
  const firsts: number[] = [];
  const counts: number[] = [];
  for (const [at, position] of order.entries()) {
    const before = at === 0 ? undefined : data[order[at - 1] as number];
    if (data[position] !== before) {
      firsts.push(position);
      counts.push(0);
    }
    inverse[position] = counts.length - 1;
    counts[counts.length - 1] = (counts.at(-1) as number) + 1;
  }
  // Sorting is stable, so the first of equal elements is the one that appears first.
  const kept = Array.from(firsts, (_, at) => at);
  if (options.order === "appearance") kept.sort((a, b) => (firsts[a] as number) - (firsts[b] as number));
  const positions = new Int32Array(kept.length);
  for (const [at, old] of kept.entries()) positions[old] = at;
  const arranged = (list: readonly number[]): Tensor => tensor(Int32Array.from(kept, (at) => list[at] as number));
  return {
    values: apply(primitives.gather, [flatten(x), arranged(firsts)], { axis: 0 }),
    inverse: tensor(inverse.map((at) => positions[at] as number), { shape: x.shape }),
    counts: arranged(counts),
  };
}

/** Options of {@link binCount}. */
export interface BinCountOptions {
  /** Weights to sum instead of counting, of the shape of `x`. */
  readonly weights?: Tensor | undefined;
  /** The result has at least this length; default 0. */
  readonly minLength?: number | undefined;
}

const binCountOptions: OptionKinds<BinCountOptions> = { weights: "tensor", minLength: "size" };

/**
 * How often each whole number from 0 to the largest occurs in `x` (int32), or the sum of the weights of its occurrences.
 *
 * The shape depends on the values, so this works in eager execution only.
 * @throws ArgumentError if a number is negative.
 * @throws ShapeError if the weights have another shape.
 * @throws UsageError inside a compiled function.
 */
export function binCount(x: Tensor, options: BinCountOptions = {}): Tensor {
  requireTensor("binCount", x);
  requireOptions("binCount", options, binCountOptions);
  const { weights, minLength = 0 } = options;
  requireDType("binCount", x.dtype, ["int32"]);
  if (weights !== undefined) requireDType("binCount", weights.dtype, ["float32", "float64", "int32"], "weights");
  if (weights !== undefined && !sameShape(weights.shape, x.shape)) {
    throw new ShapeError(`binCount: weights are ${formatShape(weights.shape)}, expected ${formatShape(x.shape)}, the shape of the input`);
  }
  let length = minLength;
  for (const value of x.data("binCount")) {
    if (value < 0) throw new ArgumentError(`binCount: found ${value}, expected non-negative whole numbers`);
    length = Math.max(length, value + 1);
  }
  if (length * 4 > mostBytes) throw outOfMemory("binCount", tooLarge([length], "int32"));
  const amounts = weights ?? full(x.shape, 1, { dtype: "int32" });
  return apply(primitives.scatterAdd, [full([length], 0, { dtype: amounts.dtype }), flatten(x), flatten(amounts)], { axis: 0 });
}

/** Options of {@link histogram}. */
export interface HistogramOptions {
  /** Number of bins; default 100. */
  readonly bins?: number | undefined;
  /** Start of the first bin. Default: the smallest element. */
  readonly low?: number | undefined;
  /** End of the last bin, which it includes. Default: the largest element. */
  readonly high?: number | undefined;
}

const histogramOptions: OptionKinds<HistogramOptions> = { bins: "count", low: "finite", high: "finite" };

/**
 * How many elements lie in each of equally wide bins from `low` to `high`, in the dtype of `x` (float32 for integers). Each bin includes
 * its start, and the last one also its end. Elements outside are not counted. If `low` or `high` is left out, elements must be finite.
 * @throws ArgumentError unless `low < high` and there is at least one bin.
 */
export function histogram(x: Tensor, options: HistogramOptions = {}): Tensor {
  requireTensor("histogram", x);
  requireOptions("histogram", options, histogramOptions);
  const { bins = 100, low, high } = options;
  requireShape("histogram", [bins]);
  if (low !== undefined && high !== undefined && !(low < high && Number.isFinite(high - low))) {
    throw new ArgumentError(`histogram: low ${low} and high ${high}, expected finite numbers, low below high`);
  }
  const values = flatten(toFloat(x));
  if (x.size === 0 && (low === undefined || high === undefined)) throw new ArgumentError("histogram: there are no elements to take the range from; give low and high");
  const least = low === undefined ? apply(primitives.min, [values], { axes: [0] }) : scalar(low, values.dtype);
  const most = high === undefined ? apply(primitives.max, [values], { axes: [0] }) : scalar(high, values.dtype);
  // A range without width is widened by 1 on both ends, as in PyTorch.
  const widening = castTo(apply(primitives.equal, [least, most], {}), values.dtype);
  const start = apply(primitives.sub, [least, widening], {});
  const stop = apply(primitives.add, [most, widening], {});
  requireRange(least, most);
  const width = apply(primitives.sub, [stop, start], {});
  const fraction = apply(primitives.div, [apply(primitives.sub, [values, start], {}), width], {});
  const bin = castTo(apply(primitives.floor, [apply(primitives.mul, [fraction, scalar(bins, values.dtype)], {})], {}), "int32");
  const within = apply(primitives.logicalAnd, [apply(primitives.lessEqual, [start, values], {}), apply(primitives.lessEqual, [values, stop], {})], {});
  const last = scalar(bins - 1, "int32");
  const position = apply(primitives.maximum, [apply(primitives.minimum, [bin, last], {}), scalar(0, "int32")], {});
  // In a compiled function, the counts are NaN if the range turns out infinite or NaN.
  const weights = apply(primitives.add, [castTo(within, values.dtype), apply(primitives.sub, [width, width], {})], {});
  return inNameOf("histogram", () => apply(primitives.scatterAdd, [full([bins], 0, { dtype: values.dtype }), position, weights], { axis: 0 }));
}

/** Throws for a range of elements that is not finite, where their values are known. */
function requireRange(least: Tensor, most: Tensor): void {
  const [low, high] = [knownValues(least)?.[0], knownValues(most)?.[0]];
  if (low === undefined || high === undefined || (low <= high && Number.isFinite(high - low))) return;
  throw new ArgumentError(`histogram: the range is from ${low} to ${high}, expected finite numbers, low not above high`);
}
