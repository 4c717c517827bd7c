import { describeValue } from "../arguments/describe.js";
import { requireOptions, type OptionKinds } from "../arguments/options.js";
import { requireDType } from "../dtype.js";
import { ArgumentError, ShapeError } from "../errors.js";
import { apply } from "../interpreter/stack.js";
import { requireTensor, scalar } from "../operand.js";
import * as primitives from "../primitives/all.js";
import { formatShape, sizeOf, type Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { tensor } from "./from-values.js";
import { reshape, squeeze } from "./shape.js";
import type { ValuesAndIndices } from "./sorting.js";
import { formatList, requireSpatial, withBatch } from "./spatial.js";

/** The spatial sizes of the result, one for all axes or one for each; `null` keeps an axis as it is. */
export type AdaptiveSize = number | null | readonly (number | null)[];

/** Options of `adaptiveMaxPool1d`, `adaptiveMaxPool2d` and `adaptiveMaxPool3d`. */
export interface AdaptiveMaxPoolOptions {
  /** Whether to return also the position of each element in the flattened spatial axes. Default: false. */
  readonly returnIndices?: boolean | undefined;
}

const adaptiveMaxPoolOptions: OptionKinds<AdaptiveMaxPoolOptions> = { returnIndices: "boolean" };

/** The `count` elements of an axis, from `start` on, that form one element of the result. */
interface Window {
  readonly start: number;
  readonly count: number;
}

/** Window `i` of `size` goes from `⌊i · length / size⌋` to `⌈(i + 1) · length / size⌉`. */
function windowsOf(length: number, size: number): readonly Window[] {
  return Array.from({ length: size }, (_, at) => {
    const start = Math.floor((at * length) / size);
    return { start, count: Math.ceil(((at + 1) * length) / size) - start };
  });
}

function sizesOf(operation: string, spatial: Shape, size: AdaptiveSize): number[] {
  const list: readonly (number | null)[] = Array.isArray(size) ? size : spatial.map(() => size as number | null);
  const fits = (each: unknown): boolean => each === null || (Number.isSafeInteger(each) && (each as number) > 0);
  if (list.length !== spatial.length || !Array.from(list).every(fits)) {
    const found = Array.isArray(size) ? formatList(size) : describeValue(size);
    throw new ArgumentError(`${operation}: size is ${found}, expected a positive whole number (or null, as it is), or one for each of ${spatial.length} spatial axes`);
  }
  if (spatial.some((length) => length < 1)) throw new ShapeError(`${operation}: input has spatial axes ${formatShape(spatial)}; an axis without elements has no mean and no maximum`);
  const sizes = list.map((each, axis) => each ?? spatial[axis] ?? 1);
  requireSpatial(operation, sizes);
  return sizes;
}

/** The attributes of a window primitive for windows that cover everything without overlap. */
function even(spatial: Shape, sizes: readonly number[]) {
  const window = spatial.map((length, axis) => length / (sizes[axis] ?? 1));
  const ones = spatial.map(() => 1);
  return { window, strides: window, padding: spatial.map(() => [0, 0] as const), inputDilation: ones, windowDilation: ones };
}

/** Means over windows that cover the spatial axes of `[N, C, …spatial]`. */
export function adaptiveAverage(x: Tensor, sizes: readonly number[]): Tensor {
  const spatial = x.shape.slice(2);
  if (spatial.every((length, axis) => length % (sizes[axis] ?? 1) === 0)) {
    const attributes = even(spatial, sizes);
    return apply(primitives.div, [apply(primitives.windowSum, [x], attributes), scalar(sizeOf(attributes.window), x.dtype)], {});
  }
  return spatial.reduce((averaged, length, axis) => averageAxis(averaged, axis + 2, windowsOf(length, sizes[axis] ?? 1)), x);
}

/** Means of the windows along one axis. Their sizes differ by at most one: shorter windows get one more element, which does not count. */
function averageAxis(x: Tensor, axis: number, windows: readonly Window[]): Tensor {
  const longest = Math.max(...windows.map(({ count }) => count));
  const offsets = Array.from({ length: longest }, (_, offset) => offset);
  const positions = windows.flatMap(({ start, count }) => offsets.map((offset) => start + Math.min(offset, count - 1)));
  const shape = [...x.shape.slice(0, axis), windows.length, longest, ...x.shape.slice(axis + 1)];
  const elements = reshape(apply(primitives.gather, [x, along(positions, x.rank, axis)], { axis }), shape);
  const columns = shape.map((length, at) => (at === axis || at === axis + 1 ? length : 1));
  const counts = tensor(windows.flatMap(({ count }) => offsets.map((offset) => offset < count)), { shape: columns });
  const total = apply(primitives.sum, [apply(primitives.select, [counts, elements, scalar(0, x.dtype)], {})], { axes: [axis + 1] });
  const divisors = tensor(windows.map(({ count }) => count), { shape: columns.with(axis + 1, 1), dtype: x.dtype });
  return squeeze(apply(primitives.div, [total, divisors], {}), axis + 1);
}

function along(positions: readonly number[], rank: number, axis: number): Tensor {
  const shape = new Array<number>(rank).fill(1).with(axis, positions.length);
  return tensor(positions, { shape, dtype: "int32" });
}

/** For each window, the position of its largest element in the flattened spatial axes. */
function largestPositions(x: Tensor, sizes: readonly number[]): Tensor {
  const [batch = 0, channels = 0, ...spatial] = x.shape;
  if (spatial.every((length, axis) => length % (sizes[axis] ?? 1) === 0)) return apply(primitives.windowArgMax, [x], even(spatial, sizes));
  // Shorter windows repeat their last element along an axis. The first largest element stays the same.
  const windows = spatial.map((length, axis) => windowsOf(length, sizes[axis] ?? 1));
  const longest = windows.map((each) => Math.max(...each.map(({ count }) => count)));
  const table = multiples(sizes).flatMap((target) => multiples(longest).map((offset) => spatial.reduce((position, length, axis) => {
    const { start, count } = windows[axis]?.[target[axis] ?? 0] ?? { start: 0, count: 1 };
    return position * length + start + Math.min(offset[axis] ?? 0, count - 1);
  }, 0)));
  const count = sizeOf(longest);
  const positions = tensor(table, { shape: [1, 1, sizeOf(sizes), count], dtype: "int32" });
  const flat = reshape(x, [batch, channels, sizeOf(spatial)]);
  const elements = reshape(apply(primitives.gather, [flat, reshape(positions, [1, 1, table.length])], { axis: 2 }), [batch, channels, sizeOf(sizes), count]);
  const best = apply(primitives.argMax, [elements], { axis: 3 });
  const chosen = apply(primitives.gather, [apply(primitives.expand, [positions], { shape: elements.shape }), best], { axis: 3 });
  return reshape(chosen, [batch, channels, ...sizes]);
}

/** All positions of a grid, row-major. */
function multiples(sizes: readonly number[]): (readonly number[])[] {
  return sizes.reduce<(readonly number[])[]>(
    (positions, size) => positions.flatMap((position) => Array.from({ length: size }, (_, at) => [...position, at])), [[]],
  );
}

function adaptiveAvgPool(axes: number, x: Tensor, size: AdaptiveSize): Tensor {
  const operation = `adaptiveAvgPool${axes}d`;
  return withBatch(operation, x, axes, (batched) => {
    requireDType(operation, x.dtype, ["float32", "float64"]);
    return adaptiveAverage(batched, sizesOf(operation, batched.shape.slice(2), size));
  });
}

function adaptiveMaxPool(axes: number, x: Tensor, size: AdaptiveSize, options: AdaptiveMaxPoolOptions): Tensor | ValuesAndIndices {
  const operation = `adaptiveMaxPool${axes}d`;
  requireTensor(operation, x);
  requireOptions(operation, options, adaptiveMaxPoolOptions);
  let indices = x;
  const values = withBatch(operation, x, axes, (batched) => {
    requireDType(operation, x.dtype, ["float32", "float64"]);
    const [batch = 0, channels = 0, ...spatial] = batched.shape;
    const positions = largestPositions(batched.detach(), sizesOf(operation, spatial, size));
    indices = x.rank === batched.rank ? positions : reshape(positions, positions.shape.slice(1));
    const flatPositions = reshape(positions, [batch, channels, sizeOf(positions.shape.slice(2))]);
    return reshape(apply(primitives.gather, [reshape(batched, [batch, channels, sizeOf(spatial)]), flatPositions], { axis: 2 }), positions.shape);
  });
  return options.returnIndices === true ? { values, indices } : values;
}

/**
 * Means of sequences, `[N, C, L]` or `[C, L]`, for a result of a given size. The windows cover the input, and overlap if they do not
 * divide it evenly.
 * @throws ArgumentError if a size is not a positive whole number.
 */
export function adaptiveAvgPool1d(x: Tensor, size: AdaptiveSize): Tensor {
  return adaptiveAvgPool(1, x, size);
}

/**
 * Means of images, `[N, C, H, W]` or `[C, H, W]`, for a result of a given size; as {@link adaptiveAvgPool1d}.
 *
 * @example
 * ```ts
 * import { adaptiveAvgPool2d, arange } from "@nn/tensor";
 * adaptiveAvgPool2d(arange(12).reshape([1, 3, 4]), [1, 2]).toArray(); // => [[[4.5, 6.5]]]
 * ```
 * @throws ArgumentError if a size is not a positive whole number.
 */
export function adaptiveAvgPool2d(x: Tensor, size: AdaptiveSize): Tensor {
  return adaptiveAvgPool(2, x, size);
}

/**
 * Means of volumes, `[N, C, D, H, W]` or `[C, D, H, W]`, for a result of a given size; as {@link adaptiveAvgPool1d}.
 * @throws ArgumentError if a size is not a positive whole number.
 */
export function adaptiveAvgPool3d(x: Tensor, size: AdaptiveSize): Tensor {
  return adaptiveAvgPool(3, x, size);
}

/**
 * Largest elements of sequences, `[N, C, L]` or `[C, L]`, for a result of a given size. The windows are those of
 * {@link adaptiveAvgPool1d}. NaN counts as largest; the first of equal elements gets the gradient.
 * @throws ArgumentError if a size is not a positive whole number.
 */
export function adaptiveMaxPool1d(x: Tensor, size: AdaptiveSize, options: AdaptiveMaxPoolOptions & { readonly returnIndices: true }): ValuesAndIndices;
export function adaptiveMaxPool1d(x: Tensor, size: AdaptiveSize, options?: AdaptiveMaxPoolOptions): Tensor;
export function adaptiveMaxPool1d(x: Tensor, size: AdaptiveSize, options: AdaptiveMaxPoolOptions = {}): Tensor | ValuesAndIndices {
  return adaptiveMaxPool(1, x, size, options);
}

/**
 * Largest elements of images, `[N, C, H, W]` or `[C, H, W]`, for a result of a given size; as `adaptiveMaxPool1d`.
 * @throws ArgumentError if a size is not a positive whole number.
 */
export function adaptiveMaxPool2d(x: Tensor, size: AdaptiveSize, options: AdaptiveMaxPoolOptions & { readonly returnIndices: true }): ValuesAndIndices;
export function adaptiveMaxPool2d(x: Tensor, size: AdaptiveSize, options?: AdaptiveMaxPoolOptions): Tensor;
export function adaptiveMaxPool2d(x: Tensor, size: AdaptiveSize, options: AdaptiveMaxPoolOptions = {}): Tensor | ValuesAndIndices {
  return adaptiveMaxPool(2, x, size, options);
}

/**
 * Largest elements of volumes, `[N, C, D, H, W]` or `[C, D, H, W]`, for a result of a given size; as `adaptiveMaxPool1d`.
 * @throws ArgumentError if a size is not a positive whole number.
 */
export function adaptiveMaxPool3d(x: Tensor, size: AdaptiveSize, options: AdaptiveMaxPoolOptions & { readonly returnIndices: true }): ValuesAndIndices;
export function adaptiveMaxPool3d(x: Tensor, size: AdaptiveSize, options?: AdaptiveMaxPoolOptions): Tensor;
export function adaptiveMaxPool3d(x: Tensor, size: AdaptiveSize, options: AdaptiveMaxPoolOptions = {}): Tensor | ValuesAndIndices {
  return adaptiveMaxPool(3, x, size, options);
}
