import { sign, zerosLike, type Tensor } from "@nn/tensor";
import { Optimizer, type ParametersOrGroups } from "../optimizer.js";
import type { Complete } from "../options.js";
import type { LearningRateOptions } from "../parameter-group.js";
import type { UpdateRule } from "../update-rule.js";
import { decayingMean, requireBetas, type Betas } from "./betas.js";
import { applyWeightDecay, type WeightDecayOptions } from "./weight-decay.js";

/** Options of {@link Lion}. */
export interface LionOptions extends WeightDecayOptions {
  /** Weight β₁ of the momentum in the direction, and decay rate β₂ of the momentum: numbers or schedules; default `[0.9, 0.99]`. */
  readonly betas?: Betas | undefined;
}

/** State of {@link lion}: the running mean of the gradient. */
export type LionState = {
  readonly momentum: Tensor;
};

/**
 * Lion (Chen et al. 2023): `x ← x − η sign(β₁ m + (1 − β₁) g)`, then `m ← β₂ m + (1 − β₂) g`. Every
 * element moves by the learning rate. Use a learning rate three to ten times smaller than Adam's, and a weight decay as many times larger.
 */
export const lion: UpdateRule<LionState, Complete<LionOptions>> = {
  options: { betas: "list", weightDecay: "nonNegative", decoupledWeightDecay: "boolean", maximize: "boolean" },
  init: (parameter) => ({ momentum: zerosLike(parameter) }),
  update: (context) => {
    const { state, learningRate, atStep, options: { betas } } = context;
    const { gradient, parameter } = applyWeightDecay(context);
    const direction = sign(decayingMean(state.momentum, gradient, betas, 0, atStep));
    return { parameter: parameter.sub(direction.mul(learningRate)), state: { momentum: decayingMean(state.momentum, gradient, betas, 1, atStep) } };
  },
};

const defaults: Complete<LionOptions> & LearningRateOptions = {
  learningRate: 1e-4, betas: [0.9, 0.99], weightDecay: 0, decoupledWeightDecay: true, maximize: false,
};

/**
 * Lion: see {@link lion}. The learning rate is 1e-4 by default, and the weight decay is decoupled. PyTorch has no Lion.
 * @throws ArgumentError for options out of range.
 */
export class Lion extends Optimizer<LionState, Complete<LionOptions>> {
  constructor(parameters: ParametersOrGroups<LionOptions>, options: LionOptions & Partial<LearningRateOptions> = {}) {
    super(lion, parameters, options, defaults);
    for (const { options: { betas } } of this.groups) requireBetas("Lion", betas);
  }
}
