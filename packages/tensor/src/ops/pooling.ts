import { requireOptions, type OptionKinds } from "../arguments/options.js";
import { requireDType } from "../dtype.js";
import { ArgumentError, ShapeError } from "../errors.js";
import { apply } from "../interpreter/stack.js";
import { requireTensor, scalar } from "../operand.js";
import * as primitives from "../primitives/all.js";
import type { Padding } from "../primitives/attributes.js";
import { requireFilledWindows, windowCount } from "../primitives/contraction.js";
import { sizeOf } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { div } from "./arithmetic.js";
import { pad } from "./padding.js";
import { reshape } from "./shape.js";
import type { ValuesAndIndices } from "./sorting.js";
import { paddingPerAxis, perAxis, withBatch, type PerAxis, type SpatialPadding } from "./spatial.js";

/** Options of every pooling. Lists have one entry for each spatial axis. */
export interface PoolingOptions {
  /** Distance between windows. Default: the window's size. */
  readonly stride?: PerAxis | undefined;
  /**
   * Elements added around the input: one amount for both ends of all axes, or for each axis an amount or a `[low, high]` pair.
   * `"same"`: as many as ⌈size / stride⌉ windows need, the larger half at the end, as in TensorFlow. `"valid"`: none.
   * Default: 0.
   */
  readonly padding?: SpatialPadding | "same" | "valid" | undefined;
  /** Distance between the elements of a window. Default: 1. */
  readonly dilation?: PerAxis | undefined;
  /** Whether to keep a last window that starts inside the padded input and extends beyond it. Default: false. */
  readonly ceilMode?: boolean | undefined;
}

/** Options of `maxPool1d`, `maxPool2d` and `maxPool3d`. */
export interface MaxPoolOptions extends PoolingOptions {
  /** Whether to return also the position of each element in the flattened spatial axes. Default: false. */
  readonly returnIndices?: boolean | undefined;
}

/** Options of {@link avgPool1d}, {@link avgPool2d} and {@link avgPool3d}. */
export interface AvgPoolOptions extends PoolingOptions {
  /** Whether means include the zeros of the padding, as in PyTorch (not in TensorFlow). They never include what `ceilMode` adds. Default: true. */
  readonly countIncludePad?: boolean | undefined;
  /** The divisor of the sums, instead of the number of elements. */
  readonly divisor?: number | undefined;
}

const maxPoolOptions: OptionKinds<MaxPoolOptions> = { stride: "any", padding: "any", dilation: "any", ceilMode: "boolean", returnIndices: "boolean" };

const avgPoolOptions: OptionKinds<AvgPoolOptions> = {
  stride: "any", padding: "any", dilation: "any", ceilMode: "boolean", countIncludePad: "boolean", divisor: "finite",
};

/** Where the windows lie. */
export interface Windows {
  readonly window: readonly number[];
  readonly strides: readonly number[];
  /** The padding that the options ask for. */
  readonly requested: Padding;
  /** The padding that also covers the last window, which may extend beyond the input. */
  readonly padding: Padding;
  readonly windowDilation: readonly number[];
}

/** How windows lie on one axis. */
interface WindowAxis {
  readonly length: number;
  readonly window: number;
  readonly stride: number;
  readonly dilation: number;
}

/** Where the windows of a pooling lie. */
export function windowsOf(operation: string, spatial: readonly number[], size: PerAxis, options: PoolingOptions): Windows {
  const axes = spatial.length;
  const window = perAxis(operation, "window", size, axes, 1);
  const { stride = window, padding: asked = 0, dilation = 1, ceilMode = false } = options;
  const strides = perAxis(operation, "stride", stride, axes, 1);
  const windowDilation = perAxis(operation, "dilation", dilation, axes, 1);
  const along = spatial.map((length, axis) => ({ length, window: window[axis] ?? 1, stride: strides[axis] ?? 1, dilation: windowDilation[axis] ?? 1 }));
  const requested = asked === "same" ? along.map(samePadding) : paddingPerAxis(operation, asked, axes);
  const padding = requested.map(([low, high], axis) => [low, high + (ceilMode ? overhang(along[axis], low, high) : 0)] as const);
  along.forEach((each, axis) => requireWindow(operation, axis, each, padding[axis] ?? [0, 0]));
  return { window, strides, requested, padding, windowDilation };
}

function requireWindow(operation: string, axis: number, { length, window, dilation }: WindowAxis, padding: readonly [number, number]): void {
  if (windowCount(length, window, 1, padding, 1, dilation) >= 1) return;
  throw new ShapeError(
    `${operation}: a window of ${window} (dilation ${dilation}) does not fit on spatial axis ${axis} of size ${length} with padding ${padding.join(" and ")}`,
  );
}

/** The padding with which there are ⌈length / stride⌉ windows. */
function samePadding({ length, window, stride, dilation }: WindowAxis): readonly [number, number] {
  const total = Math.max(0, (Math.ceil(length / stride) - 1) * stride + (window - 1) * dilation + 1 - length);
  return [Math.floor(total / 2), Math.ceil(total / 2)];
}

/** How far one more window extends beyond the padded axis; 0 if the windows fit exactly, or if that window would start after the input. */
function overhang(axis: WindowAxis | undefined, low: number, high: number): number {
  const { length, window, stride, dilation } = axis ?? { length: 0, window: 1, stride: 1, dilation: 1 };
  const rest = length + low + high - (window - 1) * dilation - 1;
  const start = (Math.floor(rest / stride) + 1) * stride;
  return rest % stride !== 0 && start >= 0 && start < length + low ? start - rest : 0;
}

function maxPool(axes: number, x: Tensor, size: PerAxis, options: MaxPoolOptions): Tensor | ValuesAndIndices {
  const operation = `maxPool${axes}d`;
  requireTensor(operation, x);
  requireOptions(operation, options, maxPoolOptions);
  requireDType(operation, x.dtype, ["float32", "float64"]);
  let indices = x;
  const values = withBatch(operation, x, axes, (batched) => {
    const [batch = 0, channels = 0, ...spatial] = batched.shape;
    const { window, strides, padding, windowDilation } = windowsOf(operation, spatial, size, options);
    requireFilledWindows(operation, spatial, { window, strides, padding, windowDilation });
    const positions = apply(primitives.windowArgMax, [batched.detach()], { window, strides, padding, windowDilation });
    const flatPositions = reshape(positions, [batch, channels, sizeOf(positions.shape.slice(2))]);
    indices = x.rank === batched.rank ? positions : reshape(positions, positions.shape.slice(1));
    return reshape(apply(primitives.gather, [reshape(batched, [batch, channels, sizeOf(spatial)]), flatPositions], { axis: 2 }), positions.shape);
  });
  return options.returnIndices === true ? { values, indices } : values;
}

/** The number of elements of each window, with or without padding. */
export function counts(x: Tensor, { window, strides, requested, padding, windowDilation }: Windows, countIncludePad: boolean): Tensor | number {
  const sticksOut = padding.some(([, high], axis) => high > (requested[axis]?.[1] ?? 0));
  if (!sticksOut && (countIncludePad || requested.flat().every((each) => each === 0))) return sizeOf(window);
  const ones = apply(primitives.full, [], { shape: [1, 1, ...x.shape.slice(2)], dtype: x.dtype, value: 1 });
  const counted = countIncludePad ? pad(ones, [[0, 0], [0, 0], ...requested], { value: 1 }) : ones;
  const rest = countIncludePad ? padding.map(([, high], axis) => [0, high - (requested[axis]?.[1] ?? 0)] as const) : padding;
  return apply(primitives.windowSum, [counted], { window, strides, padding: rest, inputDilation: window.map(() => 1), windowDilation });
}

function avgPool(axes: number, x: Tensor, size: PerAxis, options: AvgPoolOptions): Tensor {
  const operation = `avgPool${axes}d`;
  requireTensor(operation, x);
  requireOptions(operation, options, avgPoolOptions);
  const { countIncludePad = true, divisor } = options;
  if (divisor === 0) throw new ArgumentError(`${operation}: divisor is 0, expected a number other than 0`);
  requireDType(operation, x.dtype, ["float32", "float64"]);
  return withBatch(operation, x, axes, (batched) => {
    const windows = windowsOf(operation, batched.shape.slice(2), size, options);
    const { window, strides, padding, windowDilation } = windows;
    // A window without elements has no mean.
    if (!countIncludePad && divisor === undefined) requireFilledWindows(operation, batched.shape.slice(2), windows);
    const total = apply(primitives.windowSum, [batched], { window, strides, padding, inputDilation: window.map(() => 1), windowDilation });
    const count = divisor ?? counts(batched, windows, countIncludePad);
    return div(total, typeof count === "number" ? scalar(count, x.dtype) : count);
  });
}

/**
 * Largest element of each window of sequences, `[N, C, L]` or `[C, L]`. Padding is never chosen. NaN counts as largest. The first of
 * equal elements gets the gradient.
 * @throws ShapeError if the shapes do not fit, or a window does not fit into the input.
 * @throws ArgumentError if a window lies entirely in the padding, or for a wrong option.
 */
export function maxPool1d(x: Tensor, window: PerAxis, options: MaxPoolOptions & { readonly returnIndices: true }): ValuesAndIndices;
export function maxPool1d(x: Tensor, window: PerAxis, options?: MaxPoolOptions): Tensor;
export function maxPool1d(x: Tensor, window: PerAxis, options: MaxPoolOptions = {}): Tensor | ValuesAndIndices {
  return maxPool(1, x, window, options);
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
 * @throws ArgumentError if a window lies entirely in the padding, or for a wrong option.
 */
export function maxPool2d(x: Tensor, window: PerAxis, options: MaxPoolOptions & { readonly returnIndices: true }): ValuesAndIndices;
export function maxPool2d(x: Tensor, window: PerAxis, options?: MaxPoolOptions): Tensor;
export function maxPool2d(x: Tensor, window: PerAxis, options: MaxPoolOptions = {}): Tensor | ValuesAndIndices {
  return maxPool(2, x, window, options);
}

/**
 * Largest element of each window of volumes, `[N, C, D, H, W]` or `[C, D, H, W]`; as `maxPool1d`.
 * @throws ShapeError if the shapes do not fit, or a window does not fit into the input.
 * @throws ArgumentError if a window lies entirely in the padding, or for a wrong option.
 */
export function maxPool3d(x: Tensor, window: PerAxis, options: MaxPoolOptions & { readonly returnIndices: true }): ValuesAndIndices;
export function maxPool3d(x: Tensor, window: PerAxis, options?: MaxPoolOptions): Tensor;
export function maxPool3d(x: Tensor, window: PerAxis, options: MaxPoolOptions = {}): Tensor | ValuesAndIndices {
  return maxPool(3, x, window, options);
}

/**
 * Mean of each window of sequences, `[N, C, L]` or `[C, L]`. With `divisor: 1`, the sum.
 * @throws ShapeError if the shapes do not fit, or a window does not fit into the input.
 * @throws ArgumentError for a wrong option, and without `countIncludePad` if a window lies entirely in the padding.
 */
export function avgPool1d(x: Tensor, window: PerAxis, options: AvgPoolOptions = {}): Tensor {
  return avgPool(1, x, window, options);
}

/**
 * Mean of each window of images, `[N, C, H, W]` or `[C, H, W]`; as {@link avgPool1d}.
 * @throws ShapeError if the shapes do not fit, or a window does not fit into the input.
 * @throws ArgumentError for a wrong option, and without `countIncludePad` if a window lies entirely in the padding.
 */
export function avgPool2d(x: Tensor, window: PerAxis, options: AvgPoolOptions = {}): Tensor {
  return avgPool(2, x, window, options);
}

/**
 * Mean of each window of volumes, `[N, C, D, H, W]` or `[C, D, H, W]`; as {@link avgPool1d}.
 * @throws ShapeError if the shapes do not fit, or a window does not fit into the input.
 * @throws ArgumentError for a wrong option, and without `countIncludePad` if a window lies entirely in the padding.
 */
export function avgPool3d(x: Tensor, window: PerAxis, options: AvgPoolOptions = {}): Tensor {
  return avgPool(3, x, window, options);
}
