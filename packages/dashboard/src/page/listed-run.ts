import type { RunState } from "@nn/records";
import type { RunData } from "./run-data.js";

/** A run in the list. */
export interface ListedRun {
  readonly id: string;
  /** The state, or `"killed"` if the process ended without a last record. */
  readonly state: RunState | "killed";
  readonly step: number;
  /** The time of its last record, in milliseconds since 1970. */
  readonly updated: number;
}

/** A run of the list, updated by its own records. These arrive before the list, and the last list is missing if the server ended together with the run. */
export function listed(run: ListedRun, data: RunData | undefined): ListedRun {
  const state = data?.status?.state;
  const isOver = state !== undefined && state !== "running" && state !== "paused";
  return { ...run, state: isOver || run.state !== "killed" ? (state ?? run.state) : "killed", step: Math.max(run.step, data?.step ?? 0) };
}
