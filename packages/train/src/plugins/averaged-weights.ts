import { ParameterAverage } from "@nn/optim";
import { UsageError } from "@nn/tensor";
import { describeValue, requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import type { TrainingEvent } from "../fit/events.js";
import type { Plugin } from "../fit/plugin.js";

/** Options of {@link averagedWeights}. */
export interface AveragedWeightsOptions {
  /**
   * When the average is updated with the weights:
   * - `"step"`: after every step of the run, for an `ExponentialMovingAverage`. This is the default.
   * - `"epoch"`: after the steps of every epoch, before its evaluation, for a `StochasticWeightAverage`.
   * - `"never"`: the step does it (option `average` of `trainStep`). Use this with `accumulate`, where not every step of the run changes the weights.
   */
  readonly update?: "step" | "epoch" | "never" | undefined;
  /** The first epoch, counted from 1, whose weights enter the average. Default 1. */
  readonly from?: number | undefined;
  /** Whether the model has the averaged weights after the run. Default true. */
  readonly apply?: boolean | undefined;
}

const averagedWeightsOptions: OptionKinds<AveragedWeightsOptions> = { update: ["step", "epoch", "never"], from: "count", apply: "boolean" };

/**
 * Averages the weights over the run: `ExponentialMovingAverage` or `StochasticWeightAverage` of `@nn/optim`. The model is trained with its own weights, evaluated with the
 * averaged ones, and has the averaged weights after the run. The average is saved with the run.
 *
 * The best weights are those that were evaluated: `best.safetensors` of `checkpoints` has averaged weights, and together with `earlyStopping` the model ends with the
 * averaged weights of the best epoch. Its own weights are then in `average.values`.
 *
 * The running statistics of batch normalisation do not belong to the averaged weights, unless the average includes the buffers too.
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
  /** The latest epoch whose weights entered the average. */
  let lastEpoch = 0;
  const swapWeights = (evaluated: boolean): void => {
    if (isSwapped === evaluated || (evaluated && average.updates === 0)) return;
    average.swap();
    isSwapped = evaluated;
  };
  const isDue = (event: TrainingEvent): boolean => {
    if (event.epoch < from) return false;
    if (update === "step") return event.type === "step";
    // An evaluation that was interrupted is made again, and a run may have none.
    return update === "epoch" && (event.type === "epoch" || (event.type === "evaluating" && event.endsEpoch)) && event.epoch > lastEpoch;
  };
  return {
    name: "averagedWeights",
    swapWeights,
    on: (event) => {
      if (isDue(event)) {
        average.update();
        lastEpoch = event.epoch;
      }
      if (event.type === "end" && apply && event.outcome !== "failed") swapWeights(true);
    },
    ...(update === "never" ? {} : {
      stateDict: () => ({ lastEpoch, average: average.stateDict() }),
      loadStateDict: (state: unknown) => {
        const saved = Object(state) as { readonly lastEpoch?: unknown; readonly average?: unknown };
        requireKind("averagedWeights.loadStateDict", "lastEpoch", saved.lastEpoch, "size");
        average.loadStateDict(saved.average as ReturnType<ParameterAverage["stateDict"]>);
        lastEpoch = saved.lastEpoch as number;
      },
    }),
  };
}
