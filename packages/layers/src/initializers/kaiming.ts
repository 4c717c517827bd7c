import { normal, uniform, type Shape, type Tensor } from "@nn/tensor";
import { calculateFans, type FanMode } from "./fans.js";
import { calculateGain, type Nonlinearity } from "./gain.js";
import type { InitializerOptions } from "./initializer.js";

/** Options of {@link kaimingUniform} and {@link kaimingNormal}. */
export interface KaimingOptions extends InitializerOptions {
  /** Which pass keeps its variance; default `"fanIn"`, the forward one. */
  readonly mode?: FanMode | undefined;
  /** The function that follows; default `"leakyRelu"`, which with slope 0 is relu. */
  readonly nonlinearity?: Nonlinearity | undefined;
  /** The slope of `leakyRelu`; default 0. */
  readonly negativeSlope?: number | undefined;
}

/**
 * Uniform in ±gain·√(3 / fan) (He et al. 2015), for layers before functions of the relu family.
 * @throws ShapeError if the weight has fewer than two axes.
 */
export function kaimingUniform(shape: Shape, { mode, nonlinearity, negativeSlope, ...options }: KaimingOptions = {}): Tensor {
  const bound = Math.sqrt(3) * kaimingDeviation(shape, mode, nonlinearity, negativeSlope);
  return uniform(shape, { low: -bound, high: bound, ...options });
}

/**
 * Normal with standard deviation gain / √fan (He et al. 2015).
 * @throws ShapeError if the weight has fewer than two axes.
 */
export function kaimingNormal(shape: Shape, { mode, nonlinearity, negativeSlope, ...options }: KaimingOptions = {}): Tensor {
  return normal(shape, { std: kaimingDeviation(shape, mode, nonlinearity, negativeSlope), ...options });
}

function kaimingDeviation(shape: Shape, mode: FanMode = "fanIn", nonlinearity: Nonlinearity = "leakyRelu", negativeSlope = 0): number {
  return calculateGain(nonlinearity, negativeSlope) / Math.sqrt(calculateFans(shape)[mode]);
}
