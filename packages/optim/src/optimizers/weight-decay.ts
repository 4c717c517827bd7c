import type { Tensor } from "@nn/tensor";
import type { Complete } from "../options.js";
import type { UpdateContext } from "../update-rule.js";

/** Options that change the gradient or the parameter before the update rule runs. */
export interface WeightDecayOptions {
  /** Factor λ: `λ · parameter` is added to the gradient, like an L2 penalty; default 0. */
  readonly weightDecay?: number | undefined;
  /**
   * Whether to multiply the parameter by `1 − η λ` before the step instead, so that the decay does not pass through the rule's
   * scaling (Loshchilov and Hutter 2019); default false, but true in `AdamW`, `Lion`, `Adafactor` and `Muon`.
   */
  readonly decoupledWeightDecay?: boolean | undefined;
  /** Whether to maximise instead of minimise; default false. */
  readonly maximize?: boolean | undefined;
}

/** The gradient and the parameter for the rule: first the sign changes for `maximize`, then the weight decay is applied, as in PyTorch. */
export function applyWeightDecay(
  { gradient, parameter, learningRate, options }: UpdateContext<unknown, Complete<WeightDecayOptions>>,
): { readonly gradient: Tensor; readonly parameter: Tensor } {
  const { weightDecay, decoupledWeightDecay, maximize } = options;
  const signed = maximize ? gradient.neg() : gradient;
  if (weightDecay === 0) return { gradient: signed, parameter };
  if (decoupledWeightDecay) return { gradient: signed, parameter: parameter.mul(learningRate.mul(-weightDecay).add(1)) };
  return { gradient: signed.add(parameter.mul(weightDecay)), parameter };
}
