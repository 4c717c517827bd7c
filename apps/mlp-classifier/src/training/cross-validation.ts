import { crossValidate, type CrossValidation, type Plugin } from "@nn/train";
import type { LoadedData } from "../data/loaded-data.js";
import { evaluate } from "../evaluation/evaluate.js";
import { Failure, type Interruption } from "../failure.js";
import { createPredictor } from "../model/predictor.js";
import type { ResolvedSettings } from "../settings/merge.js";
import { Training, type EpochValues } from "./training.js";

/** The result of a round on the examples that it holds out. */
export type FoldScores = Readonly<Record<"accuracy" | "balancedAccuracy" | "loss", number>>;

/** A round of a cross-validation that has ended. */
export interface FoldResult extends FoldScores {
  /** From 1 on. */
  readonly fold: number;
  /** The number of examples that were held out. */
  readonly examples: number;
  readonly epochs: number;
}

/** What accompanies a cross-validation. */
export interface CrossValidationOptions {
  /** The rounds that an earlier process has done: the first ones. */
  readonly done: readonly FoldResult[];
  readonly signal: AbortSignal;
  /** What a round that is interrupted throws. */
  readonly interrupted: (fold: number) => Interruption;
  /** Plugins of each training. */
  readonly plugins: (fold: number) => readonly Plugin<EpochValues>[];
  readonly onFold: (result: FoldResult) => void | Promise<void>;
}

/**
 * Trains a network for each fold on the other folds, and tests it on the fold; none is kept. A part of the training examples of each round validates,
 * as in any run.
 * @throws Interruption, which the options give, at the signal; Failure if a training diverges.
 */
export async function crossValidateFolds(folds: readonly LoadedData[], settings: ResolvedSettings, { done, signal, interrupted, plugins, onFold }: CrossValidationOptions): Promise<CrossValidation<FoldScores>> {
  const rounds = folds.map(({ train, test }) => ({ train, validation: test }));
  return crossValidate(rounds, async (_, index) => {
    const [data, fold, known] = [folds[index] as LoadedData, index + 1, done[index]];
    if (known !== undefined) return { accuracy: known.accuracy, balancedAccuracy: known.balancedAccuracy, loss: known.loss };
    const training = new Training(data, settings);
    const { outcome, reason = "", history } = await training.fit({ signal, plugins: plugins(fold) });
    if (outcome === "interrupted") throw interrupted(fold);
    if (outcome === "diverged") throw new Failure(`fold ${fold}: ${reason}; try a lower --learning-rate`);
    training.network.eval();
    const evaluation = await evaluate(createPredictor(training.network, settings), data.test, data.classes);
    const { loss, balancedAccuracy, examples, report: { accuracy } } = evaluation;
    const scores = { accuracy, balancedAccuracy, loss };
    await onFold({ fold, examples, epochs: history.length, ...scores });
    return scores;
  });
}
