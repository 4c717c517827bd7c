import { ArgumentError, zerosLike, type Tensor } from "@nn/tensor";
import { Optimizer, type ParametersOrGroups } from "../optimizer.js";
import type { Complete } from "../options.js";
import type { LearningRateOptions } from "../parameter-group.js";
import { requireRange } from "../requirements.js";
import { momentumAtStep, type Scheduled } from "../scheduled.js";
import type { UpdateRule } from "../update-rule.js";
import { applyWeightDecay, type WeightDecayOptions } from "./weight-decay.js";

/** Options of {@link SGD}. */
export interface SGDOptions extends WeightDecayOptions {
  /** Fraction μ of the velocity that each step keeps, a number or a schedule; default 0: no velocity. */
  readonly momentum?: Scheduled | undefined;
  /** From the second step on, gradients enter the velocity multiplied by `1 − dampening`; default 0. */
  readonly dampening?: number | undefined;
  /** Whether to use Nesterov's momentum, which adds the gradient to the decayed velocity. Needs momentum and no dampening. Default false. */
  readonly nesterov?: boolean | undefined;
}

/** State of {@link sgd}: the velocity; empty without momentum. */
export type SGDState = Readonly<Record<string, never>> | { readonly velocity: Tensor };

/**
 * Stochastic gradient descent: `v ← μ v + (1 − dampening) g`, `x ← x − η v`, with `v = g` at first; without momentum
 * `x ← x − η g` (Sutskever et al. 2013).
 */
export const sgd: UpdateRule<SGDState, Complete<SGDOptions>> = {
  options: { momentum: "any", dampening: "finite", nesterov: "boolean", weightDecay: "nonNegative", decoupledWeightDecay: "boolean", maximize: "boolean" },
  init: (parameter, { momentum }) => (momentum === 0 ? {} : { velocity: zerosLike(parameter) }),
  update: (context) => {
    const { state: { velocity }, learningRate, atStep, options: { momentum, dampening, nesterov } } = context;
    const { gradient, parameter } = applyWeightDecay(context);
    if (velocity === undefined) return { parameter: parameter.sub(gradient.mul(learningRate)), state: {} };
    const entering = dampening === 0 ? gradient : gradient.mul(atStep((t) => (t === 1 ? 1 : 1 - dampening)));
    const kept = momentumAtStep(momentum, atStep);
    const next = velocity.mul(kept).add(entering);
    const direction = nesterov ? gradient.add(next.mul(kept)) : next;
    return { parameter: parameter.sub(direction.mul(learningRate)), state: { velocity: next } };
  },
};

const defaults: Complete<SGDOptions> = { momentum: 0, dampening: 0, nesterov: false, weightDecay: 0, decoupledWeightDecay: false, maximize: false };

/**
 * Stochastic gradient descent with momentum, Nesterov's momentum and weight decay: see {@link sgd}. The formula is PyTorch's.
 * @throws ArgumentError for options out of range, or Nesterov's momentum without momentum or with dampening.
 */
export class SGD extends Optimizer<SGDState, Complete<SGDOptions>> {
  constructor(parameters: ParametersOrGroups<SGDOptions>, options: SGDOptions & LearningRateOptions) {
    super(sgd, parameters, options, defaults);
    for (const { options: { momentum, dampening, nesterov } } of this.groups) {
      requireRange("SGD", { momentum }, 0, Infinity);
      if (nesterov && (momentum === 0 || dampening !== 0)) {
        throw new ArgumentError(`SGD: nesterov needs momentum and no dampening, got momentum ${String(momentum)} and dampening ${dampening}`);
      }
    }
  }
}
