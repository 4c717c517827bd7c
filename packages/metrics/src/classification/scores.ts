import { any, isNaN, notEqual, ShapeError, squeeze, takeAlongAxis, unsqueeze, where, type Tensor } from "@nn/tensor";
import { castTo, formatShape, requireDType, requireTensor, sameShape } from "@nn/tensor/extend";
import { sampleWeights } from "../weights.js";
import { classAxis, requireClasses, type LabelInputs } from "./labels.js";

/** Scores of classes `[N, C, …]`, and the true classes and weights `[N, …]`. */
export interface ClassScores {
  readonly scores: Tensor;
  readonly axis: number;
  /** int32; 0 for targets that are ignored. */
  readonly target: Tensor;
  /** 0 for targets that are ignored, NaN where the scores hold NaN. */
  readonly weights: Tensor;
}

/** Refuses scores that are not `[N, C, …]` for targets `[N, …]`. */
export function scoresOf(operation: string, { prediction, target, sampleWeight }: LabelInputs, ignoreIndex = -100): ClassScores {
  requireTensor(operation, prediction, "prediction");
  requireTensor(operation, target, "target");
  requireDType(operation, prediction.dtype, ["float32", "float64"], "prediction");
  requireDType(operation, target.dtype, ["int32", "bool"], "target");
  const axis = classAxis(prediction.shape);
  const classes = prediction.shape[axis] ?? 0;
  if (classes === 0 || !sameShape(prediction.shape.toSpliced(axis, 1), target.shape)) {
    const expected = target.rank === 0 ? "[C]" : `[${[target.shape[0], "C", ...target.shape.slice(1)].join(", ")}]`;
    throw new ShapeError(`${operation}: prediction is ${formatShape(prediction.shape)} and target ${formatShape(target.shape)}, expected a score for each class, ${expected}; the prediction comes first`);
  }
  const given = castTo(target, "int32");
  const counted = notEqual(given, ignoreIndex);
  const weights = sampleWeights(operation, sampleWeight, target.shape);
  return {
    scores: prediction, axis,
    target: requireClasses(operation, where(counted, given, 0), "target", classes),
    weights: where(counted, where(any(isNaN(prediction), axis), NaN, weights), 0),
  };
}

/** The score of the true class of each example. */
export function scoreOfTarget({ scores, axis, target }: ClassScores): Tensor {
  return squeeze(takeAlongAxis(scores, unsqueeze(target, axis), axis), axis);
}
