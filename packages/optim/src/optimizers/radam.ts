import { sqrt, square, zerosLike, type Tensor } from "@nn/tensor";
import { Optimizer, type ParametersOrGroups } from "../optimizer.js";
import type { Complete } from "../options.js";
import type { LearningRateOptions } from "../parameter-group.js";
import type { UpdateRule } from "../update-rule.js";
import { betaAt, decayingMean, requireBetas, weightOfMean, type Betas } from "./betas.js";
import { applyWeightDecay, type WeightDecayOptions } from "./weight-decay.js";

/** Options of {@link RAdam}. */
export interface RAdamOptions extends WeightDecayOptions {
  /** Decay rates of the two running quantities, numbers or schedules; default `[0.9, 0.999]`. */
  readonly betas?: Betas | undefined;
  /** Added to the root of the second moment; default 1e-8. */
  readonly epsilon?: number | undefined;
}

/** State of {@link radam}: running means of the gradient and of its square. */
export type RAdamState = {
  readonly firstMoment: Tensor;
  readonly secondMoment: Tensor;
};

/**
 * Rectified Adam (Liu et al. 2020): Adam with the adaptive step scaled by the certainty of the second moment,
 * `ρₜ = ρ∞ − 2 t β₂ᵗ / (1 − β₂ᵗ)` with `ρ∞ = 2 / (1 − β₂) − 1`; while `ρₜ ≤ 5` it steps along the mean of the gradients.
 */
export const radam: UpdateRule<RAdamState, Complete<RAdamOptions>> = {
  options: { betas: "list", epsilon: "nonNegative", weightDecay: "nonNegative", decoupledWeightDecay: "boolean", maximize: "boolean" },
  init: (parameter) => ({ firstMoment: zerosLike(parameter), secondMoment: zerosLike(parameter) }),
  update: (context) => {
    const { state, learningRate, atStep, options: { betas, epsilon } } = context;
    const { gradient, parameter } = applyWeightDecay(context);
    const firstMoment = decayingMean(state.firstMoment, gradient, betas, 0, atStep);
    const secondMoment = decayingMean(state.secondMoment, square(gradient), betas, 1, atStep);
    // The count decides which of the two steps is taken. A compiled step cannot branch on it, so the other step is multiplied by 0.
    const adaptive = atStep((t, step) => rectification(betaAt(betas, 1, step), t) * Math.sqrt(1 - betaAt(betas, 1, step) ** t));
    const plain = atStep((t, step) => (rectification(betaAt(betas, 1, step), t) === 0 ? 1 : 0));
    const scale = adaptive.div(sqrt(secondMoment).add(epsilon)).add(plain);
    const rate = learningRate.div(atStep(weightOfMean(betas, 0)));
    return { parameter: parameter.sub(firstMoment.mul(rate).mul(scale)), state: { firstMoment, secondMoment } };
  },
};

/** The certainty of the second moment after `t` steps, from 0 to 1; 0 where it is too uncertain to be used. */
function rectification(beta2: number, t: number): number {
  const limit = 2 / (1 - beta2) - 1;
  const length = limit - (2 * t * beta2 ** t) / (1 - beta2 ** t);
  if (length <= 5) return 0;
  return Math.sqrt(((length - 4) * (length - 2) * limit) / ((limit - 4) * (limit - 2) * length));
}

const defaults: Complete<RAdamOptions> & LearningRateOptions = {
  learningRate: 1e-3, betas: [0.9, 0.999], epsilon: 1e-8, weightDecay: 0, decoupledWeightDecay: false, maximize: false,
};

/**
 * RAdam: see {@link radam}. The learning rate is 1e-3 by default. The formula is PyTorch's.
 * @throws ArgumentError for options out of range.
 */
export class RAdam extends Optimizer<RAdamState, Complete<RAdamOptions>> {
  constructor(parameters: ParametersOrGroups<RAdamOptions>, options: RAdamOptions & Partial<LearningRateOptions> = {}) {
    super(radam, parameters, options, defaults);
    for (const { options: { betas } } of this.groups) requireBetas("RAdam", betas);
  }
}
