import { ArgumentError, type Tensor } from "@nn/tensor";
import { describeValue, requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import type { EpochEvent } from "../fit/events.js";
import { isBetter } from "../fit/monitoring.js";
import type { Controls, Plugin } from "../fit/plugin.js";
import { valueOf, type ValuesWith } from "../fit/values.js";
import { monitoredBy, type MonitorOptions } from "./monitored.js";

/** Options of `earlyStopping`. */
export interface EarlyStoppingOptions<Name extends string = string> extends MonitorOptions<Name> {
  /** The name of the value, such as `"validation.loss"`. It also decides the best epoch of the run. Default: the value that the run monitors, see `fit`. */
  readonly monitor?: Name | undefined;
  /**
   * The run stops after this many epochs without a better value. With `Infinity` it never stops early; the plugin then only keeps the best weights.
   * Default 10.
   */
  readonly patience?: number | undefined;
  /** How much better than the best a value must be to count as better for `patience`. Default 0. */
  readonly minDelta?: number | undefined;
  /** Whether to restore the weights of the best epoch at the end of the run, however it ended. Default true. */
  readonly restoreBest?: boolean | undefined;
}

const earlyStoppingOptions: OptionKinds<EarlyStoppingOptions> = { monitor: "any", mode: ["min", "max"], patience: "number", minDelta: "nonNegative", restoreBest: "boolean" };

/** The state that a resumed run needs. */
interface EarlyStoppingState {
  /** The value that a better one must surpass by `minDelta`. */
  readonly reference: number | null;
  readonly epochsSince: number;
  readonly bestEpoch: number | null;
  /** The state of the model that was evaluated in the best epoch. */
  readonly weights: Readonly<Record<string, Tensor>> | null;
}

/**
 * Stops a run when a value no longer improves, and restores the weights of the best epoch when the run ends, even if it was interrupted, diverged or failed. NaN is never
 * better. The best epoch is `best` of the run's result; `minDelta` does not affect it. The weights are those that were evaluated: averaged ones if there is an
 * `averagedWeights` plugin.
 *
 * In Keras' `EarlyStopping`, `restore_best_weights` is off by default, does nothing if the run ends with its last epoch, and keeps weights only if they are better by
 * `min_delta`.
 *
 * @example
 * ```ts
 * import { earlyStopping } from "@nn/train";
 * earlyStopping({ monitor: "validation.loss", patience: 3 }).name; // => "earlyStopping"
 * ```
 * @throws ArgumentError for options of a wrong kind.
 */
export function earlyStopping(options?: EarlyStoppingOptions & { readonly monitor?: undefined }): Plugin;
export function earlyStopping<const Name extends string>(options: EarlyStoppingOptions<Name>): Plugin<ValuesWith<Name>>;
export function earlyStopping(options: EarlyStoppingOptions = {}): Plugin<never> {
  requireOptions("earlyStopping", options, earlyStoppingOptions);
  const { patience = 10, minDelta = 0, restoreBest = true } = options;
  if (patience !== Infinity) requireKind("earlyStopping", "patience", patience, "count");
  const monitored = monitoredBy("earlyStopping", {});
  if (options.monitor !== undefined) requireKind("earlyStopping", "monitor", options.monitor, "string");
  let state: EarlyStoppingState = { reference: null, epochsSince: 0, bestEpoch: null, weights: null };

  const report = ({ epoch, values, best }: EpochEvent<object>, controls: Controls): void => {
    const { name, mode } = monitored(controls);
    const value = valueOf(values, name);
    if (typeof value !== "number") throw new ArgumentError(`earlyStopping: ${name} is ${describeValue(value)}, expected a number`);
    const target = state.reference === null ? null : state.reference + (mode === "min" ? -minDelta : minDelta);
    if (isBetter(mode, value, target)) state = { ...state, reference: value, epochsSince: 0 };
    else state = { ...state, epochsSince: state.epochsSince + 1 };
    if (best) state = { ...state, bestEpoch: epoch, weights: restoreBest ? controls.evaluatedState() : null };
  };
  const stopIfExhausted = (controls: Controls): void => {
    if (state.epochsSince < patience) return;
    const best = state.bestEpoch === null ? "no value was a number" : `the best was epoch ${state.bestEpoch}`;
    controls.stop(`no better ${monitored(controls).name} for ${state.epochsSince} ${state.epochsSince === 1 ? "epoch" : "epochs"}; ${best}`);
  };

  return {
    name: "earlyStopping",
    setsFinalWeights: restoreBest,
    monitors: options.monitor === undefined ? [] : [options.monitor],
    monitor: { name: options.monitor, mode: options.mode },
    on: (event, controls) => {
      if (event.type === "epoch") report(event, controls);
      if (event.type === "epoch" || event.type === "start") stopIfExhausted(controls);
      if (event.type === "end" && state.weights !== null) controls.model.loadStateDict(state.weights);
    },
    stateDict: () => state,
    loadStateDict: (saved) => {
      state = checked(saved);
    },
  };
}

function checked(saved: unknown): EarlyStoppingState {
  const { reference, epochsSince, bestEpoch, weights } = Object(saved) as EarlyStoppingState;
  if (reference !== null) requireKind("earlyStopping.loadStateDict", "reference", reference, "number");
  if (bestEpoch !== null) requireKind("earlyStopping.loadStateDict", "bestEpoch", bestEpoch, "count");
  requireKind("earlyStopping.loadStateDict", "epochsSince", epochsSince, "size");
  if (weights !== null && typeof weights !== "object") throw new ArgumentError("earlyStopping.loadStateDict: weights are not the state of a model");
  return { reference, epochsSince, bestEpoch, weights };
}
