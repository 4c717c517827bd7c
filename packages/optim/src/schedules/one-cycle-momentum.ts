import { ArgumentError } from "@nn/tensor";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import type { Schedule } from "../learning-rate.js";
import { withRequired } from "../requirements.js";
import { oneCycle, type OneCycleOptions } from "./one-cycle.js";

/** Options of {@link oneCycleMomentum}. Give `steps`, `rising`, `shape` and `threePhases` the values of the learning rate's cycle. */
export interface OneCycleMomentumOptions extends Omit<OneCycleOptions, "initialDivisor" | "finalDivisor"> {
  /** The momentum at the start and at the end; default 0.95. */
  readonly highest?: number | undefined;
  /** The momentum when the learning rate is highest; default 0.85. */
  readonly lowest?: number | undefined;
}

const oneCycleMomentumOptions: OptionKinds<OneCycleMomentumOptions> = {
  steps: "count", rising: "probability", shape: ["cosine", "linear"], threePhases: "boolean", highest: "finite", lowest: "finite",
};

/**
 * The momentum for `oneCycle`: falls while the rate rises, then rises again (Smith and Topin 2018). PyTorch: `OneCycleLR` with
 * `cycle_momentum`.
 *
 * @example
 * ```ts
 * import { gradientsOf, tensor, Variable } from "@nn/tensor";
 * import { oneCycle, oneCycleMomentum, SGD } from "@nn/optim";
 * const cycle = { steps: 100, rising: 0.25 };
 * const optimizer = new SGD([new Variable(tensor([1]))], { learningRate: oneCycle(0.1, cycle), momentum: oneCycleMomentum(cycle) });
 * optimizer.step(gradientsOf(optimizer.parameters, [tensor([1])]));
 * [0, 24, 99].map(oneCycleMomentum(cycle)); // => [0.95, 0.85, 0.95]
 * ```
 * @throws ArgumentError unless both momenta are above 0 and below 1.
 */
export function oneCycleMomentum(options: OneCycleMomentumOptions): Schedule {
  requireOptions("oneCycleMomentum", options, oneCycleMomentumOptions);
  const { highest = 0.95, lowest = 0.85, ...cycle } = withRequired("oneCycleMomentum", "steps", options);
  for (const [name, value] of Object.entries({ highest, lowest })) {
    if (!(value > 0 && value < 1)) throw new ArgumentError(`oneCycleMomentum: ${name} is ${value}, expected a number above 0 and below 1`);
  }
  return oneCycle(lowest, { ...cycle, initialDivisor: lowest / highest, finalDivisor: 1 });
}
