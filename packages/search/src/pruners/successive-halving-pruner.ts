import { ArgumentError } from "@nn/tensor";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import type { PruneRequest, Pruner, ReportedTrial } from "./pruner.js";

/** Options of {@link successiveHalvingPruner}. */
export interface SuccessiveHalvingOptions {
  /** The step of the first rung; default 1. */
  readonly minResource?: number | undefined;
  /** η: the step of each rung is η times that of the one before, and one of η trials passes it; a whole number from 2, default 4. */
  readonly reductionFactor?: number | undefined;
  /** s: number of rungs that are left out at the start; default 0. */
  readonly minEarlyStoppingRate?: number | undefined;
}

const successiveHalvingOptions: OptionKinds<SuccessiveHalvingOptions> = { minResource: "count", reductionFactor: "count", minEarlyStoppingRate: "size" };

/**
 * Asynchronous successive halving, ASHA (Li et al. 2018). Rung i is at step `minResource · ηˢ⁺ⁱ`. At the first report at or after a rung a trial is compared
 * with all n that have reached the rung so far, itself included: it continues if it is among the best `max(1, ⌊n/η⌋)`, otherwise it is pruned. No trial waits
 * for others. Among equal values, the trial with the lower number continues. Optuna: `SuccessiveHalvingPruner`.
 *
 * A step is the resource spent so far, such as the number of completed epochs: report step 1 after the first.
 * @throws ArgumentError for a reduction factor below 2.
 */
export function successiveHalvingPruner(options: SuccessiveHalvingOptions = {}): Pruner {
  requireOptions("successiveHalvingPruner", options, successiveHalvingOptions);
  const { minResource = 1, reductionFactor = 4, minEarlyStoppingRate = 0 } = options;
  requireReduction("successiveHalvingPruner", reductionFactor);
  return {
    name: "successive halving",
    shouldPrune: (request) => prunedAtRung(request, { first: minResource * reductionFactor ** minEarlyStoppingRate, reductionFactor }),
  };
}

/** A ladder of rungs. */
export interface Ladder {
  /** The step of the first rung. */
  readonly first: number;
  readonly reductionFactor: number;
}

export function requireReduction(operation: string, reductionFactor: number): void {
  if (reductionFactor < 2) throw new ArgumentError(`${operation}: reductionFactor is ${reductionFactor}, expected a whole number from 2`);
}

/** Whether a trial is pruned at a rung that it reached with its last report. */
export function prunedAtRung({ trial, others }: PruneRequest, { first, reductionFactor }: Ladder): boolean {
  const [before = { step: 0 }, last] = trial.reports.length > 1 ? trial.reports.slice(-2) : [undefined, trial.reports[0]];
  if (last === undefined) return false;
  for (let rung = first; rung <= last.step; rung *= reductionFactor) {
    if (rung <= before.step) continue;
    const competing = others.flatMap((other) => {
      const value = valueAtRung(other, rung);
      return value === undefined ? [] : [{ number: other.number, value }];
    });
    const better = competing.filter(({ number, value }) => value < last.value || (value === last.value && number < trial.number)).length;
    if (better >= Math.max(1, Math.floor((competing.length + 1) / reductionFactor))) return true;
  }
  return false;
}

/** The value of a trial at a rung: its first report at or after the step. */
function valueAtRung({ reports }: ReportedTrial, step: number): number | undefined {
  return reports.find((report) => report.step >= step)?.value;
}
