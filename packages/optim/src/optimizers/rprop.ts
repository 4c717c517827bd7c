import { clamp, onesLike, sign, where, zerosLike, type Tensor } from "@nn/tensor";
import { Optimizer, type ParametersOrGroups } from "../optimizer.js";
import type { Complete } from "../options.js";
import type { LearningRateOptions } from "../parameter-group.js";
import { requireNumbers, requireRange } from "../requirements.js";
import type { UpdateRule } from "../update-rule.js";

/** Options of {@link Rprop}. */
export interface RpropOptions {
  /** Factors of an element's step size: the first when the sign of its gradient changes, the second when it stays; default `[0.5, 1.2]`. */
  readonly etas?: readonly [number, number] | undefined;
  /** The smallest and the largest step size; default `[1e-6, 50]`. */
  readonly stepSizes?: readonly [number, number] | undefined;
  /** Whether to maximise instead of minimise; default false. */
  readonly maximize?: boolean | undefined;
}

/** State of {@link rprop}: the last gradient, and the step size of each element. */
export type RpropState = {
  readonly before: Tensor;
  readonly stepSize: Tensor;
};

/**
 * Resilient propagation (Riedmiller and Braun 1993): every element has its own step size. It starts at the learning rate, grows
 * while the sign of the gradient stays the same, and shrinks when the sign changes. The element moves by the step size against the sign of its gradient.
 * Use it with full batches only. The learning rate matters only in the first step.
 */
export const rprop: UpdateRule<RpropState, Complete<RpropOptions>> = {
  options: { etas: "list", stepSizes: "list", maximize: "boolean" },
  init: (parameter) => ({ before: zerosLike(parameter), stepSize: zerosLike(parameter) }),
  update: ({ gradient, parameter, state, learningRate, atStep, options: { etas: [shrink, grow], stepSizes: [smallest, largest], maximize } }) => {
    const slope = maximize ? gradient.neg() : gradient;
    const agreement = sign(slope.mul(state.before));
    const current = state.stepSize.add(learningRate.mul(atStep((t) => (t === 1 ? 1 : 0))));
    const factor = where(agreement.greater(0), grow, where(agreement.less(0), shrink, onesLike(parameter)));
    const stepSize = clamp(current.mul(factor), smallest, largest);
    const before = where(agreement.less(0), 0, slope);
    return { parameter: parameter.sub(sign(before).mul(stepSize)), state: { before, stepSize } };
  },
};

const defaults: Complete<RpropOptions> & LearningRateOptions = {
  learningRate: 0.01, etas: [0.5, 1.2], stepSizes: [1e-6, 50], maximize: false,
};

/**
 * Rprop: see {@link rprop}. The learning rate is 0.01 by default. The formula is PyTorch's.
 * @throws ArgumentError for options out of range.
 */
export class Rprop extends Optimizer<RpropState, Complete<RpropOptions>> {
  constructor(parameters: ParametersOrGroups<RpropOptions>, options: RpropOptions & Partial<LearningRateOptions> = {}) {
    super(rprop, parameters, options, defaults);
    for (const { options: { etas, stepSizes } } of this.groups) {
      requireNumbers("Rprop", "etas", etas, 2);
      requireNumbers("Rprop", "stepSizes", stepSizes, 2);
      const [[shrink, grow], [smallest, largest]] = [etas, stepSizes];
      requireRange("Rprop", { "etas[0]": shrink }, 0, 1);
      requireRange("Rprop", { "etas[1]": grow }, 1, Infinity);
      requireRange("Rprop", { "stepSizes[0]": smallest, "stepSizes[1]": largest }, 0, Infinity);
    }
  }
}
