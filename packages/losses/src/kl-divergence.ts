import { equal, exp, log, sum, where, type Tensor } from "@nn/tensor";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { within } from "./elements.js";
import { requirePair } from "./pair.js";
import { reduceLosses, type Reduction } from "./reduction.js";

/** Options of {@link klDivergence}. */
export interface KlDivergenceOptions {
  /** Whether the target holds log-probabilities too; default false. */
  readonly logTarget?: boolean | undefined;
  /** `"batchMean"` divides the sum by the length of the first axis, which makes it the divergence of one sample; default `"mean"`. */
  readonly reduction?: Reduction | "batchMean" | undefined;
}

const klDivergenceOptions: OptionKinds<KlDivergenceOptions> = { logTarget: "boolean", reduction: ["mean", "sum", "none", "batchMean"] };

/**
 * Kullback-Leibler divergence of a distribution, given by its log-probabilities x, from the target t: `t (log t − x)` element by
 * element, 0 where `t = 0`, whatever x is there. PyTorch: `KLDivLoss`, which has NaN for `t = 0` and `x = −∞`.
 *
 * The divergence of a distribution is the sum over its classes, so `"batchMean"` is what the formula means; the default, the mean
 * over all elements, is PyTorch's.
 *
 * Shapes: log-probabilities and target alike.
 *
 * @example
 * ```ts
 * import { logSoftmax, tensor } from "@nn/tensor";
 * import { klDivergence } from "@nn/losses";
 * const teacher = tensor([[0.5, 0.5, 0]]);
 * klDivergence(logSoftmax(tensor([[1, 1, -Infinity]])), teacher, { reduction: "batchMean" }).item().toFixed(4); // => "0.0000"
 * ```
 * @throws ShapeError, DTypeError unless shapes and dtypes are equal; ArgumentError for a negative target.
 */
export function klDivergence(
  logProbabilities: Tensor, target: Tensor, options: KlDivergenceOptions = {},
): Tensor {
  requireOptions("klDivergence", options, klDivergenceOptions);
  requirePair("klDivergence", logProbabilities, target);
  const { logTarget = false, reduction } = options;
  const probabilities = logTarget ? exp(target) : within("klDivergence", target, "target", 0);
  // What cannot happen counts nothing; 0 · ∞ must not come up, nor in the gradient.
  const never = equal(probabilities, 0);
  const logTargets = logTarget ? where(never, 0, target) : log(where(never, 1, probabilities));
  const losses = probabilities.mul(logTargets.sub(where(never, 0, logProbabilities)));
  if (reduction === "batchMean") return sum(losses).div(losses.shape[0] ?? 1);
  return reduceLosses(losses, reduction);
}
