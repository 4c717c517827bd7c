import { ArgumentError } from "@nn/tensor";
import { requireKind } from "@nn/tensor/extend";
import { modeOf } from "../fit/monitoring.js";
import type { Controls, Monitored } from "../fit/plugin.js";

/** Options of plugins that follow a value. */
export interface MonitorOptions<Name extends string = string> {
  /** The name of the value, such as `"validation.loss"`. Default: what the run monitors. */
  readonly monitor?: Name | undefined;
  /** Whether smaller or larger values are better. Default: as in the run if it monitors the same value; `"min"` for a loss. */
  readonly mode?: "min" | "max" | undefined;
}

/** What a plugin with these options monitors, in the run whose controls it gets. */
export function monitoredBy(operation: string, { monitor, mode }: MonitorOptions): (controls: Controls) => Monitored {
  if (monitor !== undefined) requireKind(operation, "monitor", monitor, "string");
  return ({ monitor: ofRun }) => {
    const name = monitor ?? ofRun?.name;
    if (name === undefined) throw new ArgumentError(`${operation}: the run monitors nothing, since it has no loss; say which value to follow: { monitor: "training.…" }`);
    return { name, mode: mode ?? (ofRun?.name === name ? ofRun.mode : modeOf(operation, name, undefined, { training: undefined, validation: undefined })) };
  };
}
