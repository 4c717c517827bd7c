import { full, type Shape, type Tensor } from "@nn/tensor";
import { requireShape, type OptionKinds } from "@nn/tensor/extend";
import { checkOptions } from "../options.js";
import type { InitializerOptions } from "./initializer.js";

/** Options of {@link constant}. */
export interface ConstantOptions extends InitializerOptions {
  /** Default 0. */
  readonly value?: number | undefined;
}

const constantOptions: OptionKinds<ConstantOptions> = { value: "number", dtype: ["float32", "float64"], generator: "any" };

/** Every element is `value`. */
export function constant(shape: Shape, options: ConstantOptions = {}): Tensor {
  requireShape("constant", shape);
  checkOptions("constant", options, constantOptions);
  const { value = 0, dtype = "float32" } = options;
  return full(shape, value, { dtype });
}
