export { Accumulator } from "./accumulator.js";
export type { SampleWeightOptions, ScoredInputs } from "./inputs.js";
export { Metric } from "./metric.js";
export type { MetricStateDict } from "./metric.js";
export type { MetricRule, Statistics, StatisticValues } from "./rule.js";

export { Mean } from "./averages/mean.js";
export type { MeanInputs, MeanOptions } from "./averages/mean.js";

export { Accuracy, accuracyScore } from "./classification/accuracy.js";
export type { AccuracyOptions, AccuracyScoreOptions } from "./classification/accuracy.js";
export type { LabelOptions } from "./classification/labels.js";
