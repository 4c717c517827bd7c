import { bind } from "../interpreter.js";
import { requireTensor, scalar, toFloat } from "../operand.js";
import { normalizeAxis } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { div, sub } from "./arithmetic.js";
import { exp, log } from "./elementary.js";
import { applyToFloat } from "./elementwise.js";

/** `max(x, 0)`; its gradient at 0 is 0, and NaN stays NaN. */
export function relu(x: Tensor): Tensor {
  requireTensor("relu", x);
  const zero = scalar(0, x.dtype);
  return bind("select", [bind("lessEqual", [x, zero], {}), zero, x], {});
}

/** Logistic function `1 / (1 + e⁻ˣ)`, without overflow. */
export function sigmoid(x: Tensor): Tensor {
  return applyToFloat("sigmoid", x);
}

/** `x` less its largest element along `axis`, which cancels in what follows and therefore carries no gradient. */
function shifted(x: Tensor, axis: number): Tensor {
  return sub(x, bind("max", [x.detach()], { axes: [axis] }));
}

/**
 * `exp(xᵢ) / Σⱼ exp(xⱼ)` along `axis`, without overflow. A row of nothing but −Infinity gives NaN, as in PyTorch.
 */
export function softmax(x: Tensor, axis = -1): Tensor {
  requireTensor("softmax", x);
  const along = normalizeAxis("softmax", axis, x.rank);
  if (x.shape[along] === 0) return toFloat(x);
  const weights = exp(shifted(toFloat(x), along));
  return div(weights, bind("sum", [weights], { axes: [along] }));
}

/** `xᵢ − log Σⱼ exp(xⱼ)` along `axis`, without overflow and without the loss of small probabilities. */
export function logSoftmax(x: Tensor, axis = -1): Tensor {
  requireTensor("logSoftmax", x);
  const along = normalizeAxis("logSoftmax", axis, x.rank);
  if (x.shape[along] === 0) return toFloat(x);
  const logits = shifted(toFloat(x), along);
  return sub(logits, log(bind("sum", [exp(logits)], { axes: [along] })));
}
