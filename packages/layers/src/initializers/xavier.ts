import { normal, uniform, type Shape, type Tensor } from "@nn/tensor";
import type { OptionKinds } from "@nn/tensor/extend";
import { checkOptions } from "../options.js";
import { fansOf } from "./fans.js";
import type { InitializerOptions } from "./initializer.js";

/** Options of {@link xavierUniform} and {@link xavierNormal}. */
export interface XavierOptions extends InitializerOptions {
  /** Factor for the function that follows, see `calculateGain`; default 1. */
  readonly gain?: number | undefined;
}

const xavierOptions: OptionKinds<XavierOptions> = { gain: "finite", dtype: ["float32", "float64"], generator: "any" };

/**
 * Uniform in ±gain·√(6 / (fanIn + fanOut)) (Glorot and Bengio 2010), for layers before tanh or sigmoid.
 * @throws ShapeError if the weight has fewer than two axes.
 */
export function xavierUniform(shape: Shape, options: XavierOptions = {}): Tensor {
  const [deviation, others] = xavier("xavierUniform", shape, options);
  const bound = Math.sqrt(3) * deviation;
  return uniform(shape, { low: -bound, high: bound, ...others });
}

/**
 * Normal with standard deviation gain·√(2 / (fanIn + fanOut)) (Glorot and Bengio 2010).
 * @throws ShapeError if the weight has fewer than two axes.
 */
export function xavierNormal(shape: Shape, options: XavierOptions = {}): Tensor {
  const [std, others] = xavier("xavierNormal", shape, options);
  return normal(shape, { std, ...others });
}

/** The standard deviation, and the options that are left. */
function xavier(operation: string, shape: Shape, options: XavierOptions): readonly [deviation: number, others: InitializerOptions] {
  checkOptions(operation, options, xavierOptions);
  const { gain = 1, ...others } = options;
  const { fanIn, fanOut } = fansOf(operation, shape);
  return [gain * Math.sqrt(2 / (fanIn + fanOut || 1)), others];
}
