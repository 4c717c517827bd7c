import { argMax, arange, equal, flatten, full, greater, isNaN, max, scatterAdd, sum, unsqueeze, where, type Tensor } from "@nn/tensor";
import { castTo, requireDType, requireOptions, requireTensor, sameShape, type OptionKinds } from "@nn/tensor/extend";
import { Accumulator, resultOf } from "../accumulator.js";
import { sampleWeightOptions, type SampleWeightOptions, type ScoredInputs } from "../inputs.js";
import type { MetricRule, StatisticValues } from "../rule.js";
import { sampleWeights } from "../weights.js";
import { chancesOf, requireChances, requireTwoClasses } from "./chances.js";

/** Options of {@link CalibrationCurve} and {@link ExpectedCalibrationError}. */
export interface CalibrationOptions {
  /** The number of bins of the same width, from 0 to 1; default 10. */
  readonly bins?: number | undefined;
}

const calibrationOptions: OptionKinds<CalibrationOptions> = { bins: "count" };

/** Predictions of about the same probability, `low < p ≤ high`; the first bin also includes 0. */
export interface CalibrationBin {
  readonly low: number;
  readonly high: number;
  /** The number (or the weight) of the predictions. */
  readonly count: number;
  /** Their mean probability; NaN without predictions. */
  readonly probPred: number;
  /** The fraction of them that came true; NaN without predictions. */
  readonly probTrue: number;
}

/** What was predicted with which probability, and whether it came true. */
interface Outcomes {
  readonly chances: Tensor;
  readonly came: Tensor;
  readonly weights: Tensor;
}

function outcomesOf(operation: string, prediction: Tensor, target: Tensor, sampleWeight: Tensor | undefined): Outcomes {
  requireTensor(operation, prediction, "prediction");
  requireTensor(operation, target, "target");
  if (sameShape(prediction.shape, target.shape)) {
    requireDType(operation, prediction.dtype, ["float32", "float64"], "prediction");
    const weights = where(isNaN(prediction), NaN, sampleWeights(operation, sampleWeight, target.shape));
    return { chances: requireChances(operation, prediction), came: equal(requireTwoClasses(operation, target), 1), weights };
  }
  const { scores, axis, target: truth, weights } = chancesOf(operation, { prediction, target, sampleWeight });
  return { chances: max(scores, axis), came: equal(argMax(scores, axis), truth), weights };
}

type Name = "count" | "predicted" | "true";

function calibrationRule<Value>(
  operation: string, { bins = 10 }: CalibrationOptions, higherIsBetter: boolean | null, result: (bins: readonly CalibrationBin[]) => Value,
): MetricRule<ScoredInputs, Value, Name> {
  return {
    higherIsBetter,
    shapes: { count: [bins], predicted: [bins], true: [bins] },
    statistics(prediction, target, sampleWeight) {
      const { chances, came, weights } = outcomesOf(operation, prediction, target, sampleWeight);
      const [p, w] = [castTo(flatten(chances), "float64"), flatten(weights)];
      const edges = arange(1, bins, { dtype: "float64" }).div(bins);
      const bin = sum(castTo(greater(unsqueeze(p, 1), edges), "int32"), 1);
      const total = sum(w);
      const zeros = full([bins], 0, { dtype: "float64" }).add(total.sub(total));
      const perBin = (amounts: Tensor): Tensor => scatterAdd(zeros, bin, amounts, 0);
      return { count: perBin(w), predicted: perBin(where(equal(w, 0), 0, p.mul(w))), true: perBin(where(flatten(came), w, 0)) };
    },
    result: (values) => result(binsOf(values)),
  };
}

function binsOf({ count, predicted, true: came }: StatisticValues<Name>): readonly CalibrationBin[] {
  return Array.from(count, (weight, at) => ({
    low: at / count.length, high: (at + 1) / count.length, count: weight, probPred: (predicted[at] as number) / weight, probTrue: (came[at] as number) / weight,
  }));
}

function expectedError(bins: readonly CalibrationBin[]): number {
  const total = bins.reduce((sum, { count }) => sum + count, 0);
  return bins.reduce((sum, { count, probPred, probTrue }) => (count === 0 ? sum : sum + count * Math.abs(probPred - probTrue)), 0) / total;
}

/**
 * The calibration curve: for each bin of predicted probabilities, the mean probability and the fraction of predictions that came true. A model is
 * calibrated if the two agree in every bin.
 *
 * Inputs of `update`: probabilities of class 1, `[N, …]`, for targets 0 and 1 of the same shape; or those of all classes, `[N, C, …]`, for target
 * classes `[N, …]`: then a prediction comes true if the predicted class is the true one. Weights have the shape of the target. scikit-learn:
 * `calibration_curve`, which takes class 1 only, has 5 bins by default, and leaves out empty bins.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { calibrationCurve } from "@nn/metrics";
 *
 * const curve = calibrationCurve(tensor([0.25, 0.5, 1, 0.75]), tensor([0, 1, 1, 1], { dtype: "int32" }), { bins: 2 });
 * curve.map(({ probPred, probTrue }) => [probPred, probTrue]); // => [[0.375, 0.5], [0.875, 1]]
 * ```
 */
export class CalibrationCurve extends Accumulator<ScoredInputs, readonly CalibrationBin[]> {
  constructor(options: CalibrationOptions = {}) {
    requireOptions("CalibrationCurve", options, calibrationOptions);
    super(calibrationRule("CalibrationCurve", options, null, (bins) => bins), options);
  }
}

/** The calibration curve of predicted probabilities; see {@link CalibrationCurve}. */
export function calibrationCurve(prediction: Tensor, target: Tensor, options: CalibrationOptions & SampleWeightOptions = {}): readonly CalibrationBin[] {
  requireOptions("calibrationCurve", options, { ...calibrationOptions, ...sampleWeightOptions });
  return resultOf(calibrationRule("calibrationCurve", options, null, (bins) => bins), prediction, target, options.sampleWeight);
}

/**
 * Expected calibration error: the mean of `|probPred − probTrue|` over the bins of the {@link CalibrationCurve}, each weighted by its predictions
 * (Naeini et al. 2015; Guo et al. 2017).
 *
 * Inputs of `update`: as for {@link CalibrationCurve}; with the probabilities of all classes the error is that of the predicted class. NaN without
 * examples.
 */
export class ExpectedCalibrationError extends Accumulator<ScoredInputs> {
  constructor(options: CalibrationOptions = {}) {
    requireOptions("ExpectedCalibrationError", options, calibrationOptions);
    super(calibrationRule("ExpectedCalibrationError", options, false, expectedError), options);
  }
}

/** Expected calibration error; see {@link ExpectedCalibrationError}. */
export function expectedCalibrationError(prediction: Tensor, target: Tensor, options: CalibrationOptions & SampleWeightOptions = {}): number {
  requireOptions("expectedCalibrationError", options, { ...calibrationOptions, ...sampleWeightOptions });
  return resultOf(calibrationRule("expectedCalibrationError", options, false, expectedError), prediction, target, options.sampleWeight);
}
