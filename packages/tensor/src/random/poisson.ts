import { requireKind } from "../arguments/kinds.js";
import type { OptionKinds } from "../arguments/options.js";
import { requireDType, type DType, type FloatDType } from "../dtype.js";
import { ArgumentError, ShapeError } from "../errors.js";
import { requireRoom } from "../interpreter/room.js";
import { apply } from "../interpreter/stack.js";
import { castTo, requireTensor, scalar } from "../operand.js";
import { affine } from "../ops/affine.js";
import { abs, add, clamp, div, floor, mul, sub } from "../ops/arithmetic.js";
import { refuseWhere } from "../ops/refuse-where.js";
import { less, lessEqual } from "../ops/comparison.js";
import { exp, log, log1p, sqrt } from "../ops/elementary.js";
import { tensor } from "../ops/from-values.js";
import { logicalAnd, logicalNot, where } from "../ops/logic.js";
import { expand, flatten, reshape } from "../ops/shape.js";
import * as primitives from "../primitives/all.js";
import { broadcastShapes, formatShape, sameShape, sizeOf, type Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { generatorOf, type RandomOptions } from "./distributions.js";
import type { Generator } from "./generator.js";
import { firstAccepted, roundsFor } from "./rejection.js";
import { aboveZero, unitInterval } from "./unit-interval.js";

/** Options of {@link poisson}. */
export interface PoissonOptions extends RandomOptions {
  /** The element type. Default: that of the rates, float32 for a number. */
  readonly dtype?: Exclude<DType, "bool"> | undefined;
}

const poissonOptions: OptionKinds<PoissonOptions> = { dtype: ["int32", "float32", "float64"], generator: "any" };

/** From this rate on, numbers are drawn by rejection; below it, by adding up probabilities. */
const largeRate = 10;

/** At rates below {@link largeRate}, the probability of this many events or more is below the precision of float64. */
const mostEvents = 48;

/** `log k!` of k = 0 … 9. */
const logFactorials = [1, 1, 2, 6, 24, 120, 720, 5040, 40320, 362880].map(Math.log);

/**
 * Independent numbers of events from the Poisson distribution: k with the probability `rateᵏ exp(−rate) / k!`. `rate` is one number, or a
 * tensor of rates that broadcasts to `shape` (default: its own). Below the rate 10, the distribution function is inverted; from there on, the
 * method is that of Hörmann (1993), "The transformed rejection method for generating Poisson random variables". No gradient flows to the
 * rates.
 *
 * @example
 * ```ts
 * import { poisson, tensor } from "@nn/tensor";
 * poisson(tensor([0, 0]), [3, 2]).toArray(); // => [[0, 0], [0, 0], [0, 0]]
 * ```
 * @throws ArgumentError if a rate is negative, infinite or NaN.
 * @throws ShapeError if the rates do not broadcast to `shape`.
 */
export function poisson(rate: number | Tensor, shape?: Shape, options: PoissonOptions = {}): Tensor {
  const generator = generatorOf("poisson", options, poissonOptions);
  if (shape !== undefined) requireRoom("poisson", shape, options.dtype);
  if (typeof rate === "number") {
    requireKind("poisson", "rate", rate, "nonNegative");
    const { dtype = "float32" } = options;
    if (dtype === "int32" && rate > 2 ** 30) throw new ArgumentError(`poisson: numbers of rate ${rate} do not fit into int32; use a float dtype`);
    const size = sizeOf(shape ?? []);
    const drawn = rate < largeRate ? inverted(generator, scalar(rate, "float64"), size) : transformed(generator, scalar(rate, "float64"), rate, size, dtype);
    return reshape(castTo(drawn, dtype), shape ?? []);
  }
  requireTensor("poisson", rate, "rate");
  requireDType("poisson", rate.dtype, ["float32", "float64"], "rate");
  const target = shape ?? rate.shape;
  if (!sameShape(broadcastShapes("poisson", [rate.shape, target]), target)) {
    throw new ShapeError(`poisson: rate ${formatShape(rate.shape)} does not broadcast to ${formatShape(target)}`);
  }
  const dtype = options.dtype ?? (rate.dtype as FloatDType);
  const isRate = logicalAnd(lessEqual(0, rate), less(rate, Infinity));
  const checked = refuseWhere("poisson", "rate holds a value that is not a finite number, at least 0", logicalNot(isRate), rate.detach());
  const rates = castTo(flatten(expand(checked, target)), "float64");
  const isSmall = less(rates, largeRate);
  const small = inverted(generator, where(isSmall, rates, 1), rates.size);
  const large = transformed(generator, where(isSmall, largeRate, rates), largeRate, rates.size, dtype);
  return reshape(castTo(where(isSmall, small, large), dtype), target);
}

/** Draws for rates below {@link largeRate}: counts the cumulative probabilities that a uniform number exceeds. */
function inverted(generator: Generator, rate: Tensor, size: number): Tensor {
  const u = unitInterval(generator, [size], "float64");
  let probability = exp(sub(0, rate));
  let total = probability;
  let events = castTo(lessEqual(total, u), "float64");
  for (let k = 1; k < mostEvents; k++) {
    probability = div(mul(probability, rate), k);
    total = add(total, probability);
    events = add(events, castTo(lessEqual(total, u), "float64"));
  }
  return events;
}

/** Draws for rates of at least `least` ≥ {@link largeRate}, with the constants of Hörmann's PTRS. */
function transformed(generator: Generator, rate: Tensor, least: number, size: number, dtype: DType): Tensor {
  const drawn: FloatDType = dtype === "float64" ? "float64" : "float32";
  const accepted = 1 / (1.1239 + 1.1328 / (0.931 + 2.53 * Math.sqrt(least) - 3.4));
  const shape = [roundsFor(1 - accepted, drawn), size];
  const u = affine(castTo(unitInterval(generator, shape, drawn), "float64"), 1, -0.5);
  const v = castTo(aboveZero(generator, shape, drawn), "float64");
  const b = affine(sqrt(rate), 2.53, 0.931);
  const a = affine(b, 0.02483, -0.059);
  const inverseAlpha = add(1.1239, div(1.1328, sub(b, 3.4)));
  const distance = sub(0.5, abs(u));
  const k = floor(add(mul(add(div(mul(2, a), distance), b), u), add(rate, 0.43)));
  const height = log(div(mul(v, inverseAlpha), add(div(a, mul(distance, distance)), b)));
  const possible = logicalAnd(lessEqual(0, k), lessEqual(height, logProbability(k, rate)));
  return clamp(firstAccepted(k, possible), 0);
}

/** `log(rateᵏ exp(−rate) / k!)`. From 10 events on, it is computed without cancellation (Loader 2000). */
function logProbability(k: Tensor, rate: Tensor): Tensor {
  const few = less(k, logFactorials.length);
  const position = flatten(castTo(clamp(k, 0, logFactorials.length - 1), "int32"));
  const factorial = reshape(apply(primitives.gather, [tensor(logFactorials, { dtype: "float64" }), position], { axis: 0 }), k.shape);
  const direct = sub(sub(mul(k, log(rate)), rate), factorial);
  const many = where(few, rate, k);
  const delta = div(sub(many, rate), rate);
  const deviance = mul(rate, sub(mul(add(1, delta), log1p(delta)), delta));
  const inverse = div(1, many);
  const square = mul(inverse, inverse);
  const stirling = mul(inverse, add(1 / 12, mul(square, add(-1 / 360, mul(square, 1 / 1260)))));
  return where(few, direct, sub(sub(mul(-0.5, log(mul(2 * Math.PI, many))), stirling), deviance));
}
