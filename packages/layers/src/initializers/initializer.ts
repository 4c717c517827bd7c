import type { FloatDType, RandomOptions, Shape, Tensor } from "@nn/tensor";
import type { OptionKinds } from "@nn/tensor/extend";

/** Options of every initializer: the dtype of the result, and the source of random numbers. */
export interface InitializerOptions extends RandomOptions {
  /** Default float32. */
  readonly dtype?: FloatDType | undefined;
}

/** The kinds of these options. */
export const initializerOptions: OptionKinds<InitializerOptions> = { dtype: ["float32", "float64"], generator: "any" };

/**
 * Makes the initial value of a parameter. Any function of this form is an initializer, also `uniform`, `normal`, `truncatedNormal`,
 * `zeros` and `ones` of `@nn/tensor`.
 *
 * @example
 * ```ts
 * import { Linear, kaimingNormal } from "@nn/layers";
 * const layer = new Linear(784, 128, {
 *   initializeWeight: (shape, options) => kaimingNormal(shape, { ...options, nonlinearity: "relu" }),
 * });
 * layer.weight.shape; // => [128, 784]
 * ```
 */
export type Initializer = (shape: Shape, options: InitializerOptions) => Tensor;
