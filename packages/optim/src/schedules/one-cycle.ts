import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import type { Schedule } from "../learning-rate.js";
import { requireRates, withRequired } from "../requirements.js";

/** Options of {@link oneCycle}. */
export interface OneCycleOptions {
  /** Steps of the whole cycle. */
  readonly steps: number;
  /** Fraction of the steps in which the rate rises; default 0.3. */
  readonly rising?: number | undefined;
  /** The first rate is the highest divided by this; default 25. */
  readonly initialDivisor?: number | undefined;
  /** The last rate is the first divided by this; default 1e4. */
  readonly finalDivisor?: number | undefined;
  /** The shape of rise and fall; default `"cosine"`. */
  readonly shape?: "cosine" | "linear" | undefined;
  /** Whether the rate falls in two phases: to the first rate in as many steps as the rise, then to the last rate; default false. */
  readonly threePhases?: boolean | undefined;
}

const oneCycleOptions: OptionKinds<OneCycleOptions> = {
  steps: "count", rising: "probability", initialDivisor: "positive", finalDivisor: "positive", shape: ["cosine", "linear"], threePhases: "boolean",
};

interface Corner {
  readonly step: number;
  readonly rate: number;
}

/**
 * One cycle: rises to the highest rate, then falls far below the first rate (Smith and Topin 2018), and stays there.
 * PyTorch: `OneCycleLR`.
 */
export function oneCycle(highest: number, options: OneCycleOptions): Schedule {
  requireOptions("oneCycle", options, oneCycleOptions);
  requireRates("oneCycle", { highest });
  const {
    steps, rising = 0.3, initialDivisor = 25, finalDivisor = 1e4, shape = "cosine", threePhases = false,
  } = withRequired("oneCycle", "steps", options);
  const first = { step: 0, rate: highest / initialDivisor };
  const last = { step: steps - 1, rate: first.rate / finalDivisor };
  const corners: readonly Corner[] = [
    { step: rising * steps - 1, rate: highest },
    ...(threePhases ? [{ step: 2 * rising * steps - 2, rate: first.rate }] : []),
    last,
  ];
  return (step) => {
    const at = corners.findIndex((corner) => step <= corner.step);
    const to = corners[at];
    return to === undefined ? last.rate : between(corners[at - 1] ?? first, to, step, shape);
  };
}

function between(from: Corner, to: Corner, step: number, shape: "cosine" | "linear"): number {
  const fraction = to.step === from.step ? 1 : (step - from.step) / (to.step - from.step);
  if (shape === "linear") return from.rate + (to.rate - from.rate) * fraction;
  return to.rate + ((from.rate - to.rate) * (1 + Math.cos(Math.PI * fraction))) / 2;
}
