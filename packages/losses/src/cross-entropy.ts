import { ArgumentError, equal, logSoftmax, reshape, sum, where, type Tensor } from "@nn/tensor";
import { classAxis, kindOfTarget, lookUpClasses, requireClassWeight, type ClassOptions } from "./classes.js";
import { reduceLosses, type LossOptions } from "./reduction.js";

/** Options of {@link crossEntropy}. */
export interface CrossEntropyOptions extends LossOptions, ClassOptions {
  /** The share ε of the target that is spread evenly over all classes (Szegedy et al. 2016); default 0. */
  readonly labelSmoothing?: number | undefined;
}

/**
 * Cross-entropy of logits with target classes or probabilities, `−Σ_c w_c · t_c · log softmax(x)_c`, without overflow.
 *
 * Class indices `y` stand for `t_c = 1` at `c = y`; their mean is `Σ losses / Σ w_y` over the targets that are not ignored
 * (NaN if there are none). With probabilities the mean divides by the number of samples. Label smoothing makes
 * `t ← (1 − ε) t + ε / C`. PyTorch: `CrossEntropyLoss`.
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
 * @throws ShapeError, DTypeError if the target or the weight does not fit; ArgumentError for a class that does not exist or a
 * smoothing outside of 0 to 1.
 */
export function crossEntropy(logits: Tensor, target: Tensor, options: CrossEntropyOptions = {}): Tensor {
  const { labelSmoothing = 0, weight, reduction } = options;
  const kind = kindOfTarget("crossEntropy", logits, target, ["indices", "probabilities"]);
  requireClassWeight("crossEntropy", logits, weight);
  if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
    throw new ArgumentError(`crossEntropy: labelSmoothing is ${labelSmoothing}, expected 0 to 1`);
  }
  const axis = classAxis(logits);
  const classes = logits.shape[axis] ?? 1;
  const logProbabilities = logSoftmax(logits, axis);
  const weighted = (): Tensor =>
    weight === undefined ? logProbabilities : logProbabilities.mul(reshape(weight, logits.shape.map((length, at) => (at === axis ? length : 1))));

  if (kind === "probabilities") {
    const smoothed = labelSmoothing === 0 ? target : target.mul(1 - labelSmoothing).add(labelSmoothing / classes);
    // A class that cannot be and is not asked for counts nothing: 0 · ∞ must not come up.
    return reduceLosses(sum(where(equal(smoothed, 0), 0, weighted()).mul(smoothed), axis).neg(), reduction);
  }
  const { chosen, weights, counted } = lookUpClasses(logProbabilities, target, options);
  const ofTarget = chosen.mul(weights);
  const score = labelSmoothing === 0
    ? ofTarget
    : ofTarget.mul(1 - labelSmoothing).add(sum(weighted(), axis).mul(labelSmoothing / classes));
  return reduceLosses(where(counted, score.neg(), 0), reduction, weights);
}
