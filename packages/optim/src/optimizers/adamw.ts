import { Optimizer, type ParametersOrGroups } from "../optimizer.js";
import type { Complete } from "../options.js";
import type { LearningRateOptions } from "../parameter-group.js";
import { adam, adamDefaults, type AdamOptions, type AdamState } from "./adam.js";
import { requireBetas } from "./betas.js";

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019): `x ← x (1 − η λ)` before Adam's step, so that the decay does not
 * pass through Adam's scaling. It is `Adam` with other defaults: `decoupledWeightDecay` is true and the weight decay 0.01.
 * The formula is PyTorch's.
 *
 * @example
 * ```ts
 * import { ones, Variable } from "@nn/tensor";
 * import { AdamW } from "@nn/optim";
 * const [weight, bias] = [new Variable(ones([2, 2])), new Variable(ones([2]))];
 * const optimizer = new AdamW(
 *   [{ parameters: [weight] }, { parameters: [bias], weightDecay: 0 }],
 *   { learningRate: 1e-3, weightDecay: 0.05 },
 * );
 * optimizer.groups.map((group) => group.options.weightDecay); // => [0.05, 0]
 * ```
 * @throws ArgumentError for options out of range.
 */
export class AdamW extends Optimizer<AdamState, Complete<AdamOptions>> {
  constructor(parameters: ParametersOrGroups<AdamOptions>, options: AdamOptions & Partial<LearningRateOptions> = {}) {
    super(adam, parameters, options, { ...adamDefaults, weightDecay: 0.01, decoupledWeightDecay: true });
    for (const { options: { betas } } of this.groups) requireBetas("AdamW", betas);
  }
}
