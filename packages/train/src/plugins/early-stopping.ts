import { ArgumentError, type Tensor } from "@nn/tensor";
import { requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import type { EpochEvent } from "../fit/events.js";
import { isBetter } from "../fit/monitoring.js";
import type { Controls, Plugin } from "../fit/plugin.js";
import { valueOf, type ValuesWith } from "../fit/values.js";
import { monitoredBy, type MonitorOptions } from "./monitored.js";

/** Options of `earlyStopping`. */
export interface EarlyStoppingOptions<Name extends string = string> extends MonitorOptions<Name> {
  /** The run stops after this many epochs without a better value; `Infinity` never stops, and only keeps the best weights. Default 10. */
  readonly patience?: number | undefined;
  /** How much better than the best a value must be. Default 0. */
  readonly minDelta?: number | undefined;
  /** Whether the model has the weights of the best epoch when the run has ended, whatever ended it. Default true. */
  readonly restoreBest?: boolean | undefined;
}

const earlyStoppingOptions: OptionKinds<EarlyStoppingOptions> = { monitor: "any", mode: ["min", "max"], patience: "number", minDelta: "nonNegative", restoreBest: "boolean" };

/** What a resumed run needs. */
interface EarlyStoppingState {
  readonly best: number | null;
  readonly bestEpoch: number | null;
  readonly epochsSince: number;
  readonly weights: Readonly<Record<string, Tensor>> | null;
}

/**
 * Stops a run when a value no longer gets better, and puts the weights of the best epoch back into the model when the run ends: also if it was interrupted,
 * diverged or failed. A value that is NaN is never better.
 *
 * Keras: `EarlyStopping`, whose `restore_best_weights` is off by default, and does nothing if the last epoch ends the run.
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
  const monitored = monitoredBy("earlyStopping", options);
  let state: EarlyStoppingState = { best: null, bestEpoch: null, epochsSince: 0, weights: null };

  const report = ({ epoch, values }: EpochEvent<object>, controls: Controls): void => {
    const { name, mode } = monitored(controls);
    const value = valueOf(values, name);
    if (typeof value !== "number") throw new ArgumentError(`earlyStopping: ${name} is no number`);
    const target = state.best === null ? null : state.best + (mode === "min" ? -minDelta : minDelta);
    state = isBetter(mode, value, target)
      ? { best: value, bestEpoch: epoch, epochsSince: 0, weights: restoreBest ? controls.model.stateDict() : null }
      : { ...state, epochsSince: state.epochsSince + 1 };
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
    on: (event, controls) => {
      // What cannot be compared is refused at once, not after an epoch: the names are known now.
      if (options.monitor !== undefined && (event.type === "evaluation" || (event.type === "step" && event.step === 1))) monitored(controls);
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
  const { best, bestEpoch, epochsSince, weights } = Object(saved) as EarlyStoppingState;
  if (best !== null) requireKind("earlyStopping.loadStateDict", "best", best, "number");
  if (bestEpoch !== null) requireKind("earlyStopping.loadStateDict", "bestEpoch", bestEpoch, "count");
  requireKind("earlyStopping.loadStateDict", "epochsSince", epochsSince, "size");
  if (weights !== null && typeof weights !== "object") throw new ArgumentError("earlyStopping.loadStateDict: weights are no state of a model");
  return { best, bestEpoch, epochsSince, weights };
}

