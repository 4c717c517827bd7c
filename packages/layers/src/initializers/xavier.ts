import { normal, uniform, type Shape, type Tensor } from "@nn/tensor";
import { calculateFans } from "./fans.js";
import type { InitializerOptions } from "./initializer.js";

/** Options of {@link xavierUniform} and {@link xavierNormal}. */
export interface XavierOptions extends InitializerOptions {
  /** Factor for the function that follows, see `calculateGain`; default 1. */
  readonly gain?: number | undefined;
}

/**
 * Uniform in ±gain·√(6 / (fanIn + fanOut)) (Glorot and Bengio 2010), for layers before tanh or sigmoid.
 * @throws ShapeError if the weight has fewer than two axes.
 */
export function xavierUniform(shape: Shape, { gain = 1, ...options }: XavierOptions = {}): Tensor {
  const bound = Math.sqrt(3) * xavierDeviation(shape, gain);
  return uniform(shape, { low: -bound, high: bound, ...options });
}

/**
 * Normal with standard deviation gain·√(2 / (fanIn + fanOut)) (Glorot and Bengio 2010).
 * @throws ShapeError if the weight has fewer than two axes.
 */
export function xavierNormal(shape: Shape, { gain = 1, ...options }: XavierOptions = {}): Tensor {
  return normal(shape, { std: xavierDeviation(shape, gain), ...options });
}

function xavierDeviation(shape: Shape, gain: number): number {
  const { fanIn, fanOut } = calculateFans(shape);
  return gain * Math.sqrt(2 / (fanIn + fanOut));
}
