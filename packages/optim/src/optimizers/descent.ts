import type { Tensor } from "@nn/tensor";
import type { Complete } from "../options.js";

/** Options that change the gradient before an update rule sees it. */
export interface DescentOptions {
  /** Factor of the parameter that is added to its gradient, as an L2 penalty would; default 0. */
  readonly weightDecay?: number | undefined;
  /** Whether to climb instead of to descend; default false. */
  readonly maximize?: boolean | undefined;
}

/** The gradient to descend: turned round to climb, then with the coupled weight decay, in PyTorch's order. */
export function descentGradient(gradient: Tensor, parameter: Tensor, { weightDecay, maximize }: Complete<DescentOptions>): Tensor {
  const direction = maximize ? gradient.neg() : gradient;
  return weightDecay === 0 ? direction : direction.add(parameter.mul(weightDecay));
}
