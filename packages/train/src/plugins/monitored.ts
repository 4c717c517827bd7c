import { ArgumentError } from "@nn/tensor";
import { requireKind } from "@nn/tensor/extend";
import { requireMode } from "../fit/monitoring.js";
import type { Controls, Monitored } from "../fit/plugin.js";

/** Options of plugins that follow a value. */
export interface MonitorOptions<Name extends string = string> {
  /** The name of the value, such as `"validation.loss"`. Default: the value that the run monitors. */
  readonly monitor?: Name | undefined;
  /** Whether smaller or larger values are better. Default: as the metric says; `"min"` for a loss. */
  readonly mode?: "min" | "max" | undefined;
}

/** The value that a plugin with these options monitors, given the controls of its run. */
export function monitoredBy(operation: string, { monitor, mode }: MonitorOptions): (controls: Controls) => Monitored {
  if (monitor !== undefined) requireKind(operation, "monitor", monitor, "string");
  return (controls) => {
    const ofRun = controls.monitor;
    const name = monitor ?? ofRun?.name;
    if (name === undefined) throw new ArgumentError(`${operation}: the run monitors nothing, since it has no loss; say which value to follow: { monitor: "training.…" }`);
    return { name, mode: requireMode(operation, name, mode ?? (ofRun?.name === name ? ofRun.mode : controls.modeOf(name))) };
  };
}
