import { abs, maximum, zerosLike, type Tensor } from "@nn/tensor";
import { Optimizer, type ParametersOrGroups } from "../optimizer.js";
import type { Complete } from "../options.js";
import type { LearningRateOptions } from "../parameter-group.js";
import type { UpdateRule } from "../update-rule.js";
import { betaAtStep, decayingMean, requireBetas, weightOfMean, type Betas } from "./betas.js";
import { applyWeightDecay, type WeightDecayOptions } from "./weight-decay.js";

/** Options of {@link Adamax}. */
export interface AdamaxOptions extends WeightDecayOptions {
  /** Decay rates of the two running quantities, numbers or schedules; default `[0.9, 0.999]`. */
  readonly betas?: Betas | undefined;
  /** Added to the magnitude of the gradient; default 1e-8. */
  readonly epsilon?: number | undefined;
}

/** State of {@link adamax}: running mean of the gradient, and decaying maximum of its magnitude. */
export type AdamaxState = {
  readonly firstMoment: Tensor;
  readonly largest: Tensor;
};

/**
 * Adamax (Kingma and Ba 2015): Adam with the infinity norm, `m ← β₁ m + (1 − β₁) g`, `u ← max(β₂ u, |g| + ε)`, `x ← x − η m̂ / u`.
 */
export const adamax: UpdateRule<AdamaxState, Complete<AdamaxOptions>> = {
  options: { betas: "list", epsilon: "nonNegative", weightDecay: "nonNegative", decoupledWeightDecay: "boolean", maximize: "boolean" },
  init: (parameter) => ({ firstMoment: zerosLike(parameter), largest: zerosLike(parameter) }),
  update: (context) => {
    const { state, learningRate, atStep, options: { betas, epsilon } } = context;
    const { gradient, parameter } = applyWeightDecay(context);
    const firstMoment = decayingMean(state.firstMoment, gradient, betas, 0, atStep);
    const largest = maximum(state.largest.mul(betaAtStep(betas, 1, atStep)), abs(gradient).add(epsilon));
    const rate = learningRate.div(atStep(weightOfMean(betas, 0)));
    return { parameter: parameter.sub(firstMoment.div(largest).mul(rate)), state: { firstMoment, largest } };
  },
};

const defaults: Complete<AdamaxOptions> & LearningRateOptions = {
  learningRate: 2e-3, betas: [0.9, 0.999], epsilon: 1e-8, weightDecay: 0, decoupledWeightDecay: false, maximize: false,
};

/**
 * Adamax: see {@link adamax}. The learning rate is 2e-3 by default. The formula is PyTorch's.
 * @throws ArgumentError for options out of range.
 */
export class Adamax extends Optimizer<AdamaxState, Complete<AdamaxOptions>> {
  constructor(parameters: ParametersOrGroups<AdamaxOptions>, options: AdamaxOptions & Partial<LearningRateOptions> = {}) {
    super(adamax, parameters, options, defaults);
    for (const { options: { betas } } of this.groups) requireBetas("Adamax", betas);
  }
}
