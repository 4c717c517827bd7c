import type { Variable } from "@nn/tensor";
import { ParameterAverage } from "./parameter-average.js";

/**
 * Stochastic weight averaging (Izmailov et al. 2018): the mean of the parameters at all updates. Update late in training, once an
 * epoch, at a constant high learning rate (`weightAveragingRate`). PyTorch: `AveragedModel`.
 *
 * @example
 * ```ts
 * import { tensor, Variable } from "@nn/tensor";
 * import { StochasticWeightAverage } from "@nn/optim";
 * const x = new Variable(tensor([0]));
 * const average = new StochasticWeightAverage([x]);
 * for (const value of [1, 2, 6]) {
 *   x.value = tensor([value]);
 *   average.update();
 * }
 * average.swap();
 * x.value.toArray(); // => [3]
 * ```
 */
export class StochasticWeightAverage extends ParameterAverage {
  constructor(variables: readonly Variable[]) {
    super(variables, (updates) => 1 / (updates + 1));
  }
}
