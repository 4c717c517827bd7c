import { requireKind } from "../arguments/kinds.js";
import { requireOptions, type OptionKinds } from "../arguments/options.js";
import { requireTensor, scalar } from "../operand.js";
import { sizeOf } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { pow } from "./arithmetic.js";
import { equal } from "./comparison.js";
import { where } from "./logic.js";
import { averageWindows, type PoolingOptions } from "./pooling.js";
import { perAxis, type PerAxis } from "./spatial.js";

/** Options of {@link lpPool1d}, {@link lpPool2d} and {@link lpPool3d}. If the last window extends beyond the input, its sum is scaled up to that of a whole window. */
export interface LpPoolOptions extends PoolingOptions {}

const lpPoolOptions: OptionKinds<LpPoolOptions> = { stride: "any", padding: "any", dilation: "any", ceilMode: "boolean" };

function lpPool(axes: 1 | 2 | 3, x: Tensor, p: number, window: PerAxis, options: LpPoolOptions): Tensor {
  const operation = `lpPool${axes}d`;
  requireTensor(operation, x);
  requireKind(operation, "p", p, "positive");
  requireOptions(operation, options, lpPoolOptions);
  const elements = sizeOf(perAxis(operation, "window", window, axes, 1));
  const total = averageWindows(operation, axes, pow(x, p), window, options).mul(elements);
  const isZero = equal(total, 0);
  const root = pow(where(isZero, scalar(1, total.dtype), total), 1 / p);
  return where(isZero, scalar(0, total.dtype), root);
}

/**
 * Power mean without the division, `(Σ xᵖ)^(1/p)`, of each window of sequences, `[N, C, L]` or `[C, L]`. As in PyTorch it takes
 * `xᵖ`, not `|x|ᵖ`: for an odd or fractional `p` the input should not be negative. Unlike in PyTorch, the gradient is 0 and not NaN where
 * the sum is 0.
 * @throws ArgumentError unless p is positive and finite.
 */
export function lpPool1d(x: Tensor, p: number, window: PerAxis, options: LpPoolOptions = {}): Tensor {
  return lpPool(1, x, p, window, options);
}

/**
 * Power mean without the division of each window of images, `[N, C, H, W]` or `[C, H, W]`; as {@link lpPool1d}.
 * @throws ArgumentError unless p is positive and finite.
 */
export function lpPool2d(x: Tensor, p: number, window: PerAxis, options: LpPoolOptions = {}): Tensor {
  return lpPool(2, x, p, window, options);
}

/**
 * Power mean without the division of each window of volumes, `[N, C, D, H, W]` or `[C, D, H, W]`; as {@link lpPool1d}.
 * @throws ArgumentError unless p is positive and finite.
 */
export function lpPool3d(x: Tensor, p: number, window: PerAxis, options: LpPoolOptions = {}): Tensor {
  return lpPool(3, x, p, window, options);
}
