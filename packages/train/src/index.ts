export { Checkpoint } from "./checkpoint/checkpoint.js";
export type { CheckpointLoadOptions } from "./checkpoint/checkpoint.js";
export { CheckpointError } from "@nn/io";
export { memoryStorage } from "./checkpoint/storage.js";
export type { CheckpointStorage } from "./checkpoint/storage.js";
export type { Stateful } from "./stateful.js";

export { responsive } from "./responsive.js";
export type { ResponsiveOptions } from "./responsive.js";
export type { Batches, Pair } from "./batches.js";
export { trainStep } from "./train-step.js";
export type { Augmented, Loss, StepMeans, TrainStep, TrainStepOptions } from "./train-step.js";
export { evaluate, evaluator } from "./evaluate.js";
export type { EvaluateOptions, Evaluation, TargetOf } from "./evaluate.js";
export { predict } from "./predict.js";
export type { PredictOptions } from "./predict.js";
export type { Execution } from "./execution.js";
export type { MeanOf, MetricLike, Metrics, MetricValues } from "./metric.js";
export type { Model } from "./evaluation-mode.js";

export { fit } from "./fit/fit.js";
export { Training } from "./fit/training.js";
export type { Evaluate, FitOptions, RunOptions, SimpleFitOptions, SimpleValues, Step, StepOptions } from "./fit/options.js";
export type {
  CheckpointEvent, EndEvent, EndingEvent, EpochEvent, EpochRecord, EvaluatingEvent, EvaluationEvent, Outcome, Position, ProgressEvent, StartEvent, StepEvent,
  TrainingEvent, TrainingResult,
} from "./fit/events.js";
export type { Controls, Monitored, Plugin, ResumePoint } from "./fit/plugin.js";
export type { AnyValues, MonitorName, StepResult, StepValues, TrainingValues, Values, ValuesWith } from "./fit/values.js";

export { checkpoints } from "./plugins/checkpoints.js";
export type { CheckpointInterval, CheckpointsOptions } from "./plugins/checkpoints.js";
export { earlyStopping } from "./plugins/early-stopping.js";
export type { EarlyStoppingOptions } from "./plugins/early-stopping.js";
export type { MonitorOptions } from "./plugins/monitored.js";
export { plateau } from "./plugins/plateau.js";
export type { PlateauOptions } from "./plugins/plateau.js";
export { averagedWeights } from "./plugins/averaged-weights.js";
export type { AveragedWeightsOptions } from "./plugins/averaged-weights.js";
export { statistics } from "./plugins/statistics.js";
export type { StatisticsOptions } from "./plugins/statistics.js";
export { stopOnNaN } from "./plugins/stop-on-nan.js";
export type { StopOnNaN, StopOnNaNOptions } from "./plugins/stop-on-nan.js";

export { bagging, crossValidate } from "./cross-validate.js";
export type { BaggingOptions, CrossValidateOptions, CrossValidation, Round } from "./cross-validate.js";
export { Ensemble, ensemble } from "./ensemble.js";
export type { EnsembleOptions } from "./ensemble.js";
export { findLearningRate } from "./learning-rate-finder.js";
export type { LearningRateFinderOptions, LearningRateRange } from "./learning-rate-finder.js";
export { inspectModel } from "./inspection/inspect-model.js";
export type { InspectModelOptions, ModelInspection } from "./inspection/inspect-model.js";
export type { ActivationStatistics, ParameterStatistics } from "./inspection/layer-statistics.js";
