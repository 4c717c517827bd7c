export { choice, conditional, float, int } from "./space/parameters.js";
export type {
  Branches, ChoiceParameter, ChoiceValue, ConditionalParameter, FloatOptions, FloatParameter, IntOptions, IntParameter, Parameter, Space,
} from "./space/parameters.js";
export type { BranchOf, ParametersOf, ValueOf } from "./space/space.js";
export type { Dimension, Point } from "./space/dimension.js";

export { createStudy } from "./study/create-study.js";
export type { StudyOptions } from "./study/create-study.js";
export type { Study } from "./study/study.js";
export type { Objective, OptimizeOptions, Outcome } from "./study/objective.js";
export { outcomeOf, outcomeOfThrown } from "./study/outcome.js";
export type { TrialOutcome } from "./study/outcome.js";
export { TrialPruned } from "./study/trial.js";
export type { Trial } from "./study/trial.js";
export type { CompletedTrial, Report, TrialRecord, TrialRecordBase } from "./study/trial-record.js";
export { overSeeds } from "./study/over-seeds.js";
export type { SeededRun } from "./study/over-seeds.js";

export { gaussianProcessSampler } from "./samplers/gaussian-process-sampler.js";
export type { GaussianProcessOptions } from "./samplers/gaussian-process-sampler.js";
export { gaussianProcessPredictions } from "./samplers/gaussian-process-predictions.js";
export type { GaussianProcessPrediction } from "./samplers/gaussian-process-predictions.js";
export { gridSampler } from "./samplers/grid-sampler.js";
export type { GridOptions } from "./samplers/grid-sampler.js";
export { quasiRandomSampler } from "./samplers/quasi-random-sampler.js";
export type { QuasiRandomOptions } from "./samplers/quasi-random-sampler.js";
export { randomSampler } from "./samplers/random-sampler.js";
export type { Observation, Sampler, SampleRequest } from "./samplers/sampler.js";
export { tpeSampler } from "./samplers/tpe-sampler.js";
export type { TpeOptions } from "./samplers/tpe-sampler.js";
export type { RandomStream } from "./random-stream.js";

export { hyperbandPruner } from "./pruners/hyperband-pruner.js";
export type { HyperbandOptions } from "./pruners/hyperband-pruner.js";
export { medianPruner } from "./pruners/median-pruner.js";
export type { MedianPrunerOptions } from "./pruners/median-pruner.js";
export type { Pruner, PruneRequest, ReportedTrial } from "./pruners/pruner.js";
export { successiveHalvingPruner } from "./pruners/successive-halving-pruner.js";
export type { SuccessiveHalvingOptions } from "./pruners/successive-halving-pruner.js";

export { MemoryStorage } from "./storage/memory-storage.js";
export type { MemoryStorageState } from "./storage/memory-storage.js";
export type { Storage } from "./storage/storage.js";
export { requireEvent } from "./storage/events.js";
export type { Direction, FinishedState, StudyDescription, StudyEvent } from "./storage/events.js";

export { minTrialsForImportance, parameterImportance } from "./importance/parameter-importance.js";
export type { ImportanceOptions, ParameterImportance } from "./importance/parameter-importance.js";

export { studyReport } from "./report/study-report.js";
export type { ReportOptions } from "./report/study-report.js";
