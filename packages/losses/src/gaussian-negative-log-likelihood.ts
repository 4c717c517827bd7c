import { ArgumentError, less, log, square, where, type Tensor } from "@nn/tensor";
import { requireDTypeOf, requireFactor, requirePair } from "./pair.js";
import { reduceLosses, type LossOptions } from "./reduction.js";

/** Options of {@link gaussianNegativeLogLikelihood}. */
export interface GaussianNegativeLogLikelihoodOptions extends LossOptions {
  /** Whether the constant `½ log 2π` is added; default false. */
  readonly full?: boolean | undefined;
  /** The least variance; default 1e-6. */
  readonly epsilon?: number | undefined;
}

/**
 * Negative log-likelihood of targets under normal distributions whose means and variances are predicted:
 * `½ (log v + (x − y)² / v)` with `v = max(variance, ε)` (Nix and Weigend 1994). PyTorch: `GaussianNLLLoss`; as there, the
 * gradient of a variance below ε is that at ε, so that it can grow again. A negative variance counts as ε (PyTorch: an error).
 *
 * Shapes: prediction and target alike; the variance broadcasts to them (`[N, 1]` is one for each sample).
 * @throws ShapeError, DTypeError unless shapes and dtypes fit; ArgumentError unless epsilon is positive.
 */
export function gaussianNegativeLogLikelihood(
  prediction: Tensor, target: Tensor, variance: Tensor, { full = false, epsilon = 1e-6, reduction }: GaussianNegativeLogLikelihoodOptions = {},
): Tensor {
  const operation = "gaussianNegativeLogLikelihood";
  requirePair(operation, prediction, target);
  requireFactor(operation, prediction, variance, "variance");
  requireDTypeOf(operation, prediction, "prediction", variance, "variance");
  if (!(epsilon > 0)) throw new ArgumentError(`${operation}: epsilon is ${epsilon}, expected a positive number`);
  // The difference is 0 and has the gradient of the variance.
  const bounded = where(less(variance, epsilon), variance.sub(variance.detach()).add(epsilon), variance);
  const losses = log(bounded).add(square(prediction.sub(target)).div(bounded)).mul(0.5);
  return reduceLosses(full ? losses.add(0.5 * Math.log(2 * Math.PI)) : losses, reduction);
}
