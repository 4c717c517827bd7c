import { normal, uniform, type Shape, type Tensor } from "@nn/tensor";
import { checkOptions } from "../options.js";
import { fansOf } from "./fans.js";
import { initializerOptions, type InitializerOptions } from "./initializer.js";

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
