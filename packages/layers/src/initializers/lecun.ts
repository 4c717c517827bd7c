import { normal, uniform, type Shape, type Tensor } from "@nn/tensor";
import { calculateFans } from "./fans.js";
import type { InitializerOptions } from "./initializer.js";

/**
 * Uniform in ±√(3 / fanIn) (LeCun et al. 1998, "Efficient BackProp"), for layers before SELU. Not in PyTorch.
 * @throws ShapeError if the weight has fewer than two axes.
 */
export function lecunUniform(shape: Shape, options: InitializerOptions = {}): Tensor {
  const bound = Math.sqrt(3 / calculateFans(shape).fanIn);
  return uniform(shape, { low: -bound, high: bound, ...options });
}

/**
 * Normal with standard deviation √(1 / fanIn) (LeCun et al. 1998, "Efficient BackProp"). Not in PyTorch; not truncated as in
 * Keras.
 * @throws ShapeError if the weight has fewer than two axes.
 */
export function lecunNormal(shape: Shape, options: InitializerOptions = {}): Tensor {
  return normal(shape, { std: Math.sqrt(1 / calculateFans(shape).fanIn), ...options });
}
