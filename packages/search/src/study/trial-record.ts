import type { ParametersOf } from "../space/space.js";
import type { Space } from "../space/parameters.js";

/** An intermediate value of a trial. */
export interface Report {
  readonly step: number;
  readonly value: number;
}

/** The fields of all records of trials. */
export interface TrialRecordBase<S extends Space> {
  /** The number of the trial, from 0, in the order of the starts. */
  readonly number: number;
  readonly parameters: ParametersOf<S>;
  /** The reported values, in the order of the steps. */
  readonly reports: readonly Report[];
}

/** A trial of a study. */
export type TrialRecord<S extends Space = Space> =
  | (TrialRecordBase<S> & { readonly state: "running" })
  | CompletedTrial<S>
  /** A pruned trial; its value is the last one that it reported. */
  | (TrialRecordBase<S> & { readonly state: "pruned"; readonly value: number | undefined })
  | (TrialRecordBase<S> & { readonly state: "failed"; readonly reason: string });

/** A trial that has a value. */
export type CompletedTrial<S extends Space = Space> = TrialRecordBase<S> & { readonly state: "completed"; readonly value: number };
