import { ArgumentError } from "../errors.js";
import { scalar } from "../operand.js";
import { sizeOf } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { pow } from "./arithmetic.js";
import { equal } from "./comparison.js";
import { where } from "./logic.js";
import { avgPool1d, avgPool2d, avgPool3d } from "./pooling.js";
import { perAxis, type PerAxis } from "./spatial.js";

/** Options of {@link lpPool1d}, {@link lpPool2d} and {@link lpPool3d}. Lists have one entry for each spatial axis. */
export interface LpPoolOptions {
  /** Distance between windows. Default: the window's size. */
  readonly stride?: PerAxis | undefined;
  /** Whether a last window that sticks out of the input counts; its sum is then scaled up to a whole window's. Default: false. */
  readonly ceilMode?: boolean | undefined;
}

const averages = { 1: avgPool1d, 2: avgPool2d, 3: avgPool3d } as const;

function lpPool(axes: 1 | 2 | 3, x: Tensor, p: number, window: PerAxis, { stride, ceilMode }: LpPoolOptions): Tensor {
  const operation = `lpPool${axes}d`;
  if (!(p > 0 && p < Infinity)) throw new ArgumentError(`${operation}: p is ${p}, expected a positive number; for the maximum use maxPool${axes}d`);
  const elements = sizeOf(perAxis(operation, "window", window, axes, 1));
  const total = averages[axes](pow(x, p), window, { stride, ceilMode }).mul(elements);
  const isZero = equal(total, 0);
  const root = pow(where(isZero, scalar(1, total.dtype), total), 1 / p);
  return where(isZero, scalar(0, total.dtype), root);
}

/**
 * Power mean without the division, `(Σ xᵖ)^(1/p)`, of each window of sequences, `[N, C, L]` or `[C, L]`. As in PyTorch it takes
 * `xᵖ`, not `|x|ᵖ`: for an odd or broken `p` the input should not be negative. Unlike there the gradient where the sum is 0 is 0,
 * not NaN.
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
