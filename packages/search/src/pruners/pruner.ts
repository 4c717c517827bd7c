import type { FinishedState } from "../storage/events.js";
import type { Report } from "../study/trial-record.js";

/** What a pruner sees of a trial. Smaller values are better: they are the negatives of the reported ones if the study maximizes. */
export interface ReportedTrial {
  readonly number: number;
  readonly state: "running" | FinishedState;
  readonly reports: readonly Report[];
}

/** What a pruner is asked. */
export interface PruneRequest {
  /** The trial, with at least one report. */
  readonly trial: ReportedTrial;
  /** All others, in the order of their numbers. */
  readonly others: readonly ReportedTrial[];
}

/** Decides which trials are not worth finishing. It has no state: the decision is a function of the request. */
export interface Pruner {
  /** Such as `median`, for reports. */
  readonly name: string;
  /** Whether to end the trial. */
  shouldPrune(request: PruneRequest): boolean;
}
