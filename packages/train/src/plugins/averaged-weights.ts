import { ParameterAverage } from "@nn/optim";
import { UsageError } from "@nn/tensor";
import { describeValue, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import type { Plugin } from "../fit/plugin.js";

/** Options of {@link averagedWeights}. */
export interface AveragedWeightsOptions {
  /**
   * When the average takes the weights in: after every step of the optimizer (as an exponential moving average needs), after every epoch (as stochastic weight
   * averaging does), or never, if the step does it itself (option `average` of `trainStep`). Default `"step"`.
   */
  readonly update?: "step" | "epoch" | "never" | undefined;
  /** The first epoch, counted from 1, whose weights are taken in. Default 1. */
  readonly from?: number | undefined;
  /** Whether the model has the averaged weights when the run has ended. Default true. */
  readonly apply?: boolean | undefined;
}

const averagedWeightsOptions: OptionKinds<AveragedWeightsOptions> = { update: ["step", "epoch", "never"], from: "count", apply: "boolean" };

/**
 * Averages the weights over the run: `ExponentialMovingAverage` or `StochasticWeightAverage` of `@nn/optim`. The model is evaluated with the averaged weights,
 * trained with its own, and has the averaged weights when the run has ended. The average is saved with the run.
 *
 * The running statistics of batch normalisation are not those of averaged weights, unless the average has the buffers too. With `earlyStopping`, set its option
 * `restoreBest` to false: `fit` refuses both, since it would put back the model's own weights, which were not evaluated. For the same reason the file `best.safetensors` of
 * `checkpoints` has the model's own weights as `model`, and the average in the state of this plugin.
 *
 * @example
 * ```ts
 * import { Linear } from "@nn/layers";
 * import { StochasticWeightAverage } from "@nn/optim";
 * import { averagedWeights } from "@nn/train";
 * const model = new Linear(2, 1);
 * averagedWeights(new StochasticWeightAverage(model.parameters()), { update: "epoch", from: 10 }).name; // => "averagedWeights"
 * ```
 * @throws UsageError for anything but an average of `@nn/optim`.
 */
export function averagedWeights(average: ParameterAverage, options: AveragedWeightsOptions = {}): Plugin {
  if (!(average instanceof ParameterAverage)) {
    throw new UsageError(`averagedWeights: the average is ${describeValue(average)}, expected an ExponentialMovingAverage or a StochasticWeightAverage of @nn/optim`);
  }
  requireOptions("averagedWeights", options, averagedWeightsOptions);
  const { update = "step", from = 1, apply = true } = options;
  let isSwapped = false;
  const swap = (wanted: boolean): void => {
    if (isSwapped === wanted || (wanted && average.updates === 0)) return;
    average.swap();
    isSwapped = wanted;
  };
  return {
    name: "averagedWeights",
    setsFinalWeights: true,
    on: (event) => {
      // An evaluation that was interrupted ends without an event of its own.
      if (event.type === "evaluating") swap(true);
      else swap(false);
      if (event.type === update && event.epoch >= from) average.update();
      if (event.type === "end" && apply && event.outcome !== "failed") swap(true);
    },
    ...(update === "never" ? {} : {
      stateDict: () => average.stateDict(),
      loadStateDict: (state: unknown) => average.loadStateDict(state as ReturnType<ParameterAverage["stateDict"]>),
    }),
  };
}
