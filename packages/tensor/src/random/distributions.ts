import { requireDType, type FloatDType } from "../dtype.js";
import { ArgumentError } from "../errors.js";
import { bind } from "../interpreter.js";
import { castTo, scalar } from "../operand.js";
import { requireShape, type Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { defaultGenerator, type Generator } from "./generator.js";

/** Options of every distribution. */
export interface RandomOptions {
  /** Where the random numbers come from; default: the one that `manualSeed` seeds. */
  readonly generator?: Generator;
}

/** Options of {@link uniform}. */
export interface UniformOptions extends RandomOptions {
  /** Default 0. */
  readonly low?: number;
  /** Default 1. */
  readonly high?: number;
  /** Default float32. */
  readonly dtype?: FloatDType;
}

/** Options of {@link normal}. */
export interface NormalOptions extends RandomOptions {
  /** Default 0. */
  readonly mean?: number;
  /** Standard deviation; default 1. */
  readonly std?: number;
  /** Default float32. */
  readonly dtype?: FloatDType;
}

/**
 * Independent numbers, uniform in [low, high): multiples of 2⁻²⁴ (float64: 2⁻⁵³), scaled.
 * @throws ArgumentError unless low ≤ high and both are finite.
 */
export function uniform(shape: Shape, { low = 0, high = 1, dtype = "float32", generator = defaultGenerator() }: UniformOptions = {}): Tensor {
  requireShape("uniform", shape);
  requireDType("uniform", dtype, ["float32", "float64"], "result");
  if (!Number.isFinite(high - low) || low > high) throw new ArgumentError(`uniform: there are no numbers in [${low}, ${high})`);
  return affine(unitInterval(generator, shape, dtype), high - low, low);
}

/** Uniform in [0, 1): as many bits as the dtype's significand holds. */
function unitInterval(generator: Generator, shape: Shape, dtype: FloatDType): Tensor {
  if (dtype === "float32") return affine(castTo(generator.randomBits(shape, 24), dtype), 2 ** -24, 0);
  const high = affine(castTo(generator.randomBits(shape, 26), dtype), 2 ** -26, 0);
  const low = affine(castTo(generator.randomBits(shape, 27), dtype), 2 ** -53, 0);
  return bind("add", [high, low], {});
}

/**
 * Independent numbers from the normal distribution, by Box and Muller (1958): `mean + std · √(−2 log u) · cos(2π v)` with
 * uniform `u` in (0, 1] and `v` in [0, 1).
 * @throws ArgumentError unless std is not negative and both are finite.
 */
export function normal(shape: Shape, { mean = 0, std = 1, dtype = "float32", generator = defaultGenerator() }: NormalOptions = {}): Tensor {
  requireShape("normal", shape);
  requireDType("normal", dtype, ["float32", "float64"], "result");
  if (!Number.isFinite(mean) || !Number.isFinite(std) || std < 0) {
    throw new ArgumentError(`normal: mean ${mean} and std ${std}; expected finite numbers, std not negative`);
  }
  const radius = bind("sqrt", [affine(bind("log", [aboveZero(generator, shape, dtype)], {}), -2, 0)], {});
  const angle = affine(unitInterval(generator, shape, dtype), 2 * Math.PI, 0);
  return affine(bind("mul", [radius, bind("cos", [angle], {})], {}), std, mean);
}

/** Uniform in (0, 1], fine near 0: 2⁻³² is the smallest in float32, so that the tails reach 6.6 standard deviations. */
function aboveZero(generator: Generator, shape: Shape, dtype: FloatDType): Tensor {
  if (dtype === "float32") return affine(castTo(generator.randomBits(shape, 31), dtype), 2 ** -31, 2 ** -32);
  return affine(unitInterval(generator, shape, dtype), -1, 1);
}

/** `x · factor + offset`, leaving out what changes nothing. */
function affine(x: Tensor, factor: number, offset: number): Tensor {
  const scaled = factor === 1 ? x : bind("mul", [x, scalar(factor, x.dtype)], {});
  return offset === 0 ? scaled : bind("add", [scaled, scalar(offset, x.dtype)], {});
}
