import { abs, greater, less, logicalOr, ShapeError, stack, sub, sum, type Tensor } from "@nn/tensor";
import { castTo, formatShape, refuseWhere, requireDType, requireTensor, sameShape } from "@nn/tensor/extend";
import { scoresOf, type ClassScores } from "../classification/scores.js";
import type { LabelInputs } from "../classification/labels.js";

/** How far the probabilities of all classes may sum up to another number than 1, by the rounding of float32 and of what computed them. */
const tolerance = 1e-3;

/** Refuses numbers that are not probabilities. NaN stays. */
export function requireChances(operation: string, prediction: Tensor): Tensor {
  const hint = "expected probabilities from 0 to 1; apply softmax or sigmoid to logits";
  // Rounding may lift a sum of probabilities slightly above 1.
  return refuseWhere(operation, `prediction has an element outside of 0 to 1, ${hint}`, logicalOr(less(prediction, 0), greater(prediction, 1 + 1e-6)), prediction);
}

/**
 * Probabilities of classes `[N, C, …]` and true classes; or of class 1, of the target's shape `[N]`, as those of two classes `[N, 2]`.
 * @throws ArgumentError for numbers that are not probabilities, and if those of an example do not sum up to 1.
 */
export function chancesOf(operation: string, inputs: LabelInputs, ignoreIndex?: number): ClassScores {
  const { prediction, target } = inputs;
  requireTensor(operation, prediction, "prediction");
  requireTensor(operation, target, "target");
  requireDType(operation, prediction.dtype, ["float32", "float64"], "prediction");
  if (sameShape(prediction.shape, target.shape)) {
    if (prediction.rank !== 1) throw new ShapeError(`${operation}: prediction is ${formatShape(prediction.shape)}, as the target; expected [N] for probabilities of class 1, or [N, C, …] for targets [N, …]`);
    const chances = requireChances(operation, prediction);
    return scoresOf(operation, { ...inputs, prediction: stack([sub(1, chances), chances], 1) }, ignoreIndex);
  }
  const scores = scoresOf(operation, { ...inputs, prediction: requireChances(operation, prediction) }, ignoreIndex);
  const off = greater(abs(sub(sum(castTo(scores.scores, "float64"), scores.axis), 1)), tolerance);
  return { ...scores, scores: refuseWhere(operation, "the probabilities of an example do not sum up to 1; apply softmax to logits", off, scores.scores) };
}

/** Refuses a target that is not 0 or 1. */
export function requireTwoClasses(operation: string, target: Tensor): Tensor {
  requireTensor(operation, target, "target");
  requireDType(operation, target.dtype, ["int32", "bool"], "target");
  const labels = castTo(target, "int32");
  return refuseWhere(operation, "target has an element other than 0 and 1", logicalOr(less(labels, 0), greater(labels, 1)), labels);
}
