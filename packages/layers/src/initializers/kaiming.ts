import { normal, uniform, type Shape, type Tensor } from "@nn/tensor";
import type { OptionKinds } from "@nn/tensor/extend";
import { checkOptions } from "../options.js";
import { fansOf, type FanMode } from "./fans.js";
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

const kaimingOptions: OptionKinds<KaimingOptions> = {
  mode: ["fanIn", "fanOut"], nonlinearity: ["linear", "sigmoid", "tanh", "relu", "leakyRelu", "selu"], negativeSlope: "finite", dtype: ["float32", "float64"], generator: "any",
};

/**
 * Uniform in ±gain·√(3 / fan) (He et al. 2015), for layers before functions of the relu family.
 * @throws ShapeError if the weight has fewer than two axes.
 */
export function kaimingUniform(shape: Shape, options: KaimingOptions = {}): Tensor {
  const [deviation, others] = kaiming("kaimingUniform", shape, options);
  const bound = Math.sqrt(3) * deviation;
  return uniform(shape, { low: -bound, high: bound, ...others });
}

/**
 * Normal with standard deviation gain / √fan (He et al. 2015).
 * @throws ShapeError if the weight has fewer than two axes.
 */
export function kaimingNormal(shape: Shape, options: KaimingOptions = {}): Tensor {
  const [std, others] = kaiming("kaimingNormal", shape, options);
  return normal(shape, { std, ...others });
}

/** The standard deviation, and the options that are left. */
function kaiming(operation: string, shape: Shape, options: KaimingOptions): readonly [deviation: number, others: InitializerOptions] {
  checkOptions(operation, options, kaimingOptions);
  const { mode = "fanIn", nonlinearity = "leakyRelu", negativeSlope = 0, ...others } = options;
  return [calculateGain(nonlinearity, negativeSlope) / Math.sqrt(fansOf(operation, shape)[mode] || 1), others];
}
