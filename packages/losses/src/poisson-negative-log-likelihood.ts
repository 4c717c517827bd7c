import { ArgumentError, exp, greater, log, where, type Tensor } from "@nn/tensor";
import { requirePair } from "./pair.js";
import { reduceLosses, type LossOptions } from "./reduction.js";

/** Options of {@link poissonNegativeLogLikelihood}. */
export interface PoissonNegativeLogLikelihoodOptions extends LossOptions {
  /** Whether the prediction is the logarithm of the rate; default true. */
  readonly logInput?: boolean | undefined;
  /** Whether Stirling's approximation of `log y!` is added where `y > 1`: `y log y − y + ½ log 2πy`; default false. */
  readonly full?: boolean | undefined;
  /** Added to rates before their logarithm is taken, where `logInput` is false; default 1e-8. */
  readonly epsilon?: number | undefined;
}

/**
 * Negative log-likelihood of counts under Poisson distributions whose rates are predicted: `eˣ − y x` for logarithms of rates,
 * `x − y log(x + ε)` for rates. PyTorch: `PoissonNLLLoss`.
 *
 * Shapes: prediction and target (counts) alike.
 * @throws ShapeError, DTypeError unless shapes and dtypes are equal; ArgumentError for a negative epsilon.
 */
export function poissonNegativeLogLikelihood(
  prediction: Tensor, target: Tensor, { logInput = true, full = false, epsilon = 1e-8, reduction }: PoissonNegativeLogLikelihoodOptions = {},
): Tensor {
  requirePair("poissonNegativeLogLikelihood", prediction, target);
  if (!(epsilon >= 0)) throw new ArgumentError(`poissonNegativeLogLikelihood: epsilon is ${epsilon}, expected 0 or a positive number`);
  const losses = logInput ? exp(prediction).sub(target.mul(prediction)) : prediction.sub(target.mul(log(prediction.add(epsilon))));
  return reduceLosses(full ? losses.add(logFactorial(target)) : losses, reduction);
}

/** Stirling's approximation, 0 up to 1. */
function logFactorial(counts: Tensor): Tensor {
  const isLarge = greater(counts, 1);
  const large = where(isLarge, counts, 1);
  return where(isLarge, large.add(0.5).mul(log(large)).sub(large).add(0.5 * Math.log(2 * Math.PI)), 0);
}
