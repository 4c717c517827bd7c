import { maximum, sqrt, square, zerosLike, type Tensor } from "@nn/tensor";
import { Optimizer, type ParametersOrGroups } from "../optimizer.js";
import type { Complete } from "../options.js";
import type { LearningRateOptions } from "../parameter-group.js";
import type { UpdateRule } from "../update-rule.js";
import { decayingMean, requireBetas, weightOfMean, type Betas } from "./betas.js";
import { applyWeightDecay, type WeightDecayOptions } from "./weight-decay.js";

/** Options of {@link Adam} and `AdamW`. */
export interface AdamOptions extends WeightDecayOptions {
  /** Decay rates of the first and the second moment, numbers or schedules; default `[0.9, 0.999]`. */
  readonly betas?: Betas | undefined;
  /** Added to the root of the second moment; default 1e-8. */
  readonly epsilon?: number | undefined;
  /** Whether to divide by the largest second moment so far (Reddi et al. 2018); default false. */
  readonly amsgrad?: boolean | undefined;
}

/** State of {@link adam}: running means of the gradient and of its square; with `amsgrad` the largest of the latter. */
export type AdamState = {
  readonly firstMoment: Tensor;
  readonly secondMoment: Tensor;
  readonly largestSecondMoment?: Tensor;
};

/**
 * Adam (Kingma and Ba 2015): `m ← β₁ m + (1 − β₁) g`, `v ← β₂ v + (1 − β₂) g²`, and, with the bias towards zero corrected,
 * `x ← x − η m̂ / (√v̂ + ε)`.
 */
export const adam: UpdateRule<AdamState, Complete<AdamOptions>> = {
  options: { betas: "list", epsilon: "nonNegative", amsgrad: "boolean", weightDecay: "nonNegative", decoupledWeightDecay: "boolean", maximize: "boolean" },
  init: (parameter, { amsgrad }) => {
    const zero = zerosLike(parameter);
    return { firstMoment: zero, secondMoment: zero, ...(amsgrad ? { largestSecondMoment: zero } : {}) };
  },
  update: (context) => {
    const { state, learningRate, atStep, options: { betas, epsilon } } = context;
    const { gradient, parameter } = applyWeightDecay(context);
    const firstMoment = decayingMean(state.firstMoment, gradient, betas, 0, atStep);
    const secondMoment = decayingMean(state.secondMoment, square(gradient), betas, 1, atStep);
    const largest = state.largestSecondMoment === undefined ? {} : { largestSecondMoment: maximum(state.largestSecondMoment, secondMoment) };
    // Multiply by the reciprocal: a division for each element would take longer.
    const [weightOfFirst, weightOfSecond] = [weightOfMean(betas, 0), weightOfMean(betas, 1)];
    const correction = atStep((t, step) => 1 / Math.sqrt(weightOfSecond(t, step)));
    const scale = sqrt(largest.largestSecondMoment ?? secondMoment).mul(correction).add(epsilon);
    const stepSize = learningRate.div(atStep(weightOfFirst));
    return { parameter: parameter.sub(firstMoment.div(scale).mul(stepSize)), state: { firstMoment, secondMoment, ...largest } };
  },
};

/** Defaults of {@link Adam}, those of PyTorch. */
export const adamDefaults: Complete<AdamOptions> & LearningRateOptions = {
  learningRate: 1e-3, betas: [0.9, 0.999], epsilon: 1e-8, amsgrad: false, weightDecay: 0, decoupledWeightDecay: false, maximize: false,
};

/**
 * Adam: see {@link adam}. The learning rate is 1e-3 by default. The formula is PyTorch's, with the bias of `v` corrected by a multiplication.
 * @throws ArgumentError for options out of range.
 */
export class Adam extends Optimizer<AdamState, Complete<AdamOptions>> {
  constructor(parameters: ParametersOrGroups<AdamOptions>, options: AdamOptions & Partial<LearningRateOptions> = {}) {
    super(adam, parameters, options, adamDefaults);
    for (const { options: { betas } } of this.groups) requireBetas("Adam", betas);
  }
}
