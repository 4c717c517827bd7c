import {
  any, argMax, ArgumentError, greater, greaterEqual, isNaN, less, logicalOr, notEqual, ShapeError, where, type DType, type Shape, type Tensor,
} from "@nn/tensor";
import { castTo, formatShape, isFloat, refuseWhere, requireDType, requireTensor, sameShape, type OptionKinds } from "@nn/tensor/extend";
import { sampleWeights } from "../weights.js";

/** How predictions become classes, and which targets count. */
export interface LabelOptions {
  /**
   * The threshold for scores of the target's shape (two classes, or several labels): a score above it means class 1. Use 0.5 for probabilities and 0
   * for logits. Without a threshold, such scores are refused.
   */
  readonly threshold?: number | undefined;
  /** Targets of this class do not count; default −100, as in `crossEntropy`. */
  readonly ignoreIndex?: number | undefined;
}

/** The kinds of these options. */
export const labelOptions: OptionKinds<LabelOptions> = { threshold: "number", ignoreIndex: "integer" };

/** The option of metrics that also take several labels for each example. */
export interface MultiLabelOptions {
  /** Whether targets are `[N, L]`, with 0 or 1 for each of L labels; default `false`: one class for each example. */
  readonly multiLabel?: boolean | undefined;
}

/** Predicted and true classes, int32, and the weight of each as float64, all of one shape. */
export interface Labels {
  readonly predicted: Tensor;
  readonly target: Tensor;
  /** 0 for targets that are ignored, NaN where the scores hold NaN. */
  readonly weights: Tensor;
}

/** The inputs of a metric of classes. */
export interface LabelInputs {
  readonly prediction: Tensor;
  readonly target: Tensor;
  readonly sampleWeight?: Tensor | undefined;
}

/**
 * Predicted classes and true ones.
 *
 * A prediction is: class indices of the target's shape; scores `[N, C, …]`, of which the largest counts; or, with a threshold, scores of the target's
 * shape.
 * @param classes - how many there are, if it is known.
 */
export function labelsOf(operation: string, { prediction, target, sampleWeight }: LabelInputs, options: LabelOptions & MultiLabelOptions, classes?: number): Labels {
  const { threshold, ignoreIndex = -100, multiLabel = false } = options;
  const { predicted, invalid, count } = predictedClasses(operation, prediction, target, threshold, multiLabel ? 2 : classes);
  if (multiLabel && target.rank !== 2) throw new ShapeError(`${operation}: target is ${formatShape(target.shape)}, expected [N, L], 0 or 1 for each label`);
  const given = castTo(target, "int32");
  const counted = notEqual(given, ignoreIndex);
  const known = where(counted, given, 0);
  const weights = sampleWeights(operation, sampleWeight, target.shape, multiLabel ? 1 : target.rank);
  const valid = invalid === undefined ? weights : where(invalid, NaN, weights);
  const hint = classes === undefined || multiLabel ? "" : "; give the option classes if there are more";
  return {
    predicted: count === undefined ? predicted : requireClasses(operation, predicted, "prediction", count, hint),
    target: count === undefined ? known : requireClasses(operation, known, "target", count, hint),
    weights: where(counted, valid, 0),
  };
}

/** Refuses classes below 0 and from `count` on. */
export function requireClasses(operation: string, labels: Tensor, what: string, count: number, hint = ""): Tensor {
  return refuseWhere(operation, `${what} has a class outside of 0 to ${count - 1}${hint}`, logicalOr(less(labels, 0), greaterEqual(labels, count)), labels);
}

interface Predicted {
  readonly predicted: Tensor;
  /** Where the scores hold NaN. */
  readonly invalid?: Tensor;
  /** The number of classes, if it is known. */
  readonly count?: number | undefined;
}

function predictedClasses(operation: string, prediction: Tensor, target: Tensor, threshold: number | undefined, classes: number | undefined): Predicted {
  requireTensor(operation, prediction, "prediction");
  requireTensor(operation, target, "target");
  requireDType(operation, target.dtype, ["int32", "bool"], "target");
  if (!isFloat(prediction.dtype)) {
    if (!sameShape(prediction.shape, target.shape)) throw misfit(operation, prediction, target);
    return { predicted: castTo(prediction, "int32"), count: classes };
  }
  if (sameShape(prediction.shape, target.shape)) {
    if (threshold === undefined) {
      throw new ArgumentError(`${operation}: prediction has scores of the shape of the target, ${formatShape(target.shape)}, and there is no threshold; give threshold: 0.5 for probabilities, 0 for logits`);
    }
    return { predicted: castTo(greater(prediction, threshold), "int32"), invalid: isNaN(prediction), count: classes ?? 2 };
  }
  const axis = classAxis(prediction.shape);
  const count = prediction.shape[axis] ?? 0;
  if (!sameShape(prediction.shape.toSpliced(axis, 1), target.shape) || count === 0) throw misfit(operation, prediction, target);
  if (threshold !== undefined) throw new ArgumentError(`${operation}: prediction has a score for each of ${count} classes, of which the largest counts; leave threshold out`);
  if (classes !== undefined && count !== classes) throw new ShapeError(`${operation}: prediction is ${formatShape(prediction.shape)}, which has ${count} classes, expected ${classes}`);
  return { predicted: argMax(prediction, axis), invalid: any(isNaN(prediction), axis), count };
}

/** The most classes that are found in labels: a larger one is hardly a class. */
const mostClasses = 2 ** 24;

/** The number of classes: given, or as many as the scores have, or as the labels show, at least two. */
export function countClasses(operation: string, { prediction, target }: LabelInputs, { threshold, ignoreIndex = -100 }: LabelOptions, classes: number | undefined): number {
  if (classes !== undefined) return classes;
  requireTensor(operation, prediction, "prediction");
  requireTensor(operation, target, "target");
  if (isFloat(prediction.dtype) && threshold === undefined) return Math.max(2, prediction.shape[classAxis(prediction.shape)] ?? 0);
  let largest = 1;
  for (const values of [isFloat(prediction.dtype) ? [] : prediction.data(operation), target.data(operation)]) {
    for (const value of values) if (value !== ignoreIndex) largest = Math.max(largest, value);
  }
  if (largest >= mostClasses) throw new ArgumentError(`${operation}: found the class ${largest}, expected classes from 0, fewer than ${mostClasses}; number them without gaps`);
  return largest + 1;
}

/** The axis of the classes of scores `[C]` or `[N, C, …]`. */
export function classAxis(shape: Shape): number {
  return shape.length === 1 ? 0 : 1;
}

function misfit(operation: string, { dtype, shape }: { readonly dtype: DType; readonly shape: Shape }, target: Tensor): ShapeError {
  const scores = target.rank === 0 ? "[C]" : `[${[target.shape[0], "C", ...target.shape.slice(1)].join(", ")}]`;
  return new ShapeError(`${operation}: prediction is ${dtype} ${formatShape(shape)} and target ${formatShape(target.shape)}, expected class indices ${formatShape(target.shape)} or scores ${scores}; the prediction comes first`);
}
