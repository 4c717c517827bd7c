import { abs, maximum, zerosLike, type Tensor } from "@nn/tensor";
import { Optimizer, type ParametersOrGroups } from "../optimizer.js";
import { override, type Complete } from "../options.js";
import type { LearningRateOptions } from "../parameter-group.js";
import { requireRange } from "../requirements.js";
import type { UpdateRule } from "../update-rule.js";
import { descentGradient, type DescentOptions } from "./descent.js";

/** Options of {@link Adamax}. */
export interface AdamaxOptions extends DescentOptions {
  /** Decay rates of the two running quantities; default `[0.9, 0.999]`. */
  readonly betas?: readonly [number, number] | undefined;
  /** Added to the size of the gradient; default 1e-8. */
  readonly epsilon?: number | undefined;
}

/** State of {@link adamax}: running mean of the gradient, and decaying maximum of its size. */
export type AdamaxState = {
  readonly firstMoment: Tensor;
  readonly largest: Tensor;
};

/**
 * Adamax (Kingma and Ba 2015): Adam with the largest norm, `m ← β₁ m + (1 − β₁) g`, `u ← max(β₂ u, |g| + ε)`, `x ← x − η m̂ / u`.
 */
export const adamax: UpdateRule<AdamaxState, Complete<AdamaxOptions>> = {
  init: (parameter) => ({ firstMoment: zerosLike(parameter), largest: zerosLike(parameter) }),
  update: ({ gradient, parameter, state, learningRate, atStep, options }) => {
    const { betas: [beta1, beta2], epsilon } = options;
    const slope = descentGradient(gradient, parameter, options);
    const firstMoment = state.firstMoment.mul(beta1).add(slope.mul(1 - beta1));
    const largest = maximum(state.largest.mul(beta2), abs(slope).add(epsilon));
    const rate = learningRate.div(atStep((t) => 1 - beta1 ** t));
    return { parameter: parameter.sub(firstMoment.div(largest).mul(rate)), state: { firstMoment, largest } };
  },
};

const defaults: Complete<AdamaxOptions> & LearningRateOptions = {
  learningRate: 2e-3, betas: [0.9, 0.999], epsilon: 1e-8, weightDecay: 0, maximize: false,
};

/**
 * Adamax: see {@link adamax}. The learning rate is 2e-3 by default. PyTorch's arithmetic.
 * @throws ArgumentError for options out of range.
 */
export class Adamax extends Optimizer<AdamaxState, Complete<AdamaxOptions>> {
  constructor(parameters: ParametersOrGroups<AdamaxOptions>, options: AdamaxOptions & Partial<LearningRateOptions> = {}) {
    super(adamax, parameters, override(defaults, options));
    for (const { options: { betas: [beta1, beta2], epsilon, weightDecay } } of this.groups) {
      requireRange("Adamax", { "betas[0]": beta1, "betas[1]": beta2 }, 0, 1);
      requireRange("Adamax", { epsilon, weightDecay }, 0, Infinity);
    }
  }
}
