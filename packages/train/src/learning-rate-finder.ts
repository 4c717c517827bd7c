import { ArgumentError, isTensor, UsageError, type Tensor } from "@nn/tensor";
import { describeValue, requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { requireBatches, type Batches } from "./batches.js";
import { requireOptionsObject } from "./options-object.js";
import { smoother, suggestedRate } from "./rate-suggestion.js";
import { isStateful } from "./stateful.js";
import { undone } from "./undone.js";

/** Options of {@link findLearningRate}. */
export interface LearningRateFinderOptions<Batch> {
  /** The optimizer that the step uses. */
  readonly optimizer: { learningRate: number };
  /** One training step. It returns the loss, alone or as `{ loss }`. */
  readonly step: (batch: Batch) => Tensor | { readonly loss: Tensor };
  /** The batches: a `DataLoader` or an array. They start again when they end. */
  readonly batches: Batches<Batch>;
  /** The first rate. Default 1e-6. */
  readonly low?: number | undefined;
  /** The last rate. Default 1. */
  readonly high?: number | undefined;
  /** The number of steps. Default 100. */
  readonly steps?: number | undefined;
  /** The fraction of the smoothed loss that each step keeps. Default 0.9. */
  readonly smoothing?: number | undefined;
  /** The test ends when the smoothed loss is this many times the lowest one. Default 4. */
  readonly divergence?: number | undefined;
}

const finderOptions: OptionKinds<LearningRateFinderOptions<unknown>> = {
  optimizer: "any", step: "function", batches: "any", low: "positive", high: "positive", steps: "count", smoothing: "nonNegative", divergence: "positive",
};

/** The result of {@link findLearningRate}. */
export interface LearningRateRange {
  /** The rate of each step. */
  readonly rates: readonly number[];
  /** The loss of each step, before its update. */
  readonly losses: readonly number[];
  /** The smoothed losses: a bias-corrected exponential moving average. */
  readonly smoothed: readonly number[];
  /** The rate at which the smoothed loss falls most steeply. It is `undefined` if there are fewer than 20 steps, or the fall does not exceed the noise. */
  readonly suggestion: number | undefined;
  /** Why there is no suggestion; `undefined` if there is one. */
  readonly reason: string | undefined;
  /** Whether the test ended early because the loss grew or was not finite. */
  readonly diverged: boolean;
}

/** The number of steps after which the smoothed loss shows whether the run diverges. */
const settled = 5;

/**
 * Trains for some steps with a learning rate that grows from step to step, `low · (high / low)^(i / (steps − 1))`, and suggests the rate at which the loss falls most
 * steeply: the learning rate range test (Smith 2017). Losses are smoothed by a bias-corrected exponential average. If they do not fall by more than their noise, there is
 * no suggestion, and `reason` says why.
 *
 * Afterwards everything is restored, to the bit: weights, buffers, the optimizer with its schedule, generators of random numbers, and the position of batches that have a
 * `stateDict()`. The step may be compiled; it must be synchronous. Steps run without a pause.
 *
 * Unlike `lr_find` of fastai and Lightning, it takes the steepest fall of the smoothed losses, not of the raw ones, and suggests nothing if there is only noise.
 *
 * @example
 * ```ts
 * import { manualSeed, tensor } from "@nn/tensor";
 * import { Linear } from "@nn/layers";
 * import { mse } from "@nn/losses";
 * import { SGD } from "@nn/optim";
 * import { findLearningRate, trainStep } from "@nn/train";
 *
 * manualSeed(1);
 * const model = new Linear(1, 1);
 * const optimizer = new SGD(model.parameters(), { learningRate: 1e-3 });
 * const batches = [[tensor([[1], [2], [3]]), tensor([[2], [4], [6]])]] as const;
 * const { suggestion } = await findLearningRate({ optimizer, step: trainStep(model, mse, optimizer), batches });
 * suggestion! > 1e-3 && suggestion! < 1; // => true
 * optimizer.steps; // => 0
 * ```
 * @throws UsageError for batches whose position cannot be restored, and for a step that is asynchronous or returns no loss.
 */
export async function findLearningRate<Batch>(options: LearningRateFinderOptions<Batch>): Promise<LearningRateRange> {
  requireOptionsObject("findLearningRate", options, "{ optimizer, step, batches }");
  requireOptions("findLearningRate", options, finderOptions);
  const { optimizer, step, batches, low = 1e-6, high = 1, steps = 100, smoothing = 0.9, divergence = 4 } = options;
  requireKind("findLearningRate", "step", step, "function");
  const rate: unknown = Object(optimizer).learningRate;
  if (typeof rate !== "number") throw new UsageError(`findLearningRate: optimizer is ${describeValue(optimizer)}, expected an optimizer of @nn/optim with a learningRate`);
  if (low >= high) throw new ArgumentError(`findLearningRate: low is ${low} and high is ${high}, expected low below high`);
  if (steps < 2) throw new ArgumentError(`findLearningRate: steps is ${steps}, expected at least 2`);
  if (smoothing >= 1) throw new ArgumentError(`findLearningRate: smoothing is ${smoothing}, expected a number from 0 to below 1`);
  if (divergence <= 1) throw new ArgumentError(`findLearningRate: divergence is ${divergence}, expected a number above 1`);
  requireBatches("findLearningRate", "batches", batches);
  const taken = await take(batches, steps);
  const losses: number[] = [];
  const smoothed: number[] = [];
  const rates = Array.from({ length: steps }, (_, at) => low * (high / low) ** (at / (steps - 1)));
  const diverged = undone(() => {
    const smooth = smoother(smoothing);
    let lowest = Infinity;
    for (const [at, each] of rates.entries()) {
      optimizer.learningRate = each;
      const loss = lossOf(step(taken[at % taken.length] as Batch));
      const now = smooth(loss);
      losses.push(loss);
      smoothed.push(now);
      lowest = Math.min(lowest, now);
      if (!Number.isFinite(now) || (at >= settled && now > divergence * lowest)) return true;
    }
    return false;
  });
  const used = rates.slice(0, losses.length);
  return { rates: used, losses, smoothed, ...suggestedRate(used, losses, smoothing), diverged };
}

/** The first `count` batches; fewer if there are fewer. The position of the source is restored. */
async function take<Batch>(batches: Batches<Batch>, count: number): Promise<readonly Batch[]> {
  if (!Array.isArray(batches) && !isStateful(batches)) {
    throw new UsageError("findLearningRate: the batches have no stateDict(), so their position cannot be restored; use a DataLoader, or an array of batches");
  }
  const before: unknown = isStateful(batches) ? batches.stateDict() : undefined;
  const taken: Batch[] = [];
  try {
    for await (const batch of batches) {
      taken.push(batch);
      if (taken.length === count) break;
    }
  } finally {
    if (isStateful(batches)) batches.loadStateDict(before);
  }
  if (taken.length === 0) throw new UsageError("findLearningRate: there are no batches");
  return taken;
}

function lossOf(result: unknown): number {
  if (result instanceof Promise) throw new UsageError("findLearningRate: the step is asynchronous, expected a synchronous one");
  const loss: unknown = isTensor(result) ? result : Object(result).loss;
  if (!isTensor(loss)) throw new UsageError(`findLearningRate: the step gave ${describeValue(result)}, expected the loss as a tensor, or { loss }`);
  return loss.item();
}
