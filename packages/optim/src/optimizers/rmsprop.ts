import { sqrt, square, zerosLike, type Tensor } from "@nn/tensor";
import { Optimizer, type ParametersOrGroups } from "../optimizer.js";
import type { Complete } from "../options.js";
import type { LearningRateOptions } from "../parameter-group.js";
import { requireRange } from "../requirements.js";
import { momentumAtStep, type Scheduled } from "../scheduled.js";
import type { UpdateRule } from "../update-rule.js";
import { applyWeightDecay, type WeightDecayOptions } from "./weight-decay.js";

/** Options of {@link RMSprop}. */
export interface RMSpropOptions extends WeightDecayOptions {
  /** Fraction α of the mean square that each step keeps; default 0.99. */
  readonly alpha?: number | undefined;
  /** Added to the root of the mean square; default 1e-8. */
  readonly epsilon?: number | undefined;
  /** Fraction μ of the velocity that each step keeps, a number or a schedule; default 0: no velocity. */
  readonly momentum?: Scheduled | undefined;
  /** Whether to divide by the standard deviation instead of the root of the mean square (Graves 2013); default false. */
  readonly centered?: boolean | undefined;
}

/** State of {@link rmsprop}: running means of the square and, if centered, of the gradient; with momentum the velocity. */
export type RMSpropState = {
  readonly meanSquare: Tensor;
  readonly mean?: Tensor;
  readonly velocity?: Tensor;
};

/**
 * RMSprop (Tieleman and Hinton 2012): `s ← α s + (1 − α) g²`, `x ← x − η g / (√s + ε)`, or with momentum
 * `v ← μ v + g / (√s + ε)`, `x ← x − η v`.
 */
export const rmsprop: UpdateRule<RMSpropState, Complete<RMSpropOptions>> = {
  options: { alpha: "nonNegative", epsilon: "nonNegative", momentum: "any", centered: "boolean", weightDecay: "nonNegative", decoupledWeightDecay: "boolean", maximize: "boolean" },
  init: (parameter, { centered, momentum }) => {
    const zero = zerosLike(parameter);
    return { meanSquare: zero, ...(centered ? { mean: zero } : {}), ...(momentum === 0 ? {} : { velocity: zero }) };
  },
  update: (context) => {
    const { state, learningRate, atStep, options: { alpha, epsilon, momentum } } = context;
    const { gradient, parameter } = applyWeightDecay(context);
    const average = (before: Tensor, value: Tensor): Tensor => before.mul(alpha).add(value.mul(1 - alpha));
    const meanSquare = average(state.meanSquare, square(gradient));
    const mean = state.mean === undefined ? {} : { mean: average(state.mean, gradient) };
    const variance = mean.mean === undefined ? meanSquare : meanSquare.sub(square(mean.mean));
    const direction = gradient.div(sqrt(variance).add(epsilon));
    const velocity = state.velocity === undefined ? {} : { velocity: state.velocity.mul(momentumAtStep(momentum, atStep)).add(direction) };
    return {
      parameter: parameter.sub((velocity.velocity ?? direction).mul(learningRate)),
      state: { meanSquare, ...mean, ...velocity },
    };
  },
};

const defaults: Complete<RMSpropOptions> & LearningRateOptions = {
  learningRate: 0.01, alpha: 0.99, epsilon: 1e-8, momentum: 0, centered: false, weightDecay: 0, decoupledWeightDecay: false, maximize: false,
};

/**
 * RMSprop: see {@link rmsprop}. The learning rate is 0.01 by default. The formula is PyTorch's.
 * @throws ArgumentError for options out of range.
 */
export class RMSprop extends Optimizer<RMSpropState, Complete<RMSpropOptions>> {
  constructor(parameters: ParametersOrGroups<RMSpropOptions>, options: RMSpropOptions & Partial<LearningRateOptions> = {}) {
    super(rmsprop, parameters, options, defaults);
    for (const { options: { momentum } } of this.groups) requireRange("RMSprop", { momentum }, 0, Infinity);
  }
}
