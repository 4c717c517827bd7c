import { maximum, sqrt, square, zerosLike, type Tensor } from "@nn/tensor";
import { Optimizer, type ParametersOrGroups } from "../optimizer.js";
import { override, type Complete } from "../options.js";
import type { LearningRateOptions } from "../parameter-group.js";
import { requireRange } from "../requirements.js";
import type { Update, UpdateContext, UpdateRule } from "../update-rule.js";
import { descentGradient, type DescentOptions } from "./descent.js";

/** Options of {@link Adam} and `AdamW`. */
export interface AdamOptions extends DescentOptions {
  /** Decay rates of the first and the second moment; default `[0.9, 0.999]`. */
  readonly betas?: readonly [number, number] | undefined;
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

/** The moments at the start: zeros. */
export function initMoments(parameter: Tensor, { amsgrad }: Complete<AdamOptions>): AdamState {
  const zero = zerosLike(parameter);
  return { firstMoment: zero, secondMoment: zero, ...(amsgrad ? { largestSecondMoment: zero } : {}) };
}

/** Adam's step from `parameter` along `gradient`, to either of which weight decay may have been applied. */
export function adamStep(
  gradient: Tensor, parameter: Tensor, { state, learningRate, atStep, options }: UpdateContext<AdamState, Complete<AdamOptions>>,
): Update<AdamState> {
  const { betas: [beta1, beta2], epsilon } = options;
  const firstMoment = state.firstMoment.mul(beta1).add(gradient.mul(1 - beta1));
  const secondMoment = state.secondMoment.mul(beta2).add(square(gradient).mul(1 - beta2));
  const largest = state.largestSecondMoment === undefined ? {} : { largestSecondMoment: maximum(state.largestSecondMoment, secondMoment) };
  const scale = sqrt(largest.largestSecondMoment ?? secondMoment).div(atStep((t) => Math.sqrt(1 - beta2 ** t))).add(epsilon);
  const stepSize = learningRate.div(atStep((t) => 1 - beta1 ** t));
  return { parameter: parameter.sub(firstMoment.div(scale).mul(stepSize)), state: { firstMoment, secondMoment, ...largest } };
}

/**
 * Adam (Kingma and Ba 2015): `m ← β₁ m + (1 − β₁) g`, `v ← β₂ v + (1 − β₂) g²`, and with their bias towards zero taken off,
 * `x ← x − η m̂ / (√v̂ + ε)`. Weight decay is added to the gradient; see `AdamW` for the decoupled one.
 */
export const adam: UpdateRule<AdamState, Complete<AdamOptions>> = {
  init: initMoments,
  update: (context) => adamStep(descentGradient(context.gradient, context.parameter, context.options), context.parameter, context),
};

/** Defaults of {@link Adam}, those of PyTorch. */
export const adamDefaults: Complete<AdamOptions> & LearningRateOptions = {
  learningRate: 1e-3, betas: [0.9, 0.999], epsilon: 1e-8, amsgrad: false, weightDecay: 0, maximize: false,
};

/** Refuses what makes no sense in a group of Adam's family. */
export function requireAdamOptions(owner: string, { betas: [beta1, beta2], epsilon, weightDecay }: Complete<AdamOptions>): void {
  requireRange(owner, { "betas[0]": beta1, "betas[1]": beta2 }, 0, 1);
  requireRange(owner, { epsilon, weightDecay }, 0, Infinity);
}

/**
 * Adam: see {@link adam}. The learning rate is 1e-3 by default. PyTorch's arithmetic.
 * @throws ArgumentError for options out of range.
 */
export class Adam extends Optimizer<AdamState, Complete<AdamOptions>> {
  constructor(parameters: ParametersOrGroups<AdamOptions>, options: AdamOptions & Partial<LearningRateOptions> = {}) {
    super(adam, parameters, override(adamDefaults, options));
    for (const group of this.groups) requireAdamOptions("Adam", group.options);
  }
}
