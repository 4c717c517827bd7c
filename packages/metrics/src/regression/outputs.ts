import { ArgumentError, reshape, ShapeError, type Tensor } from "@nn/tensor";
import { castTo, formatShape, requireDType, requireTensor, sameShape, type OptionKinds } from "@nn/tensor/extend";
import { sampleWeights } from "../weights.js";

/**
 * How the results of several outputs are combined: `"uniformAverage"` is their mean, `"rawValues"` a list, and `"varianceWeighted"` (R² and explained
 * variance only) their mean weighted by the variances of the targets.
 */
export type MultiOutput = "uniformAverage" | "rawValues" | "varianceWeighted";

/** The result: one number, or a list with one for each output. */
export type OfOutputs<Multi extends MultiOutput> = Multi extends "rawValues" ? readonly number[] : number;

/** Options of metrics of numbers. */
export interface RegressionOptions<Multi extends MultiOutput = "uniformAverage"> {
  /** The number of outputs: targets are `[N, outputs]`. Default: 1 for an accumulator; a function derives it from its inputs. */
  readonly outputs?: number | undefined;
  /** How the results of several outputs are combined; default `"uniformAverage"`. */
  readonly multioutput?: Multi | undefined;
}

/** Their kinds, for metrics of errors. */
export const errorOptions: OptionKinds<RegressionOptions<"uniformAverage" | "rawValues">> = { outputs: "count", multioutput: ["uniformAverage", "rawValues"] };

/** Predictions, targets and weights as float64: `[N, outputs]` and `[N]`. */
export interface Outputs {
  readonly prediction: Tensor;
  readonly target: Tensor;
  readonly weights: Tensor;
}

/** The inputs of a metric of numbers: `[N]` or `[N, outputs]`, of the same shape. */
export function outputsOf(operation: string, prediction: Tensor, target: Tensor, sampleWeight: Tensor | undefined, outputs: number): Outputs {
  requireNumbers(operation, prediction, target);
  const { shape } = prediction;
  const fits = shape.length === 2 ? shape[1] === outputs : shape.length === 1 && outputs === 1;
  if (!fits) {
    const expected = outputs === 1 ? "[N] or [N, 1]" : `[N, ${outputs}]`;
    throw new ShapeError(`${operation}: prediction and target are ${formatShape(shape)}, expected ${expected}; give outputs for more than one output, and flatten axes that are not outputs`);
  }
  const examples = shape[0] as number;
  const columns = (x: Tensor): Tensor => castTo(reshape(x, [examples, outputs]), "float64");
  return { prediction: columns(prediction), target: columns(target), weights: sampleWeights(operation, sampleWeight, [examples]) };
}

/** The number of outputs of the inputs of a function. */
export function countOutputs(operation: string, prediction: Tensor, target: Tensor, outputs: number | undefined): number {
  requireNumbers(operation, prediction, target);
  return outputs ?? (prediction.rank === 2 ? (prediction.shape[1] as number) : 1);
}

/** The results of the outputs, or their mean with weights. */
export function ofOutputs<Multi extends MultiOutput>(values: readonly number[], multioutput: Multi | undefined, weights?: readonly number[]): OfOutputs<Multi> {
  if (multioutput === "rawValues") return values as OfOutputs<Multi>;
  const total = weights?.reduce((sum, weight) => sum + weight, 0) ?? values.length;
  return (values.reduce((sum, value, at) => sum + value * (weights?.[at] ?? 1), 0) / total) as OfOutputs<Multi>;
}

function requireNumbers(operation: string, prediction: Tensor, target: Tensor): void {
  requireTensor(operation, prediction, "prediction");
  requireTensor(operation, target, "target");
  requireDType(operation, prediction.dtype, ["float32", "float64", "int32"], "prediction");
  requireDType(operation, target.dtype, ["float32", "float64", "int32"], "target");
  if (!sameShape(prediction.shape, target.shape)) {
    throw new ShapeError(`${operation}: prediction is ${formatShape(prediction.shape)} and target ${formatShape(target.shape)}, expected the same shape`);
  }
  if (prediction.rank === 2 && prediction.shape[1] === 0) throw new ArgumentError(`${operation}: there are no outputs: prediction is ${formatShape(prediction.shape)}`);
}
