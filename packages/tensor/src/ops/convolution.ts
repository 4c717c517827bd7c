import { requireOptions, type OptionKinds } from "../arguments/options.js";
import { requireDType } from "../dtype.js";
import { ArgumentError, DTypeError, ShapeError } from "../errors.js";
import { apply } from "../interpreter/stack.js";
import { requireTensor } from "../operand.js";
import * as primitives from "../primitives/all.js";
import type { Padding } from "../primitives/attributes.js";
import { windowCount } from "../primitives/contraction.js";
import { formatShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { add } from "./arithmetic.js";
import { flip, permute, reshape } from "./shape.js";
import { paddingPerAxis, perAxis, withBatch, type PerAxis, type SpatialPadding } from "./spatial.js";

/** Options of {@link conv1d}, {@link conv2d} and {@link conv3d}. Lists have one entry for each spatial axis. */
export interface ConvolutionOptions {
  /** Distance between windows. Default: 1. */
  readonly stride?: PerAxis | undefined;
  /** Zeros around the input. `"same"` keeps the spatial sizes (for stride 1); `"valid"` adds none. Default: 0. */
  readonly padding?: SpatialPadding | "same" | "valid" | undefined;
  /** Distance between the elements of a window. Default: 1. */
  readonly dilation?: PerAxis | undefined;
  /** Channels are split into this many groups that do not mix. Default: 1. */
  readonly groups?: number | undefined;
}

/** Options of {@link convTranspose1d}, {@link convTranspose2d} and {@link convTranspose3d}. */
export interface ConvTransposeOptions {
  /** Distance between windows in the output. Default: 1. */
  readonly stride?: PerAxis | undefined;
  /** Elements cut off around the output. Default: 0. */
  readonly padding?: PerAxis | undefined;
  /** Elements added at the end of each axis of the output; less than stride or dilation. Default: 0. */
  readonly outputPadding?: PerAxis | undefined;
  /** Distance between the elements of a window. Default: 1. */
  readonly dilation?: PerAxis | undefined;
  /** Channels are split into this many groups that do not mix. Default: 1. */
  readonly groups?: number | undefined;
}

const convolutionOptions: OptionKinds<ConvolutionOptions> = { stride: "any", padding: "any", dilation: "any", groups: "count" };

const convTransposeOptions: OptionKinds<ConvTransposeOptions> = { stride: "any", padding: "any", outputPadding: "any", dilation: "any", groups: "count" };

function requireWeight(operation: string, x: Tensor, weight: Tensor, axes: number, layout: string): void {
  requireTensor(operation, weight, "weight");
  const kernel = ["kernel", "kernelH, kernelW", "kernelD, kernelH, kernelW"][axes - 1];
  if (weight.rank !== axes + 2) throw new ShapeError(`${operation}: weight is ${formatShape(weight.shape)}, expected [${layout}, ${kernel}]`);
  if (x.dtype !== weight.dtype) throw new DTypeError(`${operation}: input has dtype ${x.dtype} but weight ${weight.dtype}; cast one`);
  requireDType(operation, x.dtype, ["float32", "float64"]);
}

function withBias(operation: string, y: Tensor, bias: Tensor | undefined): Tensor {
  if (bias === undefined) return y;
  requireTensor(operation, bias, "bias");
  const channels = y.shape[1] ?? 0;
  if (bias.rank !== 1 || bias.shape[0] !== channels) throw new ShapeError(`${operation}: bias is ${formatShape(bias.shape)}, expected [${channels}]`);
  if (bias.dtype !== y.dtype) throw new DTypeError(`${operation}: bias has dtype ${bias.dtype} but the input ${y.dtype}; cast one`);
  return add(y, reshape(bias, [channels, ...y.shape.slice(2).map(() => 1)]));
}

/** The padding that keeps spatial sizes at stride 1. If it is odd, the larger half comes last, as in PyTorch. */
function samePadding(operation: string, kernel: readonly number[], dilation: readonly number[], strides: readonly number[]): Padding {
  if (strides.some((stride) => stride !== 1)) throw new ArgumentError(`${operation}: padding "same" needs stride 1, got [${strides.join(", ")}]`);
  return kernel.map((length, axis) => {
    const total = (dilation[axis] ?? 1) * (length - 1);
    return [Math.floor(total / 2), Math.ceil(total / 2)];
  });
}

function convolve(axes: number, x: Tensor, weight: Tensor, bias: Tensor | undefined, options: ConvolutionOptions): Tensor {
  const operation = `conv${axes}d`;
  requireTensor(operation, x);
  requireOptions(operation, options, convolutionOptions);
  return withBatch(operation, x, axes, (batched) => {
    requireWeight(operation, x, weight, axes, "out, in / groups");
    const { stride = 1, padding = 0, dilation = 1, groups = 1 } = options;
    const strides = perAxis(operation, "stride", stride, axes, 1);
    const kernelDilation = perAxis(operation, "dilation", dilation, axes, 1);
    const pairs = padding === "same"
      ? samePadding(operation, weight.shape.slice(2), kernelDilation, strides)
      : paddingPerAxis(operation, padding, axes);
    const inputDilation = new Array<number>(axes).fill(1);
    return withBias(operation, apply(primitives.convolution, [batched, weight], { strides, padding: pairs, inputDilation, kernelDilation, groups }), bias);
  });
}

/**
 * Cross-correlation of sequences. Shapes: `x` `[N, in, L]` or `[in, L]`, `weight` `[out, in / groups, kernel]`, `bias` `[out]`;
 * result `[N, out, L′]` with `L′ = ⌊(L + padding − dilation·(kernel − 1) − 1) / stride⌋ + 1`.
 * @throws ShapeError if the shapes do not fit.
 */
export function conv1d(x: Tensor, weight: Tensor, bias?: Tensor, options: ConvolutionOptions = {}): Tensor {
  return convolve(1, x, weight, bias, options);
}

/**
 * Cross-correlation of images. Shapes: `x` `[N, in, H, W]` or `[in, H, W]`, `weight` `[out, in / groups, kernelH, kernelW]`,
 * `bias` `[out]`; result `[N, out, H′, W′]`, sizes as in {@link conv1d}.
 *
 * @example
 * ```ts
 * import { conv2d, ones } from "@nn/tensor";
 * conv2d(ones([1, 1, 3, 3]), ones([1, 1, 2, 2])).toArray(); // => [[[[4, 4], [4, 4]]]]
 * conv2d(ones([8, 3, 32, 32]), ones([16, 3, 3, 3]), ones([16]), { stride: 2, padding: 1 }).shape; // => [8, 16, 16, 16]
 * ```
 * @throws ShapeError if the shapes do not fit.
 */
export function conv2d(x: Tensor, weight: Tensor, bias?: Tensor, options: ConvolutionOptions = {}): Tensor {
  return convolve(2, x, weight, bias, options);
}

/**
 * Cross-correlation of volumes. Shapes: `x` `[N, in, D, H, W]` or `[in, D, H, W]`, `weight` `[out, in / groups, …kernel]`,
 * `bias` `[out]`; sizes as in {@link conv1d}.
 * @throws ShapeError if the shapes do not fit.
 */
export function conv3d(x: Tensor, weight: Tensor, bias?: Tensor, options: ConvolutionOptions = {}): Tensor {
  return convolve(3, x, weight, bias, options);
}

/** `[in, out / groups, …kernel]` as the weight of the adjoint convolution: `[out, in / groups, …kernel]`, mirrored. */
function adjointWeight(weight: Tensor, groups: number): Tensor {
  const [inputs = 0, perGroup = 0, ...kernel] = weight.shape;
  const mirrored = flip(weight, kernel.map((_, axis) => axis + 2));
  if (groups === 1) return permute(mirrored, [1, 0, ...kernel.map((_, axis) => axis + 2)]);
  const grouped = reshape(mirrored, [groups, inputs / groups, perGroup, ...kernel]);
  return reshape(permute(grouped, [0, 2, 1, ...kernel.map((_, axis) => axis + 3)]), [groups * perGroup, inputs / groups, ...kernel]);
}

function convolveTransposed(axes: number, x: Tensor, weight: Tensor, bias: Tensor | undefined, options: ConvTransposeOptions): Tensor {
  const operation = `convTranspose${axes}d`;
  requireTensor(operation, x);
  requireOptions(operation, options, convTransposeOptions);
  return withBatch(operation, x, axes, (batched) => {
    requireWeight(operation, x, weight, axes, "in, out / groups");
    const { stride = 1, padding = 0, outputPadding = 0, dilation = 1, groups = 1 } = options;
    const channels = batched.shape[1] ?? 0;
    if (channels !== weight.shape[0] || channels % groups !== 0) {
      throw new ShapeError(
        `${operation}: input ${formatShape(x.shape)} has ${channels} channels but weight ${formatShape(weight.shape)} expects ${weight.shape[0]} (groups = ${groups})`,
      );
    }
    const inputDilation = perAxis(operation, "stride", stride, axes, 1);
    const kernelDilation = perAxis(operation, "dilation", dilation, axes, 1);
    const cut = perAxis(operation, "padding", padding, axes, 0);
    const extra = perAxis(operation, "outputPadding", outputPadding, axes, 0);
    extra.forEach((each, axis) => {
      const limit = Math.max(inputDilation[axis] ?? 1, kernelDilation[axis] ?? 1);
      if (each >= limit) throw new ArgumentError(`${operation}: outputPadding ${each} must be less than the larger of stride and dilation, ${limit}`);
    });
    const pairs = weight.shape.slice(2).map((length, axis) => {
      const reach = (kernelDilation[axis] ?? 1) * (length - 1) - (cut[axis] ?? 0);
      return [reach, reach + (extra[axis] ?? 0)] as const;
    });
    const sizes = pairs.map((pair, axis) => windowCount(batched.shape[axis + 2] ?? 1, weight.shape[axis + 2] ?? 1, 1, pair, inputDilation[axis] ?? 1, kernelDilation[axis] ?? 1));
    const shortest = sizes.findIndex((size) => size < 1);
    if (shortest !== -1) {
      throw new ShapeError(`${operation}: padding ${cut[shortest]} leaves a size of ${sizes[shortest]} on spatial axis ${shortest} of the output, for input ${formatShape(x.shape)} and weight ${formatShape(weight.shape)}`);
    }
    const attributes = { strides: inputDilation.map(() => 1), padding: pairs, inputDilation, kernelDilation, groups };
    return withBias(operation, apply(primitives.convolution, [batched, adjointWeight(weight, groups)], attributes), bias);
  });
}

/**
 * Transposed convolution of sequences: the adjoint of {@link conv1d} with respect to its input. Shapes: `x` `[N, in, L]` or
 * `[in, L]`, `weight` `[in, out / groups, kernel]`, `bias` `[out]`; result `[N, out, L′]` with
 * `L′ = (L − 1)·stride − 2·padding + dilation·(kernel − 1) + outputPadding + 1`.
 * @throws ShapeError if the shapes do not fit.
 */
export function convTranspose1d(x: Tensor, weight: Tensor, bias?: Tensor, options: ConvTransposeOptions = {}): Tensor {
  return convolveTransposed(1, x, weight, bias, options);
}

/**
 * Transposed convolution of images: the adjoint of {@link conv2d} with respect to its input. Shapes: `x` `[N, in, H, W]` or
 * `[in, H, W]`, `weight` `[in, out / groups, kernelH, kernelW]`, `bias` `[out]`; sizes as in {@link convTranspose1d}.
 * @throws ShapeError if the shapes do not fit.
 */
export function convTranspose2d(x: Tensor, weight: Tensor, bias?: Tensor, options: ConvTransposeOptions = {}): Tensor {
  return convolveTransposed(2, x, weight, bias, options);
}

/**
 * Transposed convolution of volumes: the adjoint of {@link conv3d} with respect to its input. Shapes: `x` `[N, in, D, H, W]` or
 * `[in, D, H, W]`, `weight` `[in, out / groups, …kernel]`, `bias` `[out]`; sizes as in {@link convTranspose1d}.
 * @throws ShapeError if the shapes do not fit.
 */
export function convTranspose3d(x: Tensor, weight: Tensor, bias?: Tensor, options: ConvTransposeOptions = {}): Tensor {
  return convolveTransposed(3, x, weight, bias, options);
}
