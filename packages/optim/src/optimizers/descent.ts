import type { Tensor } from "@nn/tensor";
import type { Complete } from "../options.js";
import type { UpdateContext } from "../update-rule.js";

/** Options that change the gradient, or the parameter, before an update rule sees it. */
export interface DescentOptions {
  /** Factor λ of the parameter that is added to its gradient, as an L2 penalty would; default 0. */
  readonly weightDecay?: number | undefined;
  /**
   * Whether the parameter is instead multiplied by `1 − η λ` before the step, so that the decay does not pass through the rule's
   * scaling (Loshchilov and Hutter 2019); default false, but true in `AdamW`, `Lion`, `Adafactor` and `Muon`.
   */
  readonly decoupledWeightDecay?: boolean | undefined;
  /** Whether to climb instead of to descend; default false. */
  readonly maximize?: boolean | undefined;
}

/** The gradient to descend, and the parameter to descend from: turned round to climb, then with the weight decay, in PyTorch's order. */
export function descent(
  { gradient, parameter, learningRate, options }: UpdateContext<unknown, Complete<DescentOptions>>,
): { readonly slope: Tensor; readonly from: Tensor } {
  const { weightDecay, decoupledWeightDecay, maximize } = options;
  const slope = maximize ? gradient.neg() : gradient;
  if (weightDecay === 0) return { slope, from: parameter };
  if (decoupledWeightDecay) return { slope, from: parameter.mul(learningRate.mul(-weightDecay).add(1)) };
  return { slope: slope.add(parameter.mul(weightDecay)), from: parameter };
}
