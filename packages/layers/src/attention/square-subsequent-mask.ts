import { arange, reshape, where, zeros, type FloatDType, type Tensor } from "@nn/tensor";
import { requireKind, requireOptions } from "@nn/tensor/extend";

/**
 * The mask that lets each of `length` steps attend to itself and those before it: 0 where it may, −Infinity where it may not, to
 * be added to the products, `[length, length]`. The option `causal` of the layers does the same without a mask.
 *
 * @example
 * ```ts
 * import { squareSubsequentMask } from "@nn/layers";
 * squareSubsequentMask(2).toArray(); // => [[0, -Infinity], [0, 0]]
 * ```
 */
export function squareSubsequentMask(length: number, options: { readonly dtype?: FloatDType | undefined } = {}): Tensor {
  requireKind("squareSubsequentMask", "length", length, "size");
  requireOptions("squareSubsequentMask", options, { dtype: ["float32", "float64"] });
  const { dtype = "float32" } = options;
  const steps = arange(length);
  return where(steps.lessEqual(reshape(steps, [length, 1])), zeros([length, length], { dtype }), -Infinity);
}
