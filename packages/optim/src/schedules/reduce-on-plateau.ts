import { ArgumentError } from "@nn/tensor";
import { requireRange } from "../requirements.js";

/** Options of {@link reduceOnPlateau}. */
export interface ReduceOnPlateauOptions {
  /** Whether the metric is to become small or large; default `"min"`. */
  readonly mode?: "min" | "max" | undefined;
  /** What the rate is multiplied by; default 0.1. */
  readonly factor?: number | undefined;
  /** Reports without improvement that are borne before the rate falls; default 10. */
  readonly patience?: number | undefined;
  /** How much better than the best a report must be to count; default 1e-4. */
  readonly threshold?: number | undefined;
  /** Whether the threshold is a fraction of the best; default `"relative"`. */
  readonly thresholdMode?: "relative" | "absolute" | undefined;
  /** Reports after a fall that are not counted as bad; default 0. */
  readonly cooldown?: number | undefined;
  /** The rate below which it does not fall; default 0. */
  readonly minimum?: number | undefined;
  /** A fall by less than this is left out; default 1e-8. */
  readonly smallest?: number | undefined;
}

/** What a plateau schedule has to remember; ready for JSON. */
export interface PlateauState {
  /** The rate at present. */
  readonly rate: number;
  /** The best report so far; `null` before the first. */
  readonly best: number | null;
  /** Reports without improvement, one after the other. */
  readonly badReports: number;
  /** Reports that are not counted as bad yet. */
  readonly cooldownLeft: number;
}

/** A schedule that follows a metric. */
export interface PlateauSchedule {
  /** The rate at present, whatever the step. */
  (step: number): number;
  /** Takes note of the metric, usually the validation loss after an epoch, and lowers the rate if it has long not improved. */
  report(metric: number): void;
  /** What the schedule has seen, to go on with later. */
  stateDict(): PlateauState;
  /** Goes on where `state` was taken. */
  loadStateDict(state: PlateauState): void;
}

/**
 * Lowers the rate by a factor when a metric has stopped to improve. PyTorch: `ReduceLROnPlateau`.
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
  const { factor = 0.1, patience = 10, cooldown = 0, minimum = 0, smallest = 1e-8 } = options;
  requireRange("reduceOnPlateau", { rate, factor, patience, cooldown, minimum, smallest }, 0, Infinity);
  if (factor >= 1) throw new ArgumentError(`reduceOnPlateau: factor is ${factor}, expected below 1`);
  const isBetter = comparison(options);
  let state: PlateauState = { rate, best: null, badReports: 0, cooldownLeft: 0 };

  const report = (metric: number): void => {
    if (typeof metric !== "number") throw new ArgumentError(`reduceOnPlateau: the metric is of type ${typeof metric}, expected a number; read a tensor with .item()`);
    const better = state.best === null ? !Number.isNaN(metric) : isBetter(metric, state.best);
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
    loadStateDict: (saved: PlateauState) => { state = { ...saved }; },
  });
}

type IsBetter = (metric: number, best: number) => boolean;

function comparison({ mode = "min", threshold = 1e-4, thresholdMode = "relative" }: ReduceOnPlateauOptions): IsBetter {
  const sign = mode === "min" ? -1 : 1;
  const border = (best: number): number => (thresholdMode === "relative" ? best * (1 + sign * threshold) : best + sign * threshold);
  return mode === "min" ? (metric, best) => metric < border(best) : (metric, best) => metric > border(best);
}
