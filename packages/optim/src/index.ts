export { Optimizer } from "./optimizer.js";
export type { ParametersOrGroups } from "./optimizer.js";
export type { Complete, Optional } from "./options.js";
export { ParameterGroup } from "./parameter-group.js";
export type { GroupSettings, LearningRateOptions } from "./parameter-group.js";
export type { LearningRate, Schedule } from "./learning-rate.js";
export type { GroupState, LoadOptions, OptimizerStateDict } from "./state-dict.js";
export type { State, Update, UpdateContext, UpdateRule } from "./update-rule.js";

export { Adagrad, adagrad } from "./optimizers/adagrad.js";
export type { AdagradOptions, AdagradState } from "./optimizers/adagrad.js";
export { Adam, adam } from "./optimizers/adam.js";
export type { AdamOptions, AdamState } from "./optimizers/adam.js";
export { AdamW, adamw } from "./optimizers/adamw.js";
export type { DescentOptions } from "./optimizers/descent.js";
export { RMSprop, rmsprop } from "./optimizers/rmsprop.js";
export type { RMSpropOptions, RMSpropState } from "./optimizers/rmsprop.js";
export { SGD, sgd } from "./optimizers/sgd.js";
export type { SGDOptions, SGDState } from "./optimizers/sgd.js";

export { clipByGlobalNorm, clipByNorm } from "./clipping/norm.js";
export type { ClipByNormOptions, Clipped } from "./clipping/norm.js";
export { clipByValue } from "./clipping/value.js";

export { constantRate } from "./schedules/constant-rate.js";
export { cosineDecay } from "./schedules/cosine-decay.js";
export type { CosineDecayOptions } from "./schedules/cosine-decay.js";
export { exponentialDecay } from "./schedules/exponential-decay.js";
export type { ExponentialDecayOptions } from "./schedules/exponential-decay.js";
export { linearWarmup } from "./schedules/linear-warmup.js";
export type { LinearWarmupOptions } from "./schedules/linear-warmup.js";
export { multiStepDecay } from "./schedules/multi-step-decay.js";
export type { MultiStepDecayOptions } from "./schedules/multi-step-decay.js";
export { oneCycle } from "./schedules/one-cycle.js";
export type { OneCycleOptions } from "./schedules/one-cycle.js";
export { reduceOnPlateau } from "./schedules/reduce-on-plateau.js";
export type { PlateauSchedule, PlateauState, ReduceOnPlateauOptions } from "./schedules/reduce-on-plateau.js";
export { stepDecay } from "./schedules/step-decay.js";
export type { StepDecayOptions } from "./schedules/step-decay.js";
