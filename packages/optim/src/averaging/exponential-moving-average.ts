import type { Variable } from "@nn/tensor";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { requireRange } from "../requirements.js";
import { optionAt, type Scheduled } from "../scheduled.js";
import { ParameterAverage } from "./parameter-average.js";

/** Options of {@link ExponentialMovingAverage}. */
export interface ExponentialMovingAverageOptions {
  /**
* Fraction of the average that an update keeps: a number, or a function of the number of earlier updates, such as
   * `(n) => Math.min(0.999, (1 + n) / (10 + n))`, which gives the first values little weight. Default 0.999.
   */
  readonly decay?: Scheduled | undefined;
}

const exponentialMovingAverageOptions: OptionKinds<ExponentialMovingAverageOptions> = { decay: "any" };

/**
 * Exponential moving average of parameters (Polyak and Juditsky 1992; Tarvainen and Valpola 2017): `a ← decay · a + (1 − decay) x`. It starts
 * with the parameters at the first update. PyTorch: `AveragedModel` with `get_ema_avg_fn`.
 *
 * @example
 * ```ts
 * import { tensor, Variable } from "@nn/tensor";
 * import { ExponentialMovingAverage } from "@nn/optim";
 * const x = new Variable(tensor([1]));
 * const average = new ExponentialMovingAverage([x], { decay: 0.75 });
 * average.update();
 * x.value = tensor([5]);
 * average.update();
 * average.applied(() => x.value.toArray()); // => [2]
 * x.value.toArray(); // => [5]
 * ```
 * @throws ArgumentError for a decay that is not from 0 to below 1.
 */
export class ExponentialMovingAverage extends ParameterAverage {
  constructor(variables: readonly Variable[], options: ExponentialMovingAverageOptions = {}) {
    requireOptions("ExponentialMovingAverage", options, exponentialMovingAverageOptions);
    const { decay = 0.999 } = options;
    super(variables, (updates) => 1 - optionAt("ExponentialMovingAverage.update", "decay", decay, updates, 1));
    requireRange("ExponentialMovingAverage", { decay }, 0, 1);
  }
}
