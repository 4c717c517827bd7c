import { pow, zerosLike, type Tensor } from "@nn/tensor";
import { Optimizer, type ParametersOrGroups } from "../optimizer.js";
import type { Complete } from "../options.js";
import type { LearningRateOptions } from "../parameter-group.js";
import type { UpdateRule } from "../update-rule.js";
import { applyWeightDecay, type WeightDecayOptions } from "./weight-decay.js";

/** Options of {@link ASGD}. */
export interface ASGDOptions extends WeightDecayOptions {
  /** Decay λ of the parameter and of the rate; default 1e-4. */
  readonly lambda?: number | undefined;
  /** Power of the decay of the rate; default 0.75. */
  readonly alpha?: number | undefined;
  /** The first step of the average; default 1e6. */
  readonly start?: number | undefined;
}

/** State of {@link asgd}: the average of the parameter over the steps. */
export type ASGDState = {
  readonly average: Tensor;
};

/**
 * Averaged stochastic gradient descent (Polyak and Juditsky 1992): `x ← (1 − λ ηₜ) x − ηₜ g` with `ηₜ = η / (1 + λ η (t − 1))^α`, and
 * the average of `x` over the steps after `start`, a better estimate, is the state `average`.
 */
export const asgd: UpdateRule<ASGDState, Complete<ASGDOptions>> = {
  options: { lambda: "nonNegative", alpha: "nonNegative", start: "nonNegative", weightDecay: "nonNegative", decoupledWeightDecay: "boolean", maximize: "boolean" },
  init: (parameter) => ({ average: zerosLike(parameter) }),
  update: (context) => {
    const { state, learningRate, atStep, options: { lambda, alpha, start } } = context;
    const { gradient, parameter } = applyWeightDecay(context);
    const rate = learningRate.div(pow(learningRate.mul(atStep((t) => lambda * (t - 1))).add(1), alpha));
    const next = parameter.mul(rate.mul(-lambda).add(1)).sub(gradient.mul(rate));
    const fraction = atStep((t) => 1 / Math.max(1, t - 1 - start));
    return { parameter: next, state: { average: state.average.add(next.sub(state.average).mul(fraction)) } };
  },
};

const defaults: Complete<ASGDOptions> & LearningRateOptions = {
  learningRate: 0.01, lambda: 1e-4, alpha: 0.75, start: 1e6, weightDecay: 0, decoupledWeightDecay: false, maximize: false,
};

/**
 * Averaged stochastic gradient descent: see {@link asgd}. The learning rate is 0.01 by default. The formula is PyTorch's.
 * @throws ArgumentError for options out of range.
 */
export class ASGD extends Optimizer<ASGDState, Complete<ASGDOptions>> {
  constructor(parameters: ParametersOrGroups<ASGDOptions>, options: ASGDOptions & Partial<LearningRateOptions> = {}) {
    super(asgd, parameters, options, defaults);
  }
}
