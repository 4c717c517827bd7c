import { where, type Tensor } from "@nn/tensor";
import { kindOfTarget, lookUpClasses, requireClassWeight, type ClassOptions } from "./classes.js";
import { reduceLosses, type LossOptions } from "./reduction.js";

/** Options of {@link negativeLogLikelihood}. */
export interface NegativeLogLikelihoodOptions extends LossOptions, ClassOptions {}

/**
 * Negative log-likelihood of the target classes, `−w_y · log p_y`. PyTorch: `NLLLoss`; {@link crossEntropy} takes logits.
 *
 * The mean is `Σ losses / Σ w_y` over the targets that are not ignored; NaN if there are none.
 *
 * Shapes: log-probabilities `[N, C, …]` or `[C]`, target int32 `[N, …]` or `[]`.
 * @throws ShapeError, DTypeError if the target or the weight does not fit; ArgumentError for a class that does not exist.
 */
export function negativeLogLikelihood(
  logProbabilities: Tensor, target: Tensor, { reduction, ...options }: NegativeLogLikelihoodOptions = {},
): Tensor {
  const operation = "negativeLogLikelihood";
  kindOfTarget(operation, logProbabilities, target, ["indices"]);
  requireClassWeight(operation, logProbabilities, options.weight);
  const { chosen, weights, counted } = lookUpClasses(logProbabilities, target, options);
  return reduceLosses(where(counted, chosen.neg().mul(weights), 0), reduction, weights);
}
