import type { FinishedState } from "../storage/events.js";
import type { Report } from "../study/trial-record.js";

/** A trial as a pruner sees it. Smaller values are better: they are the negatives of the reported ones if the study maximizes. */
export interface ReportedTrial {
  readonly number: number;
  readonly state: "running" | FinishedState;
  readonly reports: readonly Report[];
}

/** The information for a pruner's decision. */
export interface PruneRequest {
  /** The trial, with at least one report. */
  readonly trial: ReportedTrial;
  /** All other trials, in the order of their numbers. */
  readonly others: readonly ReportedTrial[];
}

/** Decides which trials to prune, because they are not worth finishing. It has no state: the decision is a function of the request. */
export interface Pruner {
  /** The name in reports, such as `median`. */
  readonly name: string;
  /** Whether to prune the trial. */
  shouldPrune(request: PruneRequest): boolean;
}
