import type { LoadedData } from "../data/loaded-data.js";
import type { LoadListener } from "../data/load.js";
import type { Evaluation } from "../evaluation/evaluate.js";
import type { Architecture } from "../model/architecture.js";
import type { EpochMetrics } from "../run/metrics-file.js";
import type { ResolvedSettings } from "../settings/merge.js";

/** How a run ended that has a result. */
export type Outcome = "completed" | "stopped early" | "stopped";

/** A run before its first step. */
export interface RunStart {
  readonly settings: ResolvedSettings;
  readonly data: LoadedData;
  readonly architecture: Architecture;
  readonly parameters: number;
  readonly stepsPerEpoch: number;
  readonly out: string;
  /** Epochs that an earlier process completed. */
  readonly epochsBefore: number;
}

/** A run after its last step. */
export interface RunSummary {
  readonly outcome: Outcome;
  /** Why it ended, in a sentence; empty if all epochs are done. */
  readonly why: string;
  readonly evaluation: Evaluation;
  readonly epochs: number;
  /** The epoch whose weights are kept; `undefined` if none is complete. */
  readonly kept: EpochMetrics | undefined;
  /** The setting that selects the weights to keep. */
  readonly keep: ResolvedSettings["keep"];
  /** Wall time of the training: steps, validation and saving. */
  readonly seconds: number;
  readonly stepsPerSecond: number;
  readonly stepsPerEpoch: number;
  readonly parameters: number;
  readonly out: string;
  readonly model: string;
  readonly report: string;
}

/** The output of a run, for a person or for a program. */
export interface TrainOutput extends LoadListener {
  /** Shows the data, before training. */
  data(data: LoadedData, settings: ResolvedSettings): void;
  /** Shows a remark about the run that is not a result. */
  remark(text: string): void;
  begin(start: RunStart): void;
  epoch(metrics: EpochMetrics, best: boolean): void;
  /** Shows where the dashboard is. */
  dashboard(address: string): void;
  /** Cleans up the screen before something else is written. */
  pause(): void;
  end(summary: RunSummary): void;
}
