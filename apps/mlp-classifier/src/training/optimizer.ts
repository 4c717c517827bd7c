import {
  Adam, AdamW, constantRate, cosineDecay, exponentialDecay, linearWarmup, oneCycle, reduceOnPlateau, RMSprop, SGD, stepDecay,
  type PlateauSchedule, type Schedule,
} from "@nn/optim";
import type { Parameter } from "@nn/layers";
import type { ResolvedSettings } from "../settings/merge.js";

/** The optimizers of the command line. */
export type AnyOptimizer = Adam | AdamW | SGD | RMSprop;

/** The number of epochs without a better validation loss that the plateau schedule tolerates. */
const plateauPatience = 2;

/** The optimizer that the settings ask for; `schedule` gives the rate of every step. */
export function createOptimizer(parameters: readonly Parameter[], schedule: Schedule, settings: ResolvedSettings): AnyOptimizer {
  const { optimizer, weightDecay } = settings;
  const momentum = settings.momentum ?? 0;
  const options = { learningRate: schedule, weightDecay };
  switch (optimizer) {
    case "adam": return new Adam(parameters, options);
    case "adamw": return new AdamW(parameters, options);
    case "sgd": return new SGD(parameters, { ...options, momentum });
    case "rmsprop": return new RMSprop(parameters, { ...options, momentum });
  }
}

/** The learning rate over a run of so many steps. */
export function createSchedule({ schedule, learningRate }: ResolvedSettings, steps: number): Schedule | PlateauSchedule {
  switch (schedule) {
    case "constant": return constantRate(learningRate);
    case "step": return stepDecay(learningRate, { every: Math.ceil(steps / 3) });
    case "exponential": return exponentialDecay(learningRate, { factor: 0.01 ** (1 / steps) });
    case "cosine": return cosineDecay(learningRate, { steps });
    case "warmup-cosine": return warmupCosine(learningRate, steps);
    case "one-cycle": return oneCycle(learningRate, { steps });
    case "plateau": return reduceOnPlateau(learningRate, { patience: plateauPatience });
  }
}

function warmupCosine(rate: number, steps: number): Schedule {
  const rising = Math.ceil(steps / 20);
  return linearWarmup(cosineDecay(rate, { steps: Math.max(1, steps - rising) }), { steps: rising });
}

/** Whether a schedule follows the validation loss. */
export function isPlateau(schedule: Schedule | PlateauSchedule): schedule is PlateauSchedule {
  return "report" in schedule;
}
