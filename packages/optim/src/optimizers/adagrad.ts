import { fullLike, sqrt, square, type Tensor } from "@nn/tensor";
import { Optimizer, type ParametersOrGroups } from "../optimizer.js";
import type { Complete } from "../options.js";
import type { LearningRateOptions } from "../parameter-group.js";
import type { UpdateRule } from "../update-rule.js";
import { applyWeightDecay, type WeightDecayOptions } from "./weight-decay.js";

/** Options of {@link Adagrad}. */
export interface AdagradOptions extends WeightDecayOptions {
  /** The rate falls as `η / (1 + (t − 1) · learningRateDecay)`; default 0. */
  readonly learningRateDecay?: number | undefined;
  /** The sum of squares at the start; default 0. */
  readonly initialAccumulator?: number | undefined;
  /** Added to the root of the sum; default 1e-10. */
  readonly epsilon?: number | undefined;
}

/** State of {@link adagrad}. */
export type AdagradState = { readonly sumOfSquares: Tensor };

/** Adagrad (Duchi et al. 2011): `s ← s + g²`, `x ← x − η g / (√s + ε)`: coordinates with large past gradients move less. */
export const adagrad: UpdateRule<AdagradState, Complete<AdagradOptions>> = {
  options: { learningRateDecay: "nonNegative", initialAccumulator: "nonNegative", epsilon: "nonNegative", weightDecay: "nonNegative", decoupledWeightDecay: "boolean", maximize: "boolean" },
  init: (parameter, { initialAccumulator }) => ({ sumOfSquares: fullLike(parameter, initialAccumulator) }),
  update: (context) => {
    const { state, learningRate, atStep, options: { learningRateDecay, epsilon } } = context;
    const { gradient, parameter } = applyWeightDecay(context);
    const rate = learningRateDecay === 0 ? learningRate : learningRate.div(atStep((t) => 1 + (t - 1) * learningRateDecay));
    const sumOfSquares = state.sumOfSquares.add(square(gradient));
    return { parameter: parameter.sub(gradient.div(sqrt(sumOfSquares).add(epsilon)).mul(rate)), state: { sumOfSquares } };
  },
};

const defaults: Complete<AdagradOptions> & LearningRateOptions = {
  learningRate: 0.01, learningRateDecay: 0, initialAccumulator: 0, epsilon: 1e-10, weightDecay: 0, decoupledWeightDecay: false, maximize: false,
};

/**
 * Adagrad: see {@link adagrad}. The learning rate is 0.01 by default. The formula is PyTorch's.
 * @throws ArgumentError for options out of range.
 */
export class Adagrad extends Optimizer<AdagradState, Complete<AdagradOptions>> {
  constructor(parameters: ParametersOrGroups<AdagradOptions>, options: AdagradOptions & Partial<LearningRateOptions> = {}) {
    super(adagrad, parameters, options, defaults);
  }
}
