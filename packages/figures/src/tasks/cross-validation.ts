import { std, tensor } from "@nn/tensor";
import { foldTraining, roundsOf, type FoldResult } from "./fold-training.js";
import type { Task } from "./task.js";

export interface CrossValidationSettings {
  /** The number k of folds. */
  readonly folds: number;
  /** Of the points. */
  readonly seed: number;
}

/** The networks with one weight decay. */
export interface DecayScores {
  readonly weightDecay: number;
  /** The loss of each network on the fold that it has not learned. */
  readonly scores: readonly number[];
  readonly mean: number;
  /** The standard deviation of the scores, with n − 1 in the denominator; 0 of a single one. */
  readonly std: number;
  /** The mean loss on what the networks have learned. */
  readonly trainingLoss: number;
}

export interface CrossValidationView {
  /** What is trained so far, from the smallest weight decay on. */
  readonly decays: readonly DecayScores[];
  /** The network that was trained last: its fold, from 0, the numbers of the points in it, and its answers on a grid, from the bottom up. */
  readonly last: { readonly weightDecay: number; readonly fold: number; readonly leftOut: readonly number[]; readonly map: readonly number[] } | undefined;
  /** The weight decay with the lowest mean, when all networks are trained. */
  readonly best: number | undefined;
}

/** The values that are compared. */
export const weightDecays = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20] as const;

/** Compares values of the weight decay by k-fold cross-validation. A step trains one network. */
export function crossValidation({ folds, seed }: CrossValidationSettings): Task<CrossValidationView> {
  const rounds = roundsOf({ folds, seed });
  const results: FoldResult[] = [];
  let training = foldTraining(weightDecays[0]);
  const isDone = (): boolean => results.length >= weightDecays.length * folds;
  return {
    step() {
      const [round, weightDecay] = [rounds[results.length % folds], weightDecays[Math.floor(results.length / folds)]];
      if (round === undefined || weightDecay === undefined) return;
      if (results.length > 0 && results.length % folds === 0) training = foldTraining(weightDecay);
      results.push(training.train(round));
    },
    view() {
      const decays = weightDecays.slice(0, Math.ceil(results.length / folds)).map((weightDecay, at) => scoresOf(weightDecay, results.slice(at * folds, (at + 1) * folds)));
      const result = results.at(-1);
      const last = result === undefined ? undefined : { weightDecay: decays.at(-1)?.weightDecay ?? NaN, fold: (results.length - 1) % folds, leftOut: result.leftOut, map: training.map() };
      return { decays, last, best: isDone() ? decays.reduce((a, b) => (b.mean < a.mean ? b : a)).weightDecay : undefined };
    },
    isDone,
  };
}

function scoresOf(weightDecay: number, results: readonly FoldResult[]): DecayScores {
  const scores = tensor(results.map(({ score }) => score));
  return {
    weightDecay, scores: scores.toArray() as number[], mean: scores.mean().item(), std: results.length < 2 ? 0 : std(scores).item(),
    trainingLoss: tensor(results.map(({ trainingLoss }) => trainingLoss)).mean().item(),
  };
}
