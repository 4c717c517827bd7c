import type { LoadedData } from "../data/loaded-data.js";
import type { LoadListener } from "../data/load.js";
import type { Evaluation } from "../evaluation/evaluate.js";
import type { Architecture } from "../model/architecture.js";
import type { EpochMetrics } from "../run/metrics-file.js";
import type { ResolvedSettings } from "../settings/merge.js";
import type { EpochProgress, Outcome } from "../training/training.js";

/** What is known of a run before its first step. */
export interface RunStart {
  readonly settings: ResolvedSettings;
  readonly data: LoadedData;
  readonly architecture: Architecture;
  readonly parameters: number;
  readonly stepsPerEpoch: number;
  readonly out: string;
  /** Epochs that an earlier process has had. */
  readonly metrics: readonly EpochMetrics[];
}

/** What is known of a run after its last step. */
export interface RunSummary {
  readonly outcome: Outcome;
  readonly evaluation: Evaluation;
  readonly epochs: number;
  readonly keptEpoch: number;
  /** Which weights were to be kept. */
  readonly keep: ResolvedSettings["keep"];
  readonly patience: number;
  /** Time of the training steps. */
  readonly seconds: number;
  readonly stepsPerSecond: number;
  readonly stepsPerEpoch: number;
  readonly parameters: number;
  readonly out: string;
  readonly model: string;
  readonly report: string;
}

/** How a run is told, to a person or to a program. */
export interface TrainOutput extends LoadListener {
  /** What was read, before anything is trained. */
  data(data: LoadedData, settings: ResolvedSettings): void;
  /** Something about the run that a person should know; no result. */
  remark(text: string): void;
  begin(start: RunStart): void;
  step(progress: EpochProgress, epoch: number): void;
  epoch(metrics: EpochMetrics, best: boolean): void;
  /** Leaves the screen in order: something else will be written. */
  pause(): void;
  end(summary: RunSummary): void;
}
