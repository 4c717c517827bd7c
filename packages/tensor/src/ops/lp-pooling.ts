import { requireKind } from "../arguments/kinds.js";
import { requireOptions, type OptionKinds } from "../arguments/options.js";
import { requireDType } from "../dtype.js";
import { requireTensor, scalar } from "../operand.js";
import { sizeOf } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { abs, div, mul, pow } from "./arithmetic.js";
import { equal } from "./comparison.js";
import { logicalOr, where } from "./logic.js";
import { pad } from "./padding.js";
import { counts, windowsOf, type PoolingOptions, type Windows } from "./pooling.js";
import { max, sum } from "./reduction.js";
import { reshape } from "./shape.js";
import { slice } from "./slicing.js";
import { withBatch, type PerAxis } from "./spatial.js";
import { slidingWindows } from "./windows.js";

/** Options of {@link lpPool1d}, {@link lpPool2d} and {@link lpPool3d}. If the last window extends beyond the input, its sum is scaled up to that of a whole window. */
export interface LpPoolOptions extends PoolingOptions {}

const lpPoolOptions: OptionKinds<LpPoolOptions> = { stride: "any", padding: "any", dilation: "any", ceilMode: "boolean" };

function lpPool(axes: 1 | 2 | 3, x: Tensor, p: number, window: PerAxis, options: LpPoolOptions): Tensor {
  const operation = `lpPool${axes}d`;
  requireTensor(operation, x);
  requireKind(operation, "p", p, "positive");
  requireOptions(operation, options, lpPoolOptions);
  requireDType(operation, x.dtype, ["float32", "float64"]);
  return withBatch(operation, x, axes, (batched) => {
    const windows = windowsOf(operation, batched.shape.slice(2), window, options);
    const parts = partsOf(batched, windows);
    const within = parts.shape.flatMap((_, axis) => (axis < batched.rank ? [] : [axis]));
    // Powers are taken of parts of the largest element: those of the elements themselves may overflow or vanish.
    const largest = max(abs(parts.detach()), within, { keepAxes: true });
    const scale = where(logicalOr(equal(largest, 0), equal(largest, Infinity)), scalar(1, x.dtype), largest);
    const total = sum(pow(div(parts, scale), p), within).mul(div(scalar(sizeOf(windows.window), x.dtype), counts(batched, windows, true)));
    const isZero = equal(total, 0);
    const root = pow(where(isZero, scalar(1, x.dtype), total), 1 / p);
    return where(isZero, scalar(0, x.dtype), mul(root, reshape(scale, total.shape)));
  });
}

/** The elements of each window, in as many last axes as a window has. */
function partsOf(x: Tensor, { window, strides, padding, windowDilation }: Windows): Tensor {
  return window.reduce((parts, size, axis) => {
    const dilation = windowDilation[axis] ?? 1;
    const whole = slidingWindows(parts, 2 + axis, (size - 1) * dilation + 1, strides[axis]);
    return dilation === 1 ? whole : slice(whole, ["...", { step: dilation }]);
  }, pad(x, [[0, 0], [0, 0], ...padding]));
}

/**
 * Power mean without the division, `(Σ xᵖ)^(1/p)`, of each window of sequences, `[N, C, L]` or `[C, L]`. As in PyTorch it takes
 * `xᵖ`, not `|x|ᵖ`: for an odd or fractional `p` the input should not be negative. Unlike in PyTorch, the gradient is 0 and not NaN where
 * the sum is 0. Powers neither overflow nor vanish.
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
