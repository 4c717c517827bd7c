import type { FloatDType, RandomOptions, Shape, Tensor } from "@nn/tensor";
import type { OptionKinds } from "@nn/tensor/extend";

/** What every initializer takes: the dtype of the result, and where random numbers come from. */
export interface InitializerOptions extends RandomOptions {
  /** Default float32. */
  readonly dtype?: FloatDType | undefined;
}

/** What every initializer takes. */
export const initializerOptions: OptionKinds<InitializerOptions> = { dtype: ["float32", "float64"], generator: "any" };

/**
 * Makes the initial value of a parameter. Any function of this form is one, also `uniform`, `normal`, `truncatedNormal`,
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
