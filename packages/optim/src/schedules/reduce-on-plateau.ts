import { ArgumentError } from "@nn/tensor";
import { describeValue, requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { requireRates } from "../requirements.js";

/** Options of {@link reduceOnPlateau}. */
export interface ReduceOnPlateauOptions {
  /** Whether a smaller (`"min"`) or a larger (`"max"`) metric is better; default `"min"`. */
  readonly mode?: "min" | "max" | undefined;
  /** Factor of the rate; default 0.1. */
  readonly factor?: number | undefined;
  /** Number of reports without improvement that are tolerated before the rate falls; default 10. */
  readonly patience?: number | undefined;
  /** How much better than the best a report must be to count as an improvement; default 1e-4. */
  readonly threshold?: number | undefined;
  /** Whether the threshold is a fraction of `|best|` (`"relative"`) or a difference (`"absolute"`); default `"relative"`. */
  readonly thresholdMode?: "relative" | "absolute" | undefined;
  /** Number of reports after a fall that do not count as bad; default 0. */
  readonly cooldown?: number | undefined;
  /** The lowest rate; default 0. */
  readonly minimum?: number | undefined;
  /** The rate does not change by less than this; default 1e-8. */
  readonly smallest?: number | undefined;
}

const reduceOnPlateauOptions: OptionKinds<ReduceOnPlateauOptions> = {
  mode: ["min", "max"], factor: "probability", patience: "nonNegative", threshold: "nonNegative", thresholdMode: ["relative", "absolute"],
  cooldown: "nonNegative", minimum: "nonNegative", smallest: "nonNegative",
};

/** The state of a plateau schedule; it can be written as JSON. */
export interface PlateauState {
  /** The current rate. */
  readonly rate: number;
  /** The best report so far; `null` before the first one that improves on the worst possible value. */
  readonly best: number | null;
  /** Number of successive reports without improvement. */
  readonly badReports: number;
  /** Number of further reports that do not count as bad. */
  readonly cooldownLeft: number;
}

/** A schedule that follows a metric. */
export interface PlateauSchedule {
  /** The current rate, for any step. */
  (step: number): number;
  /** Reports the metric, usually the validation loss after an epoch. Lowers the rate after more than `patience` reports without improvement. */
  report(metric: number): void;
  /** The state, to continue from later. */
  stateDict(): PlateauState;
  /** Continues from a state. */
  loadStateDict(state: PlateauState): void;
}

/**
 * Lowers the rate by a factor when a metric stops improving. PyTorch: `ReduceLROnPlateau`, whose relative threshold has the wrong sign
 * for negative metrics: a report that is slightly worse counts as an improvement.
 *
 * @example
 * ```ts
 * import { reduceOnPlateau } from "@nn/optim";
 * const schedule = reduceOnPlateau(1, { patience: 1, factor: 0.5 });
 * for (const loss of [3, 2, 2, 2]) schedule.report(loss);
 * schedule(0); // => 0.5
 * ```
 */
export function reduceOnPlateau(rate: number, options: ReduceOnPlateauOptions = {}): PlateauSchedule {
  requireOptions("reduceOnPlateau", options, reduceOnPlateauOptions);
  requireRates("reduceOnPlateau", { rate });
  const { factor = 0.1, patience = 10, cooldown = 0, minimum = 0, smallest = 1e-8 } = options;
  if (factor === 1) throw new ArgumentError(`reduceOnPlateau: factor is ${factor}, expected below 1`);
  const isBetter = comparison(options);
  let state: PlateauState = { rate, best: null, badReports: 0, cooldownLeft: 0 };

  const report = (metric: number): void => {
    if (typeof metric !== "number") throw new ArgumentError(`reduceOnPlateau: the metric is ${describeValue(metric)}, expected a number; read a tensor with .item()`);
    const better = isBetter(metric, state.best);
    const cooling = state.cooldownLeft > 0;
    const badReports = better || cooling ? 0 : state.badReports + 1;
    state = { ...state, best: better ? metric : state.best, badReports, cooldownLeft: Math.max(state.cooldownLeft - 1, 0) };
    if (badReports <= patience) return;
    const lower = Math.max(state.rate * factor, minimum);
    state = { ...state, rate: state.rate - lower > smallest ? lower : state.rate, badReports: 0, cooldownLeft: cooldown };
  };

  return Object.assign(() => state.rate, {
    report,
    stateDict: () => state,
    loadStateDict: (saved: PlateauState) => { state = loaded(saved); },
  });
}

type IsBetter = (metric: number, best: number | null) => boolean;

/** The start value is infinite and the worst possible; every other number is better. */
function comparison({ mode = "min", threshold = 1e-4, thresholdMode = "relative" }: ReduceOnPlateauOptions): IsBetter {
  const sign = mode === "min" ? -1 : 1;
  return (metric, best) => {
    const gain = best === null ? 0 : threshold * (thresholdMode === "relative" && Number.isFinite(best) ? Math.abs(best) : 1);
    return sign * metric > sign * (best ?? -sign * Infinity) + gain;
  };
}

/** A copy of a state; throws if it is not valid. */
function loaded(saved: PlateauState): PlateauState {
  const operation = "reduceOnPlateau.loadStateDict";
  if (typeof saved !== "object" || saved === null) throw new ArgumentError(`${operation}: the state is ${describeValue(saved)}, expected a result of stateDict()`);
  const { rate, best, badReports, cooldownLeft } = saved;
  requireRates(operation, { rate });
  requireKind(operation, "badReports", badReports, "size");
  requireKind(operation, "cooldownLeft", cooldownLeft, "size");
  if (best !== null) requireKind(operation, "best", best, "number");
  return { rate, best, badReports, cooldownLeft };
}
