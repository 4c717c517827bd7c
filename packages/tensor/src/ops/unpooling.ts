import { requireOptions, type OptionKinds } from "../arguments/options.js";
import { ShapeError } from "../errors.js";
import { requireDType } from "../dtype.js";
import { apply } from "../interpreter/stack.js";
import { requireTensor } from "../operand.js";
import * as primitives from "../primitives/all.js";
import { formatShape, sameShape, sizeOf } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { zeros } from "./creation.js";
import { requireIndex } from "./indexing.js";
import { replaceAt } from "./scattering.js";
import { reshape } from "./shape.js";
import { perAxis, withBatch, type PerAxis } from "./spatial.js";

/** Options of {@link maxUnpool1d}, {@link maxUnpool2d} and {@link maxUnpool3d}. Lists have one entry for each spatial axis. */
export interface MaxUnpoolOptions {
  /** The stride of the pooling. Default: the window's size. */
  readonly stride?: PerAxis | undefined;
  /** The padding of the pooling. Default: 0. */
  readonly padding?: PerAxis | undefined;
  /** Spatial sizes of the result, in case the pooling left elements out. Default: `(size − 1) · stride − 2 · padding + window`. */
  readonly outputSize?: PerAxis | undefined;
}

const maxUnpoolOptions: OptionKinds<MaxUnpoolOptions> = { stride: "any", padding: "any", outputSize: "any" };

function maxUnpool(axes: number, x: Tensor, indices: Tensor, window: PerAxis, options: MaxUnpoolOptions): Tensor {
  const operation = `maxUnpool${axes}d`;
  requireTensor(operation, x);
  requireIndex(operation, indices, "indices");
  requireDType(operation, x.dtype, ["float32", "float64", "int32"]);
  requireOptions(operation, options, maxUnpoolOptions);
  if (!sameShape(x.shape, indices.shape)) {
    throw new ShapeError(`${operation}: input is ${formatShape(x.shape)} but indices are ${formatShape(indices.shape)}, expected the same shape`);
  }
  return withBatch(operation, x, axes, (batched) => {
    const [batch = 0, channels = 0, ...spatial] = batched.shape;
    const windows = perAxis(operation, "window", window, axes, 1);
    const { stride = windows, padding: around = 0, outputSize } = options;
    const strides = perAxis(operation, "stride", stride, axes, 1);
    const padding = perAxis(operation, "padding", around, axes, 0);
    const sizes = outputSize === undefined
      ? spatial.map((length, axis) => (length - 1) * (strides[axis] ?? 1) - 2 * (padding[axis] ?? 0) + (windows[axis] ?? 1))
      : perAxis(operation, "outputSize", outputSize, axes, 1);
    const shortest = sizes.findIndex((size) => size < 1);
    if (shortest !== -1) {
      throw new ShapeError(`${operation}: window, stride and padding give a size of ${sizes[shortest]} on spatial axis ${shortest} of input ${formatShape(x.shape)}; use less padding, or give outputSize`);
    }
    const base = zeros([batch, channels, sizeOf(sizes)], { dtype: x.dtype });
    const flat = [batch, channels, sizeOf(spatial)];
    const [positions, updates] = [reshape(indices, flat), reshape(batched, flat)];
    // Windows that do not overlap never name a position twice. If they overlap, the last one wins.
    const disjoint = strides.every((stride, axis) => stride >= (windows[axis] ?? 1));
    const report = { operation, shape: indices.shape };
    const filled = disjoint ? apply(primitives.scatterAdd, [base, positions, updates], { axis: 2, report }) : replaceAt(report, base, positions, updates, 2);
    return reshape(filled, [batch, channels, ...sizes]);
  });
}

/**
 * Puts the results of a max pooling of sequences, `[N, C, L]` or `[C, L]`, back to the positions in `indices`; all other elements are
 * zero. The window, stride and padding are those of the pooling.
 * @throws ShapeError if input and indices differ in shape.
 * @throws ArgumentError if an index lies outside of the result.
 */
export function maxUnpool1d(x: Tensor, indices: Tensor, window: PerAxis, options: MaxUnpoolOptions = {}): Tensor {
  return maxUnpool(1, x, indices, window, options);
}

/**
 * Puts the results of a max pooling of images back to their positions; as {@link maxUnpool1d}.
 *
 * @example
 * ```ts
 * import { maxPool2d, maxUnpool2d, tensor } from "@nn/tensor";
 * const { values, indices } = maxPool2d(tensor([[[1, 2], [4, 3]]]), 2, { returnIndices: true });
 * maxUnpool2d(values, indices, 2).toArray(); // => [[[0, 0], [4, 0]]]
 * ```
 * @throws ShapeError if input and indices differ in shape.
 * @throws ArgumentError if an index lies outside of the result.
 */
export function maxUnpool2d(x: Tensor, indices: Tensor, window: PerAxis, options: MaxUnpoolOptions = {}): Tensor {
  return maxUnpool(2, x, indices, window, options);
}

/**
 * Puts the results of a max pooling of volumes back to their positions; as {@link maxUnpool1d}.
 * @throws ShapeError if input and indices differ in shape.
 * @throws ArgumentError if an index lies outside of the result.
 */
export function maxUnpool3d(x: Tensor, indices: Tensor, window: PerAxis, options: MaxUnpoolOptions = {}): Tensor {
  return maxUnpool(3, x, indices, window, options);
}
