import { ArgumentError } from "@nn/tensor";
import { describeValue, requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { requireRates } from "../requirements.js";

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
  /** Whether the threshold is a fraction of the size of the best, `|best|`; default `"relative"`. */
  readonly thresholdMode?: "relative" | "absolute" | undefined;
  /** Reports after a fall that are not counted as bad; default 0. */
  readonly cooldown?: number | undefined;
  /** The rate below which it does not fall; default 0. */
  readonly minimum?: number | undefined;
  /** A fall by less than this is left out; default 1e-8. */
  readonly smallest?: number | undefined;
}

const reduceOnPlateauOptions: OptionKinds<ReduceOnPlateauOptions> = {
  mode: ["min", "max"], factor: "probability", patience: "nonNegative", threshold: "nonNegative", thresholdMode: ["relative", "absolute"],
  cooldown: "nonNegative", minimum: "nonNegative", smallest: "nonNegative",
};

/** What a plateau schedule has to remember; ready for JSON. */
export interface PlateauState {
  /** The rate at present. */
  readonly rate: number;
  /** The best report so far; `null` before the first one that is a finite number or better. */
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
 * Lowers the rate by a factor when a metric has stopped to improve. PyTorch: `ReduceLROnPlateau`, whose relative threshold turns round
 * for negative metrics: there a report that is a little worse counts as an improvement.
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

/** Before the first report any number is better that is not the worst one, which is infinite. */
function comparison({ mode = "min", threshold = 1e-4, thresholdMode = "relative" }: ReduceOnPlateauOptions): IsBetter {
  const sign = mode === "min" ? -1 : 1;
  return (metric, best) => {
    const gain = best === null ? 0 : threshold * (thresholdMode === "relative" && Number.isFinite(best) ? Math.abs(best) : 1);
    return sign * metric > sign * (best ?? -sign * Infinity) + gain;
  };
}

/** A copy of a state that is one; refuses others. */
function loaded(saved: PlateauState): PlateauState {
  const operation = "reduceOnPlateau.loadStateDict";
  if (typeof saved !== "object" || saved === null) throw new ArgumentError(`${operation}: the state is ${describeValue(saved)}, expected what stateDict() gave`);
  const { rate, best, badReports, cooldownLeft } = saved;
  requireRates(operation, { rate });
  requireKind(operation, "badReports", badReports, "size");
  requireKind(operation, "cooldownLeft", cooldownLeft, "size");
  if (best !== null) requireKind(operation, "best", best, "number");
  return { rate, best, badReports, cooldownLeft };
}
