import { normal, uniform, type Shape, type Tensor } from "@nn/tensor";
import type { OptionKinds } from "@nn/tensor/extend";
import { checkOptions } from "../options.js";
import { calculateGain, fansOf, type FanMode, type Nonlinearity } from "./fans.js";
import { initializerOptions, type InitializerOptions } from "./initializer.js";

/** Options of {@link xavierUniform} and {@link xavierNormal}. */
export interface XavierOptions extends InitializerOptions {
  /** Factor for the function after the layer, see `calculateGain`; default 1. */
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

/** The standard deviation, and the remaining options. */
function xavier(operation: string, shape: Shape, options: XavierOptions): readonly [deviation: number, others: InitializerOptions] {
  checkOptions(operation, options, xavierOptions);
  const { gain = 1, ...others } = options;
  const { fanIn, fanOut } = fansOf(operation, shape);
  return [gain * Math.sqrt(2 / (fanIn + fanOut || 1)), others];
}

/** Options of {@link kaimingUniform} and {@link kaimingNormal}. */
export interface KaimingOptions extends InitializerOptions {
  /** The pass that keeps its variance; default `"fanIn"`, the forward pass. */
  readonly mode?: FanMode | undefined;
  /** The function after the layer; default `"leakyRelu"`, which with slope 0 is relu. */
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

/** The standard deviation, and the remaining options. */
function kaiming(operation: string, shape: Shape, options: KaimingOptions): readonly [deviation: number, others: InitializerOptions] {
  checkOptions(operation, options, kaimingOptions);
  const { mode = "fanIn", nonlinearity = "leakyRelu", negativeSlope = 0, ...others } = options;
  return [calculateGain(nonlinearity, negativeSlope) / Math.sqrt(fansOf(operation, shape)[mode] || 1), others];
}

/**
 * Uniform in ±√(3 / fanIn) (LeCun et al. 1998, "Efficient BackProp"), for layers before SELU. Not in PyTorch.
 * @throws ShapeError if the weight has fewer than two axes.
 */
export function lecunUniform(shape: Shape, options: InitializerOptions = {}): Tensor {
  checkOptions("lecunUniform", options, initializerOptions);
  const bound = Math.sqrt(3 / (fansOf("lecunUniform", shape).fanIn || 1));
  return uniform(shape, { low: -bound, high: bound, ...options });
}

/**
 * Normal with standard deviation √(1 / fanIn) (LeCun et al. 1998, "Efficient BackProp"). Not in PyTorch; not truncated as in
 * Keras.
 * @throws ShapeError if the weight has fewer than two axes.
 */
export function lecunNormal(shape: Shape, options: InitializerOptions = {}): Tensor {
  checkOptions("lecunNormal", options, initializerOptions);
  return normal(shape, { std: Math.sqrt(1 / (fansOf("lecunNormal", shape).fanIn || 1)), ...options });
}
