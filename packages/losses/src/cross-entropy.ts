import { logSoftmax, reshape, sum, where, type Tensor } from "@nn/tensor";
import { classAxis, kindOfTarget, lookUpClasses, requireClassWeight, type ClassOptions } from "./classes.js";
import { chances, timesChance } from "./elements.js";
import { reduceLosses, requireLossOptions, type LossOptions, type OwnKinds } from "./reduction.js";

/** Options of {@link crossEntropy}. */
export interface CrossEntropyOptions extends LossOptions, ClassOptions {
  /** The fraction ε of the target that is spread evenly over all classes (Szegedy et al. 2016); default 0. */
  readonly labelSmoothing?: number | undefined;
}

const crossEntropyOptions: OwnKinds<CrossEntropyOptions> = { labelSmoothing: "probability", weight: "tensor", ignoreIndex: "integer" };

/**
 * Cross-entropy of logits with target classes or probabilities, `−Σ_c w_c · t_c · log softmax(x)_c`, without overflow.
 *
 * A class index `y` means `t_c = 1` at `c = y` and 0 elsewhere; the mean is then `Σ losses / Σ w_y` over the targets that are not
 * ignored (NaN if there are none). With probabilities the mean divides by the number of samples. Label smoothing replaces `t` by
 * `(1 − ε) t + ε / C`. PyTorch: `CrossEntropyLoss`.
 *
 * Shapes: logits `[N, C, …]` or `[C]`; target int32 `[N, …]` or `[]` for class indices, the dtype and shape of the logits for
 * probabilities.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { crossEntropy } from "@nn/losses";
 * const logits = tensor([[0, 0], [0, 0]]);
 * crossEntropy(logits, tensor([0, 1], { dtype: "int32" })).item().toFixed(4); // => "0.6931"
 * ```
 * @throws ShapeError, DTypeError if the target or the weight does not fit; ArgumentError for a class that does not exist, and
 * for probabilities or a smoothing outside of 0 to 1.
 */
export function crossEntropy(logits: Tensor, target: Tensor, options: CrossEntropyOptions = {}): Tensor {
  requireLossOptions("crossEntropy", options, crossEntropyOptions);
  const { labelSmoothing = 0, weight, reduction } = options;
  const kind = kindOfTarget("crossEntropy", logits, target, ["indices", "probabilities"]);
  requireClassWeight("crossEntropy", logits, weight);
  const axis = classAxis(logits);
  const classes = logits.shape[axis] ?? 1;
  const logProbabilities = logSoftmax(logits, axis);
  const weighted = (): Tensor =>
    weight === undefined ? logProbabilities : timesChance(reshape(weight, logits.shape.map((length, at) => (at === axis ? length : 1))), logProbabilities);

  if (kind === "probabilities") {
    const given = chances("crossEntropy", target);
    const smoothed = labelSmoothing === 0 ? given : given.mul(1 - labelSmoothing).add(labelSmoothing / classes);
    return reduceLosses(sum(timesChance(smoothed, weighted()), axis).neg(), reduction);
  }
  const { chosen, weights, counted } = lookUpClasses("crossEntropy", logProbabilities, target, options);
  const ofTarget = weight === undefined ? chosen : timesChance(weights, chosen);
  const score = labelSmoothing === 0
    ? ofTarget
    : ofTarget.mul(1 - labelSmoothing).add(sum(weighted(), axis).mul(labelSmoothing / classes));
  return reduceLosses(where(counted, score.neg(), 0), reduction, weights);
}

/** Options of {@link negativeLogLikelihood}. */
export interface NegativeLogLikelihoodOptions extends LossOptions, ClassOptions {}

const negativeLogLikelihoodOptions: OwnKinds<NegativeLogLikelihoodOptions> = { weight: "tensor", ignoreIndex: "integer" };

/**
 * Negative log-likelihood of the target classes, `−w_y · log p_y`, from log-probabilities. PyTorch: `NLLLoss`. If you have logits, use
 * {@link crossEntropy}.
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
