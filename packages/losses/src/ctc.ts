import {
  arange, ArgumentError, cast, concat, DTypeError, full, gather, greater, lessEqual, logAddExp, logicalAnd, maximum, notEqual, pad, reshape,
  ShapeError, squeeze, stack, unsqueeze, where, type Tensor,
} from "@nn/tensor";
import { apply, formatShape, isFloat, requireTensor } from "@nn/tensor/extend";
import * as primitives from "@nn/tensor/primitives";
import { impossible, walk } from "./ctc-recursion.js";
import { padTargets, requireLengths, type PaddedTargets, type SequenceLengths } from "./ctc-targets.js";
import { reduceLosses, requireLossOptions, type LossOptions, type OwnKinds } from "./reduction.js";

/** Options of {@link ctc}. */
export interface CtcOptions extends LossOptions {
  /** Number of steps of each sample, `[N]`. Default: all. */
  readonly inputLengths?: SequenceLengths | undefined;
  /** Number of labels of each sample, `[N]`; required for concatenated targets. Default: whole rows. */
  readonly targetLengths?: SequenceLengths | undefined;
  /** The class that means "no label"; default 0. */
  readonly blank?: number | undefined;
  /** Whether a target that is too long for its steps costs 0 instead of Infinity; default false. */
  readonly zeroInfinity?: boolean | undefined;
}

const ctcOptions: OwnKinds<CtcOptions> = { inputLengths: "any", targetLengths: "any", blank: "size", zeroInfinity: "boolean" };

/**
 * Connectionist temporal classification (Graves et al. 2006): the negative log-probability of a label sequence, given the class
 * probabilities at each of a larger number of steps. The probability is summed over all paths that spell the labels. In a path each
 * label takes one or more steps; blanks may come before, between and after labels, and must separate equal ones. PyTorch: `CTCLoss`.
 *
 * The forward recursion runs over labels with blanks between them, in logarithms:
 * `α_t(s) = log(e^α_{t−1}(s) + e^α_{t−1}(s−1) + [skip] e^α_{t−1}(s−2)) + x_t(s)`. The mean first divides each loss by its number of
 * labels (at least 1). The gradient is that of the formula (PyTorch's is right only after a `logSoftmax`), and 0 where the loss is
 * infinite (PyTorch: NaN unless `zeroInfinity`).
 *
 * Shapes: log-probabilities `[steps, N, C]`; targets int32 `[N, S]` (padding after the labels is ignored) or concatenated,
 * `[sum of targetLengths]`; losses `[N]`. Without a batch `[steps, C]`, `[S]` and `[]`.
 *
 * @example
 * ```ts
 * import { logSoftmax, tensor, zeros } from "@nn/tensor";
 * import { ctc } from "@nn/losses";
 * const logProbabilities = logSoftmax(zeros([3, 1, 4]));
 * // Of 64 equally probable paths five spell "1 2", with - for blank: 112, 122, 12-, 1-2, -12.
 * const loss = ctc(logProbabilities, tensor([[1, 2]], { dtype: "int32" }), { reduction: "sum" });
 * Math.exp(-loss.item()).toFixed(6); // => "0.078125"
 * ```
 * @throws ShapeError, DTypeError if targets or lengths do not fit; ArgumentError for lengths out of range, a class or a blank that does
 * not exist, a blank among the labels, and concatenated targets without `targetLengths` or with lengths that do not add up to their
 * number. In a compiled function, a blank among the labels and lengths that do not add up make the loss NaN.
 */
export function ctc(logProbabilities: Tensor, targets: Tensor, options: CtcOptions = {}): Tensor {
  requireLossOptions("ctc", options, ctcOptions);
  const { blank = 0, zeroInfinity = false, reduction, inputLengths, targetLengths } = options;
  requireTensor("ctc", logProbabilities, "log-probabilities");
  if (logProbabilities.rank === 2) {
    requireTensor("ctc", targets, "targets");
    const whole = targetLengths === undefined ? [targets.size] : targetLengths;
    const losses = ctc(unsqueeze(logProbabilities, 1), unsqueeze(targets, 0), { ...options, targetLengths: whole, reduction: reduction ?? "mean" });
    return reduction === "none" ? squeeze(losses, 0) : losses;
  }
  if (logProbabilities.rank !== 3) throw new ShapeError(`ctc: log-probabilities are ${formatShape(logProbabilities.shape)}, expected [steps, N, C] or [steps, C]`);
  if (!isFloat(logProbabilities.dtype)) throw new DTypeError(`ctc: log-probabilities have dtype ${logProbabilities.dtype}, expected float32 or float64`);
  const [steps = 0, batch = 0, classes = 0] = logProbabilities.shape;
  if (blank >= classes) throw new ArgumentError(`ctc: blank is ${blank}, expected a class from 0 to ${classes - 1}`);
  const lengths = inputLengths === undefined ? undefined : existing("inputLengths", requireLengths("inputLengths", inputLengths, batch, steps), steps);
  const padded = padTargets(targets, targetLengths, batch, blank);
  const logLikelihood = forward(logProbabilities, padded, lengths, blank);
  const finite = where(lessEqual(logLikelihood, impossible / 2), zeroInfinity ? 0 : Infinity, logLikelihood.neg());
  const losses = padded.isRefused === undefined ? finite : where(padded.isRefused, NaN, finite);
  const isMean = reduction === undefined || reduction === "mean";
  return reduceLosses(isMean ? losses.div(cast(maximum(padded.lengths, 1), losses.dtype)) : losses, reduction);
}

/** Checks the lengths by a lookup in a table of the valid ones; the lookup fails for any other length. */
function existing(name: string, lengths: Tensor, limit: number): Tensor {
  const report = { operation: "ctc", problem: `one of ${name} is out of range, expected whole numbers from 0 to ${limit}` };
  return apply(primitives.gather, [arange(limit + 1, { dtype: "int32" }), lengths], { axis: 0, report });
}

/** The log-probability of each target, `[N]`. */
function forward(logProbabilities: Tensor, { classes, lengths }: PaddedTargets, inputLengths: Tensor | undefined, blank: number): Tensor {
  const [batch = 0, width = 0] = classes.shape;
  const blanks = full(classes.shape, blank, { dtype: "int32" });
  const labels = concat([full([batch, 1], blank, { dtype: "int32" }), reshape(stack([classes, blanks], 2), [batch, 2 * width])], 1);
  const canSkip = logicalAnd(notEqual(labels, blank), notEqual(labels, pad(labels, [[2, -2]], { value: blank })));
  const report = { operation: "ctc", problem: `one of the targets is no class from 0 to ${(logProbabilities.shape[2] ?? 0) - 1}` };
  const emissions = maximum(apply(primitives.gather, [logProbabilities, unsqueeze(labels, 0)], { axis: 2, report }), impossible);
  const alpha = walk(emissions, { canSkip, lengths: inputLengths });
  const last = unsqueeze(lengths.mul(2), 1);
  const ofBlank = gather(alpha, last, 1);
  const ofLabel = where(greater(last, 0), gather(alpha, maximum(last.sub(1), 0), 1), impossible);
  return squeeze(logAddExp(ofBlank, ofLabel), 1);
}
