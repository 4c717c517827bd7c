import { Optimizer, type ParametersOrGroups } from "../optimizer.js";
import { override, type Complete } from "../options.js";
import type { LearningRateOptions } from "../parameter-group.js";
import type { UpdateRule } from "../update-rule.js";
import { adamDefaults, adamStep, initMoments, requireAdamOptions, type AdamOptions, type AdamState } from "./adam.js";

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019): `x ← x (1 − η λ)` before Adam's step, so that the decay does
 * not pass through Adam's scaling.
 */
export const adamw: UpdateRule<AdamState, Complete<AdamOptions>> = {
  init: initMoments,
  update: (context) => {
    const { gradient, parameter, learningRate, options: { weightDecay, maximize } } = context;
    const decayed = weightDecay === 0 ? parameter : parameter.mul(learningRate.mul(-weightDecay).add(1));
    return adamStep(maximize ? gradient.neg() : gradient, decayed, context);
  },
};

/**
 * Adam with decoupled weight decay: see {@link adamw}. By default the learning rate is 1e-3 and the weight decay 0.01.
 * PyTorch's arithmetic.
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
    super(adamw, parameters, override({ ...adamDefaults, weightDecay: 0.01 }, options));
    for (const group of this.groups) requireAdamOptions("AdamW", group.options);
  }
}
