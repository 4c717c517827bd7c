import { createStudy, float, gaussianProcessPredictions, gaussianProcessSampler, type GaussianProcessPrediction, type Study, type Trial } from "@nn/search";
import { crossValidate } from "@nn/train";
import { foldTraining, roundsOf } from "./fold-training.js";
import type { Task } from "./task.js";

/** The hyperparameter that is searched. */
export const space = { weightDecay: float(0.05, 50, { log: true }) };

export interface BayesianOptimisationSettings {
  /** Of the points. */
  readonly seed: number;
}

export interface BayesianOptimisationView {
  /** What has been tried: a weight decay, and the mean loss of a 5-fold cross-validation with it. */
  readonly trials: readonly { readonly weightDecay: number; readonly loss: number }[];
  /** What the sampler has chosen to try next. */
  readonly next: number | undefined;
  /** What the Gaussian process predicts at the points of a grid; nothing while trials are spread evenly. */
  readonly predictions: readonly GaussianProcessPrediction[];
}

/** So many trials are spread evenly. */
export const startupTrials = 3;
export const mostTrials = 12;
const folds = 5;

/** Values of the weight decay, from the smallest on, whose logarithms are evenly spaced. */
export const grid = Array.from({ length: 121 }, (_, at) => space.weightDecay.low * (space.weightDecay.high / space.weightDecay.low) ** (at / 120));

/** Searches for the best weight decay by Bayesian optimisation. A step is a trial. */
export function bayesianOptimisation({ seed }: BayesianOptimisationSettings): Task<BayesianOptimisationView> {
  const rounds = roundsOf({ folds, seed });
  let study: Study<typeof space> | undefined;
  let next: Trial<typeof space> | undefined;
  let predictions: readonly GaussianProcessPrediction[] = [];

  async function lossWith(weightDecay: number): Promise<number> {
    const training = foldTraining(weightDecay);
    const { mean } = await crossValidate(rounds, (round) => ({ loss: training.train(round).score }));
    return mean.loss;
  }
  const completed = () => (study?.trials ?? []).flatMap((trial) => (trial.state === "completed" ? [{ weightDecay: trial.parameters.weightDecay, loss: trial.value }] : []));

  return {
    async step() {
      study ??= await createStudy({ space, sampler: gaussianProcessSampler({ startupTrials }), seed });
      const trial = next ?? (await study.ask());
      await study.tell(trial, await lossWith(trial.parameters.weightDecay));
      const count = completed().length;
      if (count >= startupTrials) predictions = gaussianProcessPredictions(study, grid.map((weightDecay) => ({ weightDecay })));
      next = count < mostTrials ? await study.ask() : undefined;
    },
    view: () => ({ trials: completed(), next: next?.parameters.weightDecay, predictions }),
    isDone: () => completed().length >= mostTrials,
  };
}
