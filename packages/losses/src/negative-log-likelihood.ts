import { where, type Tensor } from "@nn/tensor";
import { kindOfTarget, lookUpClasses, requireClassWeight, type ClassOptions } from "./classes.js";
import { timesChance } from "./elements.js";
import { reduceLosses, requireLossOptions, type LossOptions, type OwnKinds } from "./reduction.js";

/** Options of {@link negativeLogLikelihood}. */
export interface NegativeLogLikelihoodOptions extends LossOptions, ClassOptions {}

const negativeLogLikelihoodOptions: OwnKinds<NegativeLogLikelihoodOptions> = { weight: "tensor", ignoreIndex: "integer" };

/**
 * Negative log-likelihood of the target classes, `−w_y · log p_y`. PyTorch: `NLLLoss`; {@link crossEntropy} takes logits.
 *
 * The mean is `Σ losses / Σ w_y` over the targets that are not ignored; NaN if there are none.
 *
 * Shapes: log-probabilities `[N, C, …]` or `[C]`, target int32 `[N, …]` or `[]`.
 * @throws ShapeError, DTypeError if the target or the weight does not fit; ArgumentError for a class that does not exist.
 */
export function negativeLogLikelihood(
  logProbabilities: Tensor, target: Tensor, options: NegativeLogLikelihoodOptions = {},
): Tensor {
  const operation = "negativeLogLikelihood";
  requireLossOptions(operation, options, negativeLogLikelihoodOptions);
  kindOfTarget(operation, logProbabilities, target, ["indices"]);
  requireClassWeight(operation, logProbabilities, options.weight);
  const { chosen, weights, counted } = lookUpClasses("negativeLogLikelihood", logProbabilities, target, options);
  const losses = chosen.neg();
  return reduceLosses(where(counted, options.weight === undefined ? losses : timesChance(weights, losses), 0), options.reduction, weights);
}
