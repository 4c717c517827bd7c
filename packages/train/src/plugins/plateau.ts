import type { PlateauSchedule, PlateauState } from "@nn/optim";
import { ArgumentError, UsageError } from "@nn/tensor";
import { describeValue, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import type { Plugin } from "../fit/plugin.js";
import { valueOf, type ValuesWith } from "../fit/values.js";
import { monitoredBy, type MonitorOptions } from "./monitored.js";

/** Options of `plateau`. The schedule itself says whether smaller is better. */
export type PlateauOptions<Name extends string = string> = Pick<MonitorOptions<Name>, "monitor">;

const plateauOptions: OptionKinds<PlateauOptions> = { monitor: "any" };

/**
 * Reports a value to a schedule of `reduceOnPlateau` after every epoch. Its state is saved with the run.
 *
 * @example
 * ```ts
 * import { reduceOnPlateau } from "@nn/optim";
 * import { plateau } from "@nn/train";
 * const schedule = reduceOnPlateau(0.01, { patience: 2 });
 * plateau(schedule, { monitor: "validation.loss" }).name; // => "plateau"
 * ```
 * @throws UsageError for anything but a schedule of `reduceOnPlateau`.
 */
export function plateau(schedule: PlateauSchedule, options?: PlateauOptions & { readonly monitor?: undefined }): Plugin;
export function plateau<const Name extends string>(schedule: PlateauSchedule, options: PlateauOptions<Name>): Plugin<ValuesWith<Name>>;
export function plateau(schedule: PlateauSchedule, options: PlateauOptions = {}): Plugin<never> {
  if (typeof schedule !== "function" || typeof schedule.report !== "function" || typeof schedule.loadStateDict !== "function") {
    throw new UsageError(`plateau: the schedule is ${describeValue(schedule)}, expected reduceOnPlateau(...) of @nn/optim`);
  }
  requireOptions("plateau", options, plateauOptions);
  const monitored = monitoredBy("plateau", { ...options, mode: "min" });
  return {
    name: "plateau",
    monitors: options.monitor === undefined ? [] : [options.monitor],
    on: (event, controls) => {
      if (event.type !== "epoch") return;
      const { name } = monitored(controls);
      const value = valueOf(event.values, name);
      if (typeof value !== "number") throw new ArgumentError(`plateau: ${name} is ${describeValue(value)}, expected a number`);
      schedule.report(value);
    },
    stateDict: () => schedule.stateDict(),
    loadStateDict: (state) => schedule.loadStateDict(state as PlateauState),
  };
}
