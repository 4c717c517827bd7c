import { ones, sqrt, square, zerosLike, type Tensor } from "@nn/tensor";
import { Optimizer, type ParametersOrGroups } from "../optimizer.js";
import type { Complete } from "../options.js";
import type { LearningRateOptions } from "../parameter-group.js";
import type { UpdateRule } from "../update-rule.js";
import { betaAt, decayingMean, requireBetas, weightOfMean, type Betas } from "./betas.js";
import { applyWeightDecay, type WeightDecayOptions } from "./weight-decay.js";

/** Options of {@link NAdam}. */
export interface NAdamOptions extends WeightDecayOptions {
  /** Decay rates of the two running quantities, numbers or schedules; default `[0.9, 0.999]`. */
  readonly betas?: Betas | undefined;
  /** Added to the root of the second moment; default 1e-8. */
  readonly epsilon?: number | undefined;
  /** Rate ψ at which the momentum rises to its full value; default 4e-3. */
  readonly momentumDecay?: number | undefined;
  /** The formula of the paper, or of PyTorch up to 1.13, which has one extra factor. Default `"paper"`. */
  readonly formula?: "paper" | "pytorch1.13" | undefined;
}

/** State of {@link nadam}: running means of the gradient and of its square, and the product of all momenta. */
export type NAdamState = {
  readonly firstMoment: Tensor;
  readonly secondMoment: Tensor;
  readonly momentumProduct: Tensor;
};

/**
 * Adam with Nesterov's momentum (Dozat 2016): with the momenta `μₜ = β₁ (1 − 0.96^(t ψ) / 2)` and their product `Pₜ`,
 * `x ← x − η ((1 − μₜ) g / (1 − Pₜ) + μₜ₊₁ m / (1 − Pₜ₊₁)) / (√v̂ + ε)`. PyTorch up to 1.13 has `Pₜ₊₁ μₜ` instead of `Pₜ₊₁`: see the
 * option `formula`.
 */
export const nadam: UpdateRule<NAdamState, Complete<NAdamOptions>> = {
  options: { betas: "list", epsilon: "nonNegative", momentumDecay: "nonNegative", formula: ["paper", "pytorch1.13"], weightDecay: "nonNegative", decoupledWeightDecay: "boolean", maximize: "boolean" },
  init: (parameter) => ({
    firstMoment: zerosLike(parameter), secondMoment: zerosLike(parameter), momentumProduct: ones([], { dtype: parameter.dtype }),
  }),
  update: (context) => {
    const { state, learningRate, atStep, options: { betas, epsilon, momentumDecay, formula } } = context;
    const { gradient, parameter } = applyWeightDecay(context);
    const firstMoment = decayingMean(state.firstMoment, gradient, betas, 0, atStep);
    const secondMoment = decayingMean(state.secondMoment, square(gradient), betas, 1, atStep);
    const momentumAt = (t: number, step: number): number => betaAt(betas, 0, step) * (1 - 0.5 * 0.96 ** (t * momentumDecay));
    const momentumProduct = state.momentumProduct.mul(atStep(momentumAt));
    const scale = sqrt(secondMoment.div(atStep(weightOfMean(betas, 1)))).add(epsilon);
    const ofGradient = learningRate.mul(atStep((t, step) => 1 - momentumAt(t, step))).div(momentumProduct.neg().add(1));
    const nextProduct = momentumProduct.mul(atStep((t, step) => (formula === "paper" ? 1 : momentumAt(t, step)) * momentumAt(t + 1, step)));
    const ofMoment = learningRate.mul(atStep((t, step) => momentumAt(t + 1, step))).div(nextProduct.neg().add(1));
    const step = gradient.mul(ofGradient).add(firstMoment.mul(ofMoment)).div(scale);
    return { parameter: parameter.sub(step), state: { firstMoment, secondMoment, momentumProduct } };
  },
};

const defaults: Complete<NAdamOptions> & LearningRateOptions = {
  learningRate: 2e-3, betas: [0.9, 0.999], epsilon: 1e-8, momentumDecay: 4e-3, formula: "paper", weightDecay: 0, decoupledWeightDecay: false, maximize: false,
};

/**
 * NAdam: see {@link nadam}. The learning rate is 2e-3 by default. The formula is PyTorch's (2.0 and later).
 * @throws ArgumentError for options out of range.
 */
export class NAdam extends Optimizer<NAdamState, Complete<NAdamOptions>> {
  constructor(parameters: ParametersOrGroups<NAdamOptions>, options: NAdamOptions & Partial<LearningRateOptions> = {}) {
    super(nadam, parameters, options, defaults);
    for (const { options: { betas } } of this.groups) requireBetas("NAdam", betas);
  }
}
