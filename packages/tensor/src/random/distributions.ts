import { isTensor } from "../brand.js";
import { isFloat, requireDType, type DType, type FloatDType } from "../dtype.js";
import { ArgumentError, ShapeError } from "../errors.js";
import { apply } from "../interpreter.js";
import { castTo, requireTensor, scalar } from "../operand.js";
import * as primitives from "../primitives/all.js";
import { affine } from "../ops/affine.js";
import { broadcastShapes, formatShape, requireShape, sameShape, type Shape } from "../shape.js";
import { erf } from "../special/error-function.js";
import type { Tensor } from "../tensor.js";
import { defaultGenerator, type Generator } from "./generator.js";
import { aboveZero, unitInterval } from "./unit-interval.js";

/** Options of every distribution. */
export interface RandomOptions {
  /** Where the random numbers come from; default: the one that `manualSeed` seeds. */
  readonly generator?: Generator | undefined;
}

/** Options of distributions over real numbers. */
export interface RealOptions extends RandomOptions {
  /** Default float32. */
  readonly dtype?: FloatDType | undefined;
}

/** Options of {@link uniform}. */
export interface UniformOptions extends RealOptions {
  /** Default 0. */
  readonly low?: number | undefined;
  /** Default 1. */
  readonly high?: number | undefined;
}

/** Refuses shapes that are none and dtypes that are not floats (which only untyped callers can pass). */
function requireReal(operation: string, shape: Shape, dtype: DType): void {
  requireShape(operation, shape);
  requireDType(operation, dtype, ["float32", "float64"], "result");
}

/**
 * Independent numbers, uniform in [low, high): multiples of 2⁻²⁴ (float64: 2⁻⁵³), scaled.
 *
 * Like all distributions it draws for `shape` what it draws for the same number of elements in any other shape.
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
export function uniform(shape: Shape, { low = 0, high = 1, dtype = "float32", generator = defaultGenerator() }: UniformOptions = {}): Tensor {
  requireReal("uniform", shape, dtype);
  if (!Number.isFinite(high - low) || low > high) throw new ArgumentError(`uniform: low ${low} and high ${high}, expected finite numbers, low not above high`);
  const scaled = affine(unitInterval(generator, shape, dtype), high - low, low);
  return belowHigh(scaled, low, high);
}

/** Keeps what rounding may have moved to `high`, or past it, below. */
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
  /** Default 0. */
  readonly mean?: number | undefined;
  /** Standard deviation; default 1. */
  readonly std?: number | undefined;
}

function requireMoments(operation: string, mean: number, std: number): void {
  if (!Number.isFinite(mean) || !Number.isFinite(std) || std < 0) {
    throw new ArgumentError(`${operation}: mean ${mean} and std ${std}, expected finite numbers, std not negative`);
  }
}

/**
 * Independent numbers from the normal distribution, by Box and Muller (1958): `mean + std · √(−2 log u) · cos(2π v)` with
 * uniform `u` in (0, 1] and `v` in [0, 1). In float32 they lie within 6.7 standard deviations, in float64 within 8.6.
 * @throws ArgumentError unless mean and std are finite and std is not negative.
 */
export function normal(shape: Shape, { mean = 0, std = 1, dtype = "float32", generator = defaultGenerator() }: NormalOptions = {}): Tensor {
  requireReal("normal", shape, dtype);
  requireMoments("normal", mean, std);
  const radius = apply(primitives.sqrt, [affine(apply(primitives.log, [aboveZero(generator, shape, dtype)], {}), -2, 0)], {});
  const angle = affine(unitInterval(generator, shape, dtype), 2 * Math.PI, 0);
  return affine(apply(primitives.mul, [radius, apply(primitives.cos, [angle], {})], {}), std, mean);
}

/** Options of {@link truncatedNormal}. */
export interface TruncatedNormalOptions extends NormalOptions {
  /** Default: two standard deviations below the mean. */
  readonly low?: number | undefined;
  /** Default: two standard deviations above the mean. */
  readonly high?: number | undefined;
}

/**
 * Independent numbers from the normal distribution under the condition that they lie in [low, high], by inverting the
 * distribution function (in float64): `mean + std · √2 · erf⁻¹(w)` with `w` uniform between `erf((low − mean) / (std √2))` and
 * the same of `high`.
 *
 * Without `low` and `high` cut at two standard deviations (PyTorch's `trunc_normal_`: at −2 and 2, whatever std is).
 * @throws ArgumentError unless `low < high` and the distribution has probability between them.
 */
export function truncatedNormal(shape: Shape, options: TruncatedNormalOptions = {}): Tensor {
  const { mean = 0, std = 1, dtype = "float32", generator = defaultGenerator() } = options;
  const { low = mean - 2 * std, high = mean + 2 * std } = options;
  requireReal("truncatedNormal", shape, dtype);
  requireMoments("truncatedNormal", mean, std);
  const start = erf((low - mean) / (std * Math.SQRT2));
  const stop = erf((high - mean) / (std * Math.SQRT2));
  if (!(start < stop)) {
    throw new ArgumentError(`truncatedNormal: no probability between low ${low} and high ${high} for mean ${mean} and std ${std}`);
  }
  const level = affine(unitInterval(generator, shape, "float64"), stop - start, start);
  const inside = affine(apply(primitives.erfInv, [level], {}), std * Math.SQRT2, mean);
  const bounded = apply(primitives.minimum, [apply(primitives.maximum, [inside, scalar(low, "float64")], {}), scalar(high, "float64")], {});
  return castTo(bounded, dtype);
}

/** Options of {@link exponential}. */
export interface ExponentialOptions extends RealOptions {
  /** Events in a unit of time: 1 / mean; default 1. */
  readonly rate?: number | undefined;
}

/**
 * Independent waiting times: numbers x ≥ 0 with the density `rate · exp(−rate · x)`, as `−log(u) / rate`.
 * @throws ArgumentError unless the rate is positive and finite.
 */
export function exponential(shape: Shape, { rate = 1, dtype = "float32", generator = defaultGenerator() }: ExponentialOptions = {}): Tensor {
  requireReal("exponential", shape, dtype);
  if (!(rate > 0 && Number.isFinite(rate))) throw new ArgumentError(`exponential: rate ${rate}, expected a positive finite number`);
  return affine(apply(primitives.log, [aboveZero(generator, shape, dtype)], {}), -1 / rate, 0);
}

/** Options of {@link bernoulli}. */
export interface BernoulliOptions extends RandomOptions {
  /** Default: that of the probabilities, float32 for a number. `"bool"` suits masks. */
  readonly dtype?: DType | undefined;
}

/**
 * Independent trials that give 1 with probability `p` and 0 otherwise. `p` is one number, or a tensor of probabilities, which
 * broadcasts to `shape` (default: its own). A number counts in steps of 2⁻²⁴.
 *
 * @example
 * ```ts
 * import { bernoulli } from "@nn/tensor";
 * bernoulli(1, [3], { dtype: "bool" }).toArray(); // => [true, true, true]
 * ```
 * @throws ArgumentError if a number is not between 0 and 1.
 */
export function bernoulli(p: number | Tensor, shape?: Shape, options: BernoulliOptions = {}): Tensor {
  const { generator = defaultGenerator() } = options;
  if (typeof p === "number") {
    if (!(p >= 0 && p <= 1)) throw new ArgumentError(`bernoulli: probability ${p}, expected a number from 0 to 1`);
    requireShape("bernoulli", shape ?? []);
    const threshold = scalar(Math.round(p * 2 ** 24), "int32");
    return castTo(apply(primitives.less, [generator.randomBits(shape ?? [], 24), threshold], {}), options.dtype ?? "float32");
  }
  requireTensor("bernoulli", p, "p");
  const { dtype } = p;
  if (!isFloat(dtype)) requireDType("bernoulli", dtype, ["float32", "float64"], "p");
  const target = shape ?? p.shape;
  if (!sameShape(broadcastShapes("bernoulli", [p.shape, target]), target)) {
    throw new ShapeError(`bernoulli: p ${formatShape(p.shape)} does not broadcast to ${formatShape(target)}`);
  }
  const drawn = unitInterval(generator, target, dtype === "float64" ? "float64" : "float32");
  return castTo(apply(primitives.less, [drawn, p], {}), options.dtype ?? dtype);
}

/** Options of {@link randomIntegers}. */
export interface RandomIntegersOptions extends RandomOptions {
  /** The smallest; default 0. */
  readonly low?: number | undefined;
  /** One more than the largest. */
  readonly high: number;
}

/**
 * Independent whole numbers (int32), uniform from `low` to `high − 1`: `low + ⌊(high − low) · u⌋` with 53 bits of `u`, so that
 * probabilities differ from equal ones by less than (high − low) · 2⁻⁵³ of their size.
 * @throws ArgumentError unless `low < high` are whole numbers within int32.
 */
export function randomIntegers(shape: Shape, { low = 0, high, generator = defaultGenerator() }: RandomIntegersOptions): Tensor {
  requireShape("randomIntegers", shape);
  if (low !== (low | 0) || high - 1 !== ((high - 1) | 0) || low >= high) {
    throw new ArgumentError(`randomIntegers: low ${low} and high ${high}, expected whole numbers from -2^31 to 2^31, low below high`);
  }
  const steps = affine(unitInterval(generator, shape, "float64"), high - low, 0);
  return castTo(affine(apply(primitives.floor, [steps], {}), 1, low), "int32");
}

/**
 * The whole numbers from 0 to `length − 1` in random order (int32), all orders equally likely up to ties of 53 random bits.
 * @throws ShapeError if the length is not a non-negative whole number.
 */
export function permutation(length: number, { generator = defaultGenerator() }: RandomOptions = {}): Tensor {
  requireShape("permutation", [length]);
  return apply(primitives.argSort, [unitInterval(generator, [length], "float64")], { axis: 0, descending: false });
}

/** What {@link categorical} draws from, along the last axis. */
export type CategoricalWeights =
  /** Logarithms of probabilities, up to an added number. */
  | { readonly logits: Tensor }
  /** Probabilities, up to a factor; none may be negative. */
  | { readonly probabilities: Tensor };

/** Options of {@link categorical}. */
export interface CategoricalOptions extends RandomOptions {
  /** Draws from each distribution, as a last axis of the result. Default: one, without an axis. */
  readonly samples?: number | undefined;
  /** Whether one class can be drawn several times; default true. */
  readonly replacement?: boolean | undefined;
}

/**
 * Classes drawn with the given probabilities along the last axis: int32, `[...]` or `[..., samples]` for `[..., classes]`. By the
 * Gumbel-max trick (Gumbel 1954): the class with the largest `logit − log(−log u)`; without replacement those with the
 * largest, in order (Kool et al. 2019).
 *
 * @example
 * ```ts
 * import { categorical, tensor } from "@nn/tensor";
 * categorical({ probabilities: tensor([0, 1, 0]) }, { samples: 2 }).toArray(); // => [1, 1]
 * ```
 * @throws ShapeError if there are no classes.
 * @throws ArgumentError if more samples are asked for than there are classes, without replacement.
 */
export function categorical(weights: CategoricalWeights, options: CategoricalOptions = {}): Tensor {
  const { samples, replacement = true, generator = defaultGenerator() } = options;
  const logits = logitsOf(weights);
  const classes = logits.shape.at(-1) ?? 0;
  if (classes === 0) throw new ShapeError(`categorical: weights are ${formatShape(logits.shape)}, expected at least one class along a last axis`);
  const least = replacement ? Infinity : classes;
  if (samples !== undefined && (!Number.isInteger(samples) || samples < 0 || samples > least)) {
    throw new ArgumentError(`categorical: cannot draw ${samples} samples from ${classes} classes${replacement ? "" : " without replacement"}`);
  }
  const batch = logits.shape.slice(0, -1);
  const last = batch.length;
  if (!replacement) {
    const order = apply(primitives.argSort, [perturbed(logits, logits.shape, generator)], { axis: last, descending: true });
    const count = samples ?? 1;
    const drawn = apply(primitives.slice, [order], { starts: order.shape.map(() => 0), stops: [...batch, count], steps: order.shape.map(() => 1) });
    return samples === undefined ? apply(primitives.reshape, [drawn], { shape: batch }) : drawn;
  }
  const count = samples === undefined ? [] : [samples];
  const rows = samples === undefined ? logits : apply(primitives.reshape, [logits], { shape: [...batch, 1, classes] });
  const noisy = perturbed(rows, [...batch, ...count, classes], generator);
  return apply(primitives.reshape, [apply(primitives.argMax, [noisy], { axis: noisy.shape.length - 1 })], { shape: [...batch, ...count] });
}

function logitsOf(weights: CategoricalWeights): Tensor {
  const given = "logits" in weights ? weights.logits : weights.probabilities;
  const name = "logits" in weights ? "logits" : "probabilities";
  if (isTensor(weights)) throw new ArgumentError("categorical: weights are a tensor; say which: { logits } or { probabilities }");
  requireTensor("categorical", given, name);
  requireDType("categorical", given.dtype, ["float32", "float64"], name);
  return name === "logits" ? given : apply(primitives.log, [given], {});
}

/** Logits plus noise −log(−log(1 − v)). The noise is finite, so that classes without probability are never drawn. */
function perturbed(logits: Tensor, shape: Shape, generator: Generator): Tensor {
  const { dtype } = logits;
  const [float, below]: [FloatDType, number] = dtype === "float64" ? ["float64", 1 - 2 ** -53] : ["float32", 1 - 2 ** -24];
  const v = apply(primitives.minimum, [aboveZero(generator, shape, float), scalar(below, float)], {});
  const waiting = affine(apply(primitives.log1p, [affine(v, -1, 0)], {}), -1, 0);
  return apply(primitives.sub, [logits, apply(primitives.log, [waiting], {})], {});
}
