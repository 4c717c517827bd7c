import { full, type Shape, type Tensor } from "@nn/tensor";
import type { InitializerOptions } from "./initializer.js";

/** Options of {@link constant}. */
export interface ConstantOptions extends InitializerOptions {
  /** Default 0. */
  readonly value?: number | undefined;
}

/** Every element is `value`. */
export function constant(shape: Shape, { value = 0, dtype = "float32" }: ConstantOptions = {}): Tensor {
  return full(shape, value, { dtype });
}
