import { equal, log, logSoftmax, neg, sum, where, type Tensor } from "@nn/tensor";
import { castTo, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { Accumulator, resultOf } from "../accumulator.js";
import { scoreOfTarget, scoresOf, type ClassScores } from "../classification/scores.js";
import { sampleWeightOptions, type SampleWeightOptions, type ScoredInputs } from "../inputs.js";
import type { MetricRule } from "../rule.js";
import { chancesOf } from "./chances.js";

/** Options of {@link LogLoss}. */
export interface LogLossOptions {
  /** Whether predictions are logits `[N, C, …]` instead of probabilities; default `false`. */
  readonly logits?: boolean | undefined;
  /** Whether the result is the mean of the losses (`true`, the default) or their sum (`false`). */
  readonly normalize?: boolean | undefined;
  /** Targets of this class do not count; default −100, as in `crossEntropy`. */
  readonly ignoreIndex?: number | undefined;
}

const logLossOptions: OptionKinds<LogLossOptions> = { logits: "boolean", normalize: "boolean", ignoreIndex: "integer" };

type Rule = MetricRule<ScoredInputs, number, "loss" | "weight">;

function logLossRule(operation: string, { logits = false, normalize = true, ignoreIndex }: LogLossOptions): Rule {
  return {
    higherIsBetter: false,
    shapes: { loss: [], weight: [] },
    statistics(prediction, target, sampleWeight) {
      const inputs = { prediction, target, sampleWeight };
      return lossOf(logits ? logLikelihoods(scoresOf(operation, inputs, ignoreIndex)) : logChances(chancesOf(operation, inputs, ignoreIndex)));
    },
    result: ({ loss, weight }) => (normalize ? (loss[0] as number) / (weight[0] as number) : (loss[0] as number)),
  };
}

function logLikelihoods(given: ClassScores): { readonly logs: Tensor; readonly weights: Tensor } {
  return { logs: scoreOfTarget({ ...given, scores: logSoftmax(given.scores, given.axis) }), weights: given.weights };
}

function logChances(given: ClassScores): { readonly logs: Tensor; readonly weights: Tensor } {
  return { logs: log(scoreOfTarget(given)), weights: given.weights };
}

function lossOf({ logs, weights }: { readonly logs: Tensor; readonly weights: Tensor }): { readonly loss: Tensor; readonly weight: Tensor } {
  // An infinite loss of the weight 0 does not count.
  return { loss: sum(where(equal(weights, 0), 0, neg(castTo(logs, "float64")).mul(weights))), weight: sum(weights) };
}

/**
 * The mean negative logarithm of the probability of the true class, `−Σ w log p_y / Σ w`: the cross-entropy of predictions.
 *
 * Inputs of `update`: probabilities `[N, C, …]`, or `[N]` of class 1 of two, or `logits` `[N, C, …]`; target int32 `[N, …]`; weights `[N, …]`. The
 * loss is infinite if a true class has the probability 0; scikit-learn's `log_loss` clips probabilities, and divides those that do not sum up to 1 by
 * their sum, which is an error here. NaN without examples.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { LogLoss } from "@nn/metrics";
 *
 * const loss = new LogLoss();
 * loss.update(tensor([[0.5, 0.5], [0.25, 0.75]]), tensor([0, 1], { dtype: "int32" }));
 * loss.update(tensor([[0.9, 0.1]]), tensor([0], { dtype: "int32" }));
 * loss.compute().toFixed(4); // => "0.3621"
 * ```
 */
export class LogLoss extends Accumulator<ScoredInputs> {
  constructor(options: LogLossOptions = {}) {
    requireOptions("LogLoss", options, logLossOptions);
    super(logLossRule("LogLoss", options), options);
  }
}

/** The mean negative logarithm of the probability of the true class; see {@link LogLoss}. */
export function logLoss(prediction: Tensor, target: Tensor, options: LogLossOptions & SampleWeightOptions = {}): number {
  requireOptions("logLoss", options, { ...logLossOptions, ...sampleWeightOptions });
  return resultOf(logLossRule("logLoss", options), prediction, target, options.sampleWeight);
}

/** Options of {@link Perplexity}. */
export interface PerplexityOptions {
  /** Targets of this class, such as padding, do not count; default −100, as in `crossEntropy`. */
  readonly ignoreIndex?: number | undefined;
}

const perplexityOptions: OptionKinds<PerplexityOptions> = { ignoreIndex: "integer" };

function perplexityRule(operation: string, options: PerplexityOptions): Rule {
  const rule = logLossRule(operation, { ...options, logits: true });
  return { ...rule, result: (values) => Math.exp(rule.result(values)) };
}

/**
 * The exponential of the mean cross-entropy of tokens, `exp(−Σ w log p_y / Σ w)`: a language model with perplexity k is as uncertain as a choice
 * among k equally probable tokens.
 *
 * Inputs of `update`: logits `[N, C, …]` as of `crossEntropy`, target int32 `[N, …]`, weights `[N, …]`. The mean is over all tokens, not over
 * sequences or batches. NaN without tokens.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { perplexity } from "@nn/metrics";
 * perplexity(tensor([[0, 0, 0, 0]]), tensor([2], { dtype: "int32" })).toFixed(4); // => "4.0000"
 * ```
 */
export class Perplexity extends Accumulator<ScoredInputs> {
  constructor(options: PerplexityOptions = {}) {
    requireOptions("Perplexity", options, perplexityOptions);
    super(perplexityRule("Perplexity", options), options);
  }
}

/** The exponential of the mean cross-entropy of tokens, from logits; see {@link Perplexity}. */
export function perplexity(prediction: Tensor, target: Tensor, options: PerplexityOptions & SampleWeightOptions = {}): number {
  requireOptions("perplexity", options, { ...perplexityOptions, ...sampleWeightOptions });
  return resultOf(perplexityRule("perplexity", options), prediction, target, options.sampleWeight);
}
