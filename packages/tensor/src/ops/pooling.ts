import { requireDType } from "../dtype.js";
import { ArgumentError, ShapeError } from "../errors.js";
import { apply } from "../interpreter.js";
import { scalar } from "../operand.js";
import * as primitives from "../primitives/all.js";
import { windowCount, type Padding } from "../primitives/contraction.js";
import { sizeOf } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { div } from "./arithmetic.js";
import { pad } from "./padding.js";
import { reshape } from "./shape.js";
import type { ValuesAndIndices } from "./sorting.js";
import { perAxis, withBatch, type PerAxis } from "./spatial.js";

/** Options of every pooling. Lists have one entry for each spatial axis. */
export interface PoolingOptions {
  /** Distance between windows. Default: the window's size. */
  readonly stride?: PerAxis | undefined;
  /** Elements added on both sides, at most half of the window. Default: 0. */
  readonly padding?: PerAxis | undefined;
  /** Whether a last window that sticks out of the padded input counts, if it starts inside. Default: false. */
  readonly ceilMode?: boolean | undefined;
}

/** Options of `maxPool1d`, `maxPool2d` and `maxPool3d`. */
export interface MaxPoolOptions extends PoolingOptions {
  /** Distance between the elements of a window. Default: 1. */
  readonly dilation?: PerAxis | undefined;
  /** Whether to give also where in the flattened spatial axes each element stood. Default: false. */
  readonly returnIndices?: boolean | undefined;
}

/** Options of {@link avgPool1d}, {@link avgPool2d} and {@link avgPool3d}. */
export interface AvgPoolOptions extends PoolingOptions {
  /** Whether the zeros of the padding are averaged too. Default: true. */
  readonly countIncludePad?: boolean | undefined;
  /** What sums are divided by instead of the number of elements. */
  readonly divisor?: number | undefined;
}

/** Where the windows lie. */
interface Windows {
  readonly window: readonly number[];
  readonly strides: readonly number[];
  /** Padding as asked for, on each side. */
  readonly around: readonly number[];
  /** Padding that also holds what sticks out at the end. */
  readonly padding: Padding;
  readonly windowDilation: readonly number[];
}

function windowsOf(operation: string, spatial: readonly number[], size: PerAxis, options: MaxPoolOptions): Windows {
  const axes = spatial.length;
  const window = perAxis(operation, "window", size, axes, 1);
  const strides = perAxis(operation, "stride", options.stride ?? window, axes, 1);
  const around = perAxis(operation, "padding", options.padding ?? 0, axes, 0);
  const windowDilation = perAxis(operation, "dilation", options.dilation ?? 1, axes, 1);
  around.forEach((each, axis) => {
    const limit = Math.floor((window[axis] ?? 1) / 2);
    if (each > limit) throw new ArgumentError(`${operation}: padding ${each} is more than half of the window ${window[axis]}, at most ${limit}`);
  });
  const padding = spatial.map((length, axis) => {
    const low = around[axis] ?? 0;
    const sticksOut = options.ceilMode === true ? overhang(length, window[axis] ?? 1, strides[axis] ?? 1, low, windowDilation[axis] ?? 1) : 0;
    return [low, low + sticksOut] as const;
  });
  spatial.forEach((length, axis) => requireWindow(operation, axis, length, window[axis] ?? 1, padding[axis] ?? [0, 0], windowDilation[axis] ?? 1));
  return { window, strides, around, padding, windowDilation };
}

function requireWindow(operation: string, axis: number, length: number, window: number, padding: readonly [number, number], dilation: number): void {
  if (windowCount(length, window, 1, padding, 1, dilation) >= 1) return;
  throw new ShapeError(
    `${operation}: a window of ${window} (dilation ${dilation}) does not fit on spatial axis ${axis} of size ${length} with padding ${padding.join(" and ")}`,
  );
}

/** By how much one more window than fits would stick out of the padded axis; 0 if it would not start inside of the input or before. */
function overhang(length: number, window: number, stride: number, padding: number, dilation: number): number {
  const start = windowCount(length, window, stride, [padding, padding], 1, dilation) * stride;
  const end = start + (window - 1) * dilation + 1;
  return start >= 0 && start < length + padding ? end - length - 2 * padding : 0;
}

function maxPool(axes: number, x: Tensor, size: PerAxis, options: MaxPoolOptions): ValuesAndIndices {
  const operation = `maxPool${axes}d`;
  let indices = x;
  const values = withBatch(operation, x, axes, (batched) => {
    requireDType(operation, x.dtype, ["float32", "float64"]);
    const [batch = 0, channels = 0, ...spatial] = batched.shape;
    const { window, strides, padding, windowDilation } = windowsOf(operation, spatial, size, options);
    const places = apply(primitives.windowArgMax, [batched.detach()], { window, strides, padding, windowDilation });
    const flatPlaces = reshape(places, [batch, channels, sizeOf(places.shape.slice(2))]);
    indices = x.rank === batched.rank ? places : reshape(places, places.shape.slice(1));
    return reshape(apply(primitives.gather, [reshape(batched, [batch, channels, sizeOf(spatial)]), flatPlaces], { axis: 2 }), places.shape);
  });
  return { values, indices };
}

/** A number for each window: how many elements it has, with the padding or without. */
function counts(x: Tensor, { window, strides, around, padding, windowDilation }: Windows, countIncludePad: boolean): Tensor | number {
  const sticksOut = padding.some(([low, high]) => high > low);
  if (!sticksOut && (countIncludePad || around.every((each) => each === 0))) return sizeOf(window);
  const ones = apply(primitives.full, [], { shape: [1, 1, ...x.shape.slice(2)], dtype: x.dtype, value: 1 });
  const counted = countIncludePad ? pad(ones, [[0, 0], [0, 0], ...around.map((each) => [each, each] as const)], { value: 1 }) : ones;
  const rest = countIncludePad ? padding.map(([low, high]) => [0, high - low] as const) : padding;
  return apply(primitives.windowSum, [counted], { window, strides, padding: rest, inputDilation: window.map(() => 1), windowDilation });
}

function avgPool(axes: number, x: Tensor, size: PerAxis, { countIncludePad = true, divisor, ...options }: AvgPoolOptions): Tensor {
  const operation = `avgPool${axes}d`;
  if (divisor !== undefined && !(Number.isFinite(divisor) && divisor !== 0)) throw new ArgumentError(`${operation}: divisor is ${divisor}, expected a number other than 0`);
  return withBatch(operation, x, axes, (batched) => {
    requireDType(operation, x.dtype, ["float32", "float64"]);
    const windows = windowsOf(operation, batched.shape.slice(2), size, options);
    const { window, strides, padding, windowDilation } = windows;
    const total = apply(primitives.windowSum, [batched], { window, strides, padding, inputDilation: window.map(() => 1), windowDilation });
    const count = divisor ?? counts(batched, windows, countIncludePad);
    return div(total, typeof count === "number" ? scalar(count, x.dtype) : count);
  });
}

/**
 * Largest element of each window of sequences, `[N, C, L]` or `[C, L]`. Padding is never chosen; NaN wins; the first of equal
 * ones gets the gradient.
 * @throws ShapeError if the shapes do not fit, or a window does not fit into the input.
 * @throws ArgumentError if the padding is more than half of the window.
 */
export function maxPool1d(x: Tensor, window: PerAxis, options: MaxPoolOptions & { readonly returnIndices: true }): ValuesAndIndices;
export function maxPool1d(x: Tensor, window: PerAxis, options?: MaxPoolOptions): Tensor;
export function maxPool1d(x: Tensor, window: PerAxis, options: MaxPoolOptions = {}): Tensor | ValuesAndIndices {
  const found = maxPool(1, x, window, options);
  return options.returnIndices === true ? found : found.values;
}

/**
 * Largest element of each window of images, `[N, C, H, W]` or `[C, H, W]`; as `maxPool1d`.
 *
 * @example
 * ```ts
 * import { arange, maxPool2d } from "@nn/tensor";
 * const image = arange(16).reshape([1, 1, 4, 4]);
 * maxPool2d(image, 2).toArray(); // => [[[[5, 7], [13, 15]]]]
 * ```
 * @throws ShapeError if the shapes do not fit, or a window does not fit into the input.
 * @throws ArgumentError if the padding is more than half of the window.
 */
export function maxPool2d(x: Tensor, window: PerAxis, options: MaxPoolOptions & { readonly returnIndices: true }): ValuesAndIndices;
export function maxPool2d(x: Tensor, window: PerAxis, options?: MaxPoolOptions): Tensor;
export function maxPool2d(x: Tensor, window: PerAxis, options: MaxPoolOptions = {}): Tensor | ValuesAndIndices {
  const found = maxPool(2, x, window, options);
  return options.returnIndices === true ? found : found.values;
}

/**
 * Largest element of each window of volumes, `[N, C, D, H, W]` or `[C, D, H, W]`; as `maxPool1d`.
 * @throws ShapeError if the shapes do not fit, or a window does not fit into the input.
 * @throws ArgumentError if the padding is more than half of the window.
 */
export function maxPool3d(x: Tensor, window: PerAxis, options: MaxPoolOptions & { readonly returnIndices: true }): ValuesAndIndices;
export function maxPool3d(x: Tensor, window: PerAxis, options?: MaxPoolOptions): Tensor;
export function maxPool3d(x: Tensor, window: PerAxis, options: MaxPoolOptions = {}): Tensor | ValuesAndIndices {
  const found = maxPool(3, x, window, options);
  return options.returnIndices === true ? found : found.values;
}

/**
 * Mean of each window of sequences, `[N, C, L]` or `[C, L]`. With `divisor: 1`, the sum.
 * @throws ShapeError if the shapes do not fit, or a window does not fit into the input.
 * @throws ArgumentError if the padding is more than half of the window.
 */
export function avgPool1d(x: Tensor, window: PerAxis, options: AvgPoolOptions = {}): Tensor {
  return avgPool(1, x, window, options);
}

/**
 * Mean of each window of images, `[N, C, H, W]` or `[C, H, W]`; as {@link avgPool1d}.
 * @throws ShapeError if the shapes do not fit, or a window does not fit into the input.
 * @throws ArgumentError if the padding is more than half of the window.
 */
export function avgPool2d(x: Tensor, window: PerAxis, options: AvgPoolOptions = {}): Tensor {
  return avgPool(2, x, window, options);
}

/**
 * Mean of each window of volumes, `[N, C, D, H, W]` or `[C, D, H, W]`; as {@link avgPool1d}.
 * @throws ShapeError if the shapes do not fit, or a window does not fit into the input.
 * @throws ArgumentError if the padding is more than half of the window.
 */
export function avgPool3d(x: Tensor, window: PerAxis, options: AvgPoolOptions = {}): Tensor {
  return avgPool(3, x, window, options);
}
