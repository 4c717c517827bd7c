import { describeValue } from "../arguments/describe.js";
import { requireKind } from "../arguments/kinds.js";
import { requireOptions, type OptionKinds } from "../arguments/options.js";
import { dtypes, requireDType, type DType, type FloatDType } from "../dtype.js";
import { ArgumentError, ShapeError } from "../errors.js";
import { requireRoom } from "../interpreter/room.js";
import { apply } from "../interpreter/stack.js";
import { castTo, requireTensor, scalar } from "../operand.js";
import * as primitives from "../primitives/all.js";
import { affine } from "../ops/affine.js";
import { broadcastShapes, formatShape, sameShape, type Shape } from "../shape.js";
import { erf } from "../special/error-function.js";
import type { Tensor } from "../tensor.js";
import { refuseWhere } from "../ops/refuse-where.js";
import { defaultGenerator, Generator } from "./generator.js";
import { aboveZero, unitInterval } from "./unit-interval.js";

/** Options of every distribution. */
export interface RandomOptions {
  /** The source of random numbers. Default: the generator that `manualSeed` seeds. */
  readonly generator?: Generator | undefined;
}

/** Options of distributions over real numbers. */
export interface RealOptions extends RandomOptions {
  /** The element type. Default: float32. */
  readonly dtype?: FloatDType | undefined;
}

/** Options of {@link uniform}. */
export interface UniformOptions extends RealOptions {
  /** The lower bound. Default: 0. */
  readonly low?: number | undefined;
  /** The upper bound. Default: 1. */
  readonly high?: number | undefined;
}

const uniformOptions: OptionKinds<UniformOptions> = { low: "finite", high: "finite", dtype: ["float32", "float64"], generator: "any" };

/** Checks options and returns their generator. */
export function generatorOf(operation: string, options: RandomOptions | undefined, kinds: OptionKinds<RandomOptions>): Generator {
  requireOptions(operation, options, kinds);
  const generator: unknown = options?.generator ?? defaultGenerator();
  if (generator instanceof Generator) return generator;
  throw new ArgumentError(`${operation}: generator is ${describeValue(generator)}, expected a Generator`);
}

/**
 * Independent uniform numbers in [low, high): scaled multiples of 2⁻²⁴ (float64: 2⁻⁵³).
 *
 * As for all distributions, the numbers depend on the number of elements, not on the shape.
 *
 * @example
 * ```ts
 * import { manualSeed, uniform } from "@nn/tensor";
 * manualSeed(1);
 * const first = uniform([2, 3], { low: -1, high: 1 }).toArray();
 * manualSeed(1);
 * const again = uniform([2, 3], { low: -1, high: 1 }).toArray(); // the same
 * ```
 * @throws ArgumentError unless low and high are finite and low ≤ high.
 */
export function uniform(shape: Shape, options: UniformOptions = {}): Tensor {
  const generator = generatorOf("uniform", options, uniformOptions);
  const { low = 0, high = 1, dtype = "float32" } = options;
  requireRoom("uniform", shape, dtype);
  if (!Number.isFinite(high - low) || low > high) throw new ArgumentError(`uniform: low ${low} and high ${high}, expected finite numbers, low not above high`);
  const scaled = affine(unitInterval(generator, shape, dtype), high - low, low);
  return belowHigh(scaled, low, high);
}

/** Keeps numbers below `high`, even if rounding has moved them to it or beyond. */
function belowHigh(x: Tensor, low: number, high: number): Tensor {
  const round = x.dtype === "float32" ? Math.fround : (value: number): number => value;
  const precision = x.dtype === "float32" ? 2 ** -24 : 2 ** -53;
  const largest = round(round(round(high - low) * (1 - precision)) + round(low));
  const largestIfFused = round(round(high - low) * (1 - precision) + round(low));
  if (largest < high && largestIfFused < high) return x;
  const below = round(high) - Math.abs(round(high)) * precision * 2;
  return apply(primitives.minimum, [x, scalar(Math.max(round(low), below), x.dtype)], {});
}

/** Options of {@link normal}. */
export interface NormalOptions extends RealOptions {
  /** The mean. Default: 0. */
  readonly mean?: number | undefined;
  /** The standard deviation. Default: 1. */
  readonly std?: number | undefined;
}

const normalOptions: OptionKinds<NormalOptions> = { mean: "finite", std: "nonNegative", dtype: ["float32", "float64"], generator: "any" };

/**
 * Independent normally distributed numbers, by the method of Box and Muller (1958): `mean + std · √(−2 log u) · cos(2π v)` with
 * uniform `u` in (0, 1] and `v` in [0, 1). They lie within 6.7 standard deviations in float32, and within 8.6 in float64.
 * @throws ArgumentError unless mean and std are finite and std is not negative.
 */
export function normal(shape: Shape, options: NormalOptions = {}): Tensor {
  const generator = generatorOf("normal", options, normalOptions);
  const { mean = 0, std = 1, dtype = "float32" } = options;
  requireRoom("normal", shape, dtype);
  return affine(standardNormal(generator, shape, dtype), std, mean);
}

/** Normally distributed numbers with mean 0 and standard deviation 1, by the method of Box and Muller. */
export function standardNormal(generator: Generator, shape: Shape, dtype: FloatDType): Tensor {
  const radius = apply(primitives.sqrt, [affine(apply(primitives.log, [aboveZero(generator, shape, dtype)], {}), -2, 0)], {});
  const angle = affine(unitInterval(generator, shape, dtype), 2 * Math.PI, 0);
  return apply(primitives.mul, [radius, apply(primitives.cos, [angle], {})], {});
}

/** Options of {@link truncatedNormal}. */
export interface TruncatedNormalOptions extends NormalOptions {
  /** The lower bound. Default: two standard deviations below the mean. */
  readonly low?: number | undefined;
  /** The upper bound. Default: two standard deviations above the mean. */
  readonly high?: number | undefined;
}

const truncatedNormalOptions: OptionKinds<TruncatedNormalOptions> = {
  mean: "finite", std: "nonNegative", low: "number", high: "number", dtype: ["float32", "float64"], generator: "any",
};

/**
 * Independent normally distributed numbers, under the condition that they lie in [low, high]. The distribution function is inverted in
 * float64: `mean + std · √2 · erf⁻¹(w)` with `w` uniform between `erf((low − mean) / (std √2))` and `erf((high − mean) / (std √2))`.
 *
 * The default bounds are two standard deviations from the mean (PyTorch's `trunc_normal_`: −2 and 2 for every std).
 * @throws ArgumentError unless `low < high` and the distribution has probability between them.
 */
export function truncatedNormal(shape: Shape, options: TruncatedNormalOptions = {}): Tensor {
  const generator = generatorOf("truncatedNormal", options, truncatedNormalOptions);
  const { mean = 0, std = 1, dtype = "float32" } = options;
  const { low = mean - 2 * std, high = mean + 2 * std } = options;
  requireRoom("truncatedNormal", shape, dtype);
  const start = erf((low - mean) / (std * Math.SQRT2));
  const stop = erf((high - mean) / (std * Math.SQRT2));
  if (!(start < stop)) {
    throw new ArgumentError(`truncatedNormal: no probability between low ${low} and high ${high} for mean ${mean} and std ${std}`);
  }
  // The level stays above −1, because erf⁻¹(−1) is −Infinity.
  const level = apply(primitives.maximum, [affine(unitInterval(generator, shape, "float64"), stop - start, start), scalar(2 ** -53 - 1, "float64")], {});
  const inside = affine(apply(primitives.erfInv, [level], {}), std * Math.SQRT2, mean);
  const bounded = apply(primitives.minimum, [apply(primitives.maximum, [inside, scalar(low, "float64")], {}), scalar(high, "float64")], {});
  return castTo(bounded, dtype);
}

/** Options of {@link exponential}. */
export interface ExponentialOptions extends RealOptions {
  /** The number of events in a unit of time, 1 / mean. Default: 1. */
  readonly rate?: number | undefined;
}

const exponentialOptions: OptionKinds<ExponentialOptions> = { rate: "positive", dtype: ["float32", "float64"], generator: "any" };

/**
 * Independent exponentially distributed waiting times: x ≥ 0 with the density `rate · exp(−rate · x)`, computed as `−log(u) / rate`.
 * @throws ArgumentError unless the rate is positive and finite.
 */
export function exponential(shape: Shape, options: ExponentialOptions = {}): Tensor {
  const generator = generatorOf("exponential", options, exponentialOptions);
  const { rate = 1, dtype = "float32" } = options;
  requireRoom("exponential", shape, dtype);
  return affine(apply(primitives.log, [aboveZero(generator, shape, dtype)], {}), -1 / rate, 0);
}

/** Options of {@link bernoulli}. */
export interface BernoulliOptions extends RandomOptions {
  /** The element type. Default: that of the probabilities, float32 for a number. Use `"bool"` for masks. */
  readonly dtype?: DType | undefined;
}

const bernoulliOptions: OptionKinds<BernoulliOptions> = { dtype: dtypes, generator: "any" };

/**
 * Independent trials: 1 with probability `p`, otherwise 0. `p` is one number, or a tensor of probabilities that broadcasts to `shape`
 * (default: its own). A number is rounded to a multiple of 2⁻²⁴.
 *
 * @example
 * ```ts
 * import { bernoulli } from "@nn/tensor";
 * bernoulli(1, [3], { dtype: "bool" }).toArray(); // => [true, true, true]
 * ```
 * @throws ArgumentError if a probability is not between 0 and 1.
 */
export function bernoulli(p: number | Tensor, shape?: Shape, options: BernoulliOptions = {}): Tensor {
  const generator = generatorOf("bernoulli", options, bernoulliOptions);
  if (shape !== undefined) requireRoom("bernoulli", shape, options.dtype);
  if (typeof p === "number") {
    requireKind("bernoulli", "p", p, "probability");
    const threshold = scalar(Math.round(p * 2 ** 24), "int32");
    return castTo(apply(primitives.less, [generator.randomBits(shape ?? [], 24), threshold], {}), options.dtype ?? "float32");
  }
  requireTensor("bernoulli", p, "p");
  const { dtype } = p;
  requireDType("bernoulli", dtype, ["float32", "float64"], "p");
  const target = shape ?? p.shape;
  if (!sameShape(broadcastShapes("bernoulli", [p.shape, target]), target)) {
    throw new ShapeError(`bernoulli: p ${formatShape(p.shape)} does not broadcast to ${formatShape(target)}`);
  }
  const isProbability = apply(primitives.logicalAnd, [apply(primitives.lessEqual, [scalar(0, dtype), p], {}), apply(primitives.lessEqual, [p, scalar(1, dtype)], {})], {});
  const chance = refuseWhere("bernoulli", "p holds a value that is not a number from 0 to 1", apply(primitives.logicalNot, [isProbability], {}), p);
  const drawn = unitInterval(generator, target, dtype === "float64" ? "float64" : "float32");
  return castTo(apply(primitives.less, [drawn, chance], {}), options.dtype ?? dtype);
}

/** Options of {@link randomIntegers}. */
export interface RandomIntegersOptions extends RandomOptions {
  /** The smallest number. Default: 0. */
  readonly low?: number | undefined;
  /** One more than the largest number. */
  readonly high: number;
}

const randomIntegersOptions: OptionKinds<RandomIntegersOptions> = { low: "integer", high: "integer", generator: "any" };

/**
 * Independent uniform whole numbers (int32) from `low` to `high − 1`: `low + ⌊(high − low) · u⌋` with 53 bits of `u`. The relative error of
 * the probabilities is less than (high − low) · 2⁻⁵³.
 * @throws ArgumentError unless `low < high` are whole numbers within int32.
 */
export function randomIntegers(shape: Shape, options: RandomIntegersOptions): Tensor {
  requireKind("randomIntegers", "high", (options as Partial<RandomIntegersOptions> | undefined)?.high, "integer");
  const generator = generatorOf("randomIntegers", options, randomIntegersOptions);
  const { low = 0, high } = options;
  requireRoom("randomIntegers", shape, "int32");
  if (low !== (low | 0) || high - 1 !== ((high - 1) | 0) || low >= high) {
    throw new ArgumentError(`randomIntegers: low ${low} and high ${high}, expected whole numbers from -2^31 to 2^31, low below high`);
  }
  const steps = affine(unitInterval(generator, shape, "float64"), high - low, 0);
  return castTo(affine(apply(primitives.floor, [steps], {}), 1, low), "int32");
}

const randomOptions: OptionKinds<RandomOptions> = { generator: "any" };

/**
 * The whole numbers from 0 to `length − 1` in random order (int32). All orders are equally likely, except for ties of 53 random bits.
 * @throws ArgumentError if the length is not a non-negative whole number.
 */
export function permutation(length: number, options: RandomOptions = {}): Tensor {
  requireKind("permutation", "length", length, "size");
  requireRoom("permutation", [length], "int32");
  const generator = generatorOf("permutation", options, randomOptions);
  return apply(primitives.argSort, [unitInterval(generator, [length], "float64")], { axis: 0, descending: false });
}
