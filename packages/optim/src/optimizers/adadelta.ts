import { sqrt, square, zerosLike, type Tensor } from "@nn/tensor";
import { Optimizer, type ParametersOrGroups } from "../optimizer.js";
import type { Complete } from "../options.js";
import type { LearningRateOptions } from "../parameter-group.js";
import { requireRange } from "../requirements.js";
import type { UpdateRule } from "../update-rule.js";
import { applyWeightDecay, type WeightDecayOptions } from "./weight-decay.js";

/** Options of {@link Adadelta}. */
export interface AdadeltaOptions extends WeightDecayOptions {
  /** Fraction ρ of the running means that each step keeps; default 0.9. */
  readonly rho?: number | undefined;
  /** Added to the means before the root; default 1e-6. */
  readonly epsilon?: number | undefined;
}

/** State of {@link adadelta}: running means of the squares of gradients and of updates. */
export type AdadeltaState = {
  readonly meanSquare: Tensor;
  readonly meanSquareUpdate: Tensor;
};

/**
 * Adadelta (Zeiler 2012): `s ← ρ s + (1 − ρ) g²`, `d = g √(u + ε) / √(s + ε)`, `u ← ρ u + (1 − ρ) d²`, `x ← x − η d`: updates
 * have the units of the parameter, so the learning rate can stay 1.
 */
export const adadelta: UpdateRule<AdadeltaState, Complete<AdadeltaOptions>> = {
  options: { rho: "nonNegative", epsilon: "nonNegative", weightDecay: "nonNegative", decoupledWeightDecay: "boolean", maximize: "boolean" },
  init: (parameter) => ({ meanSquare: zerosLike(parameter), meanSquareUpdate: zerosLike(parameter) }),
  update: (context) => {
    const { state, learningRate, options: { rho, epsilon } } = context;
    const { gradient, parameter } = applyWeightDecay(context);
    const average = (before: Tensor, value: Tensor): Tensor => before.mul(rho).add(square(value).mul(1 - rho));
    const meanSquare = average(state.meanSquare, gradient);
    const step = sqrt(state.meanSquareUpdate.add(epsilon)).div(sqrt(meanSquare.add(epsilon))).mul(gradient);
    return { parameter: parameter.sub(step.mul(learningRate)), state: { meanSquare, meanSquareUpdate: average(state.meanSquareUpdate, step) } };
  },
};

const defaults: Complete<AdadeltaOptions> & LearningRateOptions = {
  learningRate: 1, rho: 0.9, epsilon: 1e-6, weightDecay: 0, decoupledWeightDecay: false, maximize: false,
};

/**
 * Adadelta: see {@link adadelta}. The learning rate is 1 by default. The formula is PyTorch's.
 * @throws ArgumentError for options out of range.
 */
export class Adadelta extends Optimizer<AdadeltaState, Complete<AdadeltaOptions>> {
  constructor(parameters: ParametersOrGroups<AdadeltaOptions>, options: AdadeltaOptions & Partial<LearningRateOptions> = {}) {
    super(adadelta, parameters, options, defaults);
    for (const { options: { rho } } of this.groups) requireRange("Adadelta", { rho }, 0, 1);
  }
}
