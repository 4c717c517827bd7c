import type { TensorModule } from "@nn/layers";
import { UsageError } from "@nn/tensor";
import { describeValue, quote, requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { requireSignal } from "./batches.js";
import { ensemble, requireTensorModule, type Ensemble, type EnsembleOptions } from "./ensemble.js";

/** A round of a cross-validation, as `kFold` and `bootstrap` of `@nn/data` make it. */
export interface Round<Split> {
  readonly train: Split;
  readonly validation: Split;
}

/** Options of {@link crossValidate}. */
export interface CrossValidateOptions {
  /** Ends the validation before the next round; the call then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** The result of {@link crossValidate}. */
export interface CrossValidation<Scores> {
  /** The scores of each round. */
  readonly rounds: readonly Scores[];
  /** The mean of each score over the rounds. */
  readonly mean: Scores;
  /** The standard deviation of each score over the rounds, with n − 1 in the denominator. */
  readonly std: Scores;
}

/**
 * Trains and evaluates a model on every round of a cross-validation, one after the other, and returns the mean and the standard deviation of the
 * scores. `evaluate` makes a new model for each round, and returns its scores by name. scikit-learn: `cross_validate`.
 *
 * Rounds share training data, so the standard deviation shows how much the scores vary, but underestimates the error of their mean (Bengio and
 * Grandvalet 2004).
 *
 * @example
 * ```ts
 * import { ArrayDataset, kFold } from "@nn/data";
 * import { crossValidate } from "@nn/train";
 * const folds = kFold(new ArrayDataset([1, 2, 3, 4]), 2, { shuffle: false });
 * const { mean } = await crossValidate(folds, ({ train, validation }) => {
 *   const prediction = [...train].reduce((a, b) => a + b) / train.length;
 *   return { error: [...validation].reduce((sum, each) => sum + Math.abs(each - prediction), 0) / validation.length };
 * });
 * mean.error; // => 2
 * ```
 * @throws UsageError for fewer than two rounds, and for scores that are not the same numbers by name in every round.
 */
export async function crossValidate<Split, Scores extends Readonly<Record<string, number>>>(
  rounds: readonly Round<Split>[], evaluate: (round: Round<Split>, index: number) => Scores | Promise<Scores>, options: CrossValidateOptions = {},
): Promise<CrossValidation<Scores>> {
  requireRounds("crossValidate", rounds);
  if (rounds.length < 2) throw new UsageError(`crossValidate: there is ${rounds.length} round, expected at least two`);
  requireKind("crossValidate", "evaluate", evaluate, "function");
  requireOptions("crossValidate", options, crossValidateOptions);
  requireSignal("crossValidate", options.signal);
  const all: Scores[] = [];
  for (const [index, round] of rounds.entries()) {
    options.signal?.throwIfAborted();
    const scores = await evaluate(round, index);
    requireScores(scores, all[0], index);
    all.push(scores);
  }
  const names = Object.keys(all[0] ?? {});
  const mean = Object.fromEntries(names.map((name) => [name, meanOf(all.map((scores) => scores[name] ?? Number.NaN))]));
  const std = Object.fromEntries(names.map((name) => {
    const squares = all.map((scores) => ((scores[name] ?? Number.NaN) - (mean[name] ?? Number.NaN)) ** 2);
    return [name, Math.sqrt(squares.reduce((sum, each) => sum + each, 0) / (all.length - 1))];
  }));
  return { rounds: all, mean: mean as Scores, std: std as Scores };
}

const crossValidateOptions: OptionKinds<CrossValidateOptions> = { signal: "any" };

/** Options of {@link bagging}. */
export interface BaggingOptions extends EnsembleOptions, CrossValidateOptions {}

const baggingOptions: OptionKinds<BaggingOptions> = { signal: "any", transform: "function" };

/**
 * Trains a model on every bootstrap sample, one after the other, and returns their {@link ensemble}: bagging (Breiman 1996). `bootstrap` of `@nn/data` draws
 * the samples; the items that a sample left out are its `validation`.
 *
 * @example
 * ```ts
 * import { ArrayDataset, bootstrap } from "@nn/data";
 * import { Linear } from "@nn/layers";
 * import { tensor } from "@nn/tensor";
 * import { bagging } from "@nn/train";
 * const together = await bagging(bootstrap(new ArrayDataset([1, 2, 3]), 4, { seed: 1 }), ({ train }) => {
 *   const model = new Linear(1, 1, { bias: false });
 *   model.weight.value = tensor([[[...train].reduce((a, b) => a + b) / train.length]]); // "trained": the mean of the sample
 *   return model;
 * });
 * together.models.length; // => 4
 * ```
 * @throws UsageError for no samples, or a result that is not a module.
 */
export async function bagging<Split, M extends TensorModule>(
  samples: readonly Round<Split>[], train: (sample: Round<Split>, index: number) => M | Promise<M>, options: BaggingOptions = {},
): Promise<Ensemble<M>> {
  requireRounds("bagging", samples);
  if (samples.length === 0) throw new UsageError("bagging: there are no samples, expected at least one");
  requireKind("bagging", "train", train, "function");
  requireOptions("bagging", options, baggingOptions);
  const { signal, ...others } = options;
  requireSignal("bagging", signal);
  const models: M[] = [];
  for (const [index, sample] of samples.entries()) {
    signal?.throwIfAborted();
    const model = await train(sample, index);
    requireTensorModule("bagging", `what train gave for sample ${index}`, model);
    models.push(model);
  }
  return ensemble(models, others);
}

function requireRounds(operation: string, rounds: unknown): void {
  requireKind(operation, "the rounds", rounds, "list");
  for (const [at, round] of (rounds as readonly unknown[]).entries()) {
    if (typeof round !== "object" || round === null || !("train" in round && "validation" in round)) {
      throw new UsageError(`${operation}: round ${at} is ${describeValue(round)}, expected { train, validation }, as kFold and bootstrap of @nn/data give it`);
    }
  }
}

function requireScores(scores: unknown, first: object | undefined, round: number): void {
  if (typeof scores !== "object" || scores === null || Object.keys(scores).length === 0) {
    throw new UsageError(`crossValidate: evaluate gave ${describeValue(scores)} in round ${round}, expected scores by name such as { accuracy: 0.9 }`);
  }
  for (const [name, score] of Object.entries(scores)) requireKind("crossValidate", `${quote(name)} of round ${round}`, score, "number");
  const names = (of: object): string => Object.keys(of).toSorted().join(", ");
  if (first === undefined || names(first) === names(scores)) return;
  throw new UsageError(`crossValidate: round ${round} has the scores ${names(scores)}, expected those of round 0: ${names(first)}`);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, each) => sum + each, 0) / values.length;
}
