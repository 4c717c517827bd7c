import { requireRoom } from "../interpreter/room.js";
import { requireKind } from "../arguments/kinds.js";
import type { OptionKinds } from "../arguments/options.js";
import type { FloatDType } from "../dtype.js";
import { castTo } from "../operand.js";
import { affine } from "../ops/affine.js";
import { add, maximum, mul, sub } from "../ops/arithmetic.js";
import { less } from "../ops/comparison.js";
import { exp, log } from "../ops/elementary.js";
import { reshape } from "../ops/shape.js";
import { sizeOf, type Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { generatorOf, standardNormal, type RealOptions } from "./distributions.js";
import type { Generator } from "./generator.js";
import { firstAccepted, roundsFor } from "./rejection.js";
import { aboveZero } from "./unit-interval.js";

/** Options of {@link gamma}. */
export interface GammaOptions extends RealOptions {
  /** The shape parameter, above 0: the number of events to wait for. */
  readonly concentration: number;
  /** The number of events in a unit of time, 1 / scale. Default: 1. */
  readonly rate?: number | undefined;
}

const gammaOptions: OptionKinds<GammaOptions> = { concentration: "positive", rate: "positive", dtype: ["float32", "float64"], generator: "any" };

const smallestNormal: { readonly [D in FloatDType]: number } = { float32: 2 ** -126, float64: 2 ** -1022 };

/**
 * Independent positive numbers x from the gamma distribution, with the density `rateᵃ xᵃ⁻¹ exp(−rate · x) / Γ(a)` for the concentration `a`. The mean
 * is `a / rate`, the variance `a / rate²`. It uses the method of Marsaglia and Tsang (2000), "A simple method for generating gamma variables".
 * Numbers that are too small for the dtype become its smallest normal number.
 *
 * @example
 * ```ts
 * import { gamma, mean } from "@nn/tensor";
 * const waiting = gamma([1000], { concentration: 3, rate: 2 }); // around 1.5
 * ```
 * @throws ArgumentError unless concentration and rate are positive and finite.
 */
export function gamma(shape: Shape, options: GammaOptions): Tensor {
  requireKind("gamma", "concentration", (options as Partial<GammaOptions> | null | undefined)?.concentration, "positive");
  const generator = generatorOf("gamma", options, gammaOptions);
  const { concentration, rate = 1, dtype = "float32" } = options;
  requireRoom("gamma", shape, dtype);
  const size = sizeOf(shape);
  const logarithm = concentration < 1
    // A sample of concentration a + 1, times a power of a uniform number, is a sample of concentration a.
    ? add(log(marsagliaTsang(generator, concentration + 1, size, dtype)), affine(log(castTo(aboveZero(generator, [size], dtype), "float64")), 1 / concentration, 0))
    : log(marsagliaTsang(generator, concentration, size, dtype));
  const drawn = maximum(exp(sub(logarithm, Math.log(rate))), smallestNormal[dtype]);
  return reshape(castTo(drawn, dtype), shape);
}

/** `size` float64 numbers with concentration `a ≥ 1` and rate 1: `d (1 + c z)³` with normal `z`, `d = a − ⅓` and `c = 1 / (3 √d)`. */
function marsagliaTsang(generator: Generator, a: number, size: number, dtype: FloatDType): Tensor {
  const d = a - 1 / 3;
  // The fraction of rejected candidates is 0.05 at a = 1 and falls as a grows.
  const shape = [roundsFor(0.05 / a, dtype), size];
  const z = castTo(standardNormal(generator, shape, dtype), "float64");
  const u = castTo(aboveZero(generator, shape, dtype), "float64");
  const root = affine(z, 1 / (3 * Math.sqrt(d)), 1);
  const v = mul(root, mul(root, root));
  // Where v is negative, the limit is NaN, and the candidate is not accepted.
  const limit = add(affine(mul(z, z), 0.5, d), mul(d, sub(log(v), v)));
  return mul(d, maximum(firstAccepted(v, less(log(u), limit)), Number.MIN_VALUE));
}
