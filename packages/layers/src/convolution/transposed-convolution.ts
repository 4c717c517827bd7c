import { ArgumentError, convTranspose1d, convTranspose2d, convTranspose3d, type ConvTransposeOptions, type PerAxis, type Tensor } from "@nn/tensor";
import { perAxis, requireTensor, type OptionKinds } from "@nn/tensor/extend";
import { Module } from "../module.js";
import { takeOptions } from "../options.js";
import type { Parameter } from "../parameter.js";
import type { SpatialAxes } from "../spatial.js";
import { parameterOptions, parametersOf, requireChannels, type ConvolutionParameterOptions } from "./convolution.js";

/** Options of `ConvTranspose1d`, `ConvTranspose2d` and `ConvTranspose3d`. Lists have one entry for each spatial axis. */
export interface TransposedConvolutionLayerOptions extends ConvTransposeOptions, ConvolutionParameterOptions {}

const transposedOptions: OptionKinds<ConvTransposeOptions> = { stride: "any", padding: "any", outputPadding: "any", dilation: "any", groups: "count" };

const convolve = { 1: convTranspose1d, 2: convTranspose2d, 3: convTranspose3d } as const;

/** Base of the transposed convolutions, which differ in the number of spatial axes. */
export abstract class TransposedConvolution extends Module {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly outputPadding: readonly number[];
  readonly dilation: readonly number[];
  readonly groups: number;
  readonly weight: Parameter;
  readonly bias: Parameter | undefined;
  readonly #axes: SpatialAxes;

  constructor(axes: SpatialAxes, inChannels: number, outChannels: number, kernelSize: PerAxis, options: TransposedConvolutionLayerOptions) {
    super();
    const operation = this.constructor.name;
    takeOptions(operation, this, options, { ...transposedOptions, ...parameterOptions });
    const { stride = 1, padding = 0, outputPadding = 0, dilation = 1, groups = 1, ...parameters } = options;
    requireChannels(operation, inChannels, outChannels, groups);
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.kernelSize = perAxis(operation, "kernelSize", kernelSize, axes, 1);
    this.stride = perAxis(operation, "stride", stride, axes, 1);
    this.padding = perAxis(operation, "padding", padding, axes, 0);
    this.outputPadding = perAxis(operation, "outputPadding", outputPadding, axes, 0);
    this.dilation = perAxis(operation, "dilation", dilation, axes, 1);
    this.groups = groups;
    this.#axes = axes;
    const { weight, bias } = parametersOf(operation, [inChannels, outChannels / groups, ...this.kernelSize], outChannels, parameters);
    this.weight = weight;
    this.bias = bias;
  }

  /**
   * Applies the layer. With a stride above 1 several output sizes are possible; `outputSize` (the spatial sizes) selects one and
   * replaces `outputPadding`.
   * @throws ArgumentError if the result cannot have this size.
   */
  forward(x: Tensor, outputSize?: PerAxis): Tensor {
    requireTensor(this.constructor.name, x);
    const { stride, padding, dilation, groups } = this;
    const outputPadding = outputSize === undefined ? this.outputPadding : this.#paddingFor(x, outputSize);
    return convolve[this.#axes](x, this.weight.value, this.bias?.value, { stride, padding, outputPadding, dilation, groups });
  }

  #paddingFor(x: Tensor, outputSize: PerAxis): number[] {
    const operation = this.constructor.name;
    const sizes = perAxis(operation, "outputSize", outputSize, this.#axes, 1);
    const spatial = x.shape.slice(-this.#axes);
    const least = spatial.map((length, axis) => {
      const reach = (this.dilation[axis] ?? 1) * ((this.kernelSize[axis] ?? 1) - 1);
      return (length - 1) * (this.stride[axis] ?? 1) - 2 * (this.padding[axis] ?? 0) + reach + 1;
    });
    const added = sizes.map((size, axis) => size - (least[axis] ?? 0));
    if (added.some((each, axis) => each < 0 || each >= (this.stride[axis] ?? 1))) {
      const most = least.map((each, axis) => each + (this.stride[axis] ?? 1) - 1);
      throw new ArgumentError(`${operation}: outputSize is [${sizes.join(", ")}], expected from [${least.join(", ")}] to [${most.join(", ")}] for an input of [${spatial.join(", ")}]`);
    }
    return added;
  }
}

/**
 * Transposed convolution of sequences: makes sequences longer. It computes what the gradient of `Conv1d` with respect to its input
 * computes.
 *
 * Shapes: input `[N, in, L]` or `[in, L]`, output `[N, out, L′]` with
 * `L′ = (L − 1)·stride − 2·padding + dilation·(kernel − 1) + outputPadding + 1`; `weight` `[in, out / groups, kernel]`,
 * `bias` `[out]`. Initialised like PyTorch: uniform in ±1/√(out / groups · kernel).
 * @throws ArgumentError for sizes and options that do not fit together.
 * @throws ShapeError if the input does not fit.
 */
export class ConvTranspose1d extends TransposedConvolution {
  constructor(inChannels: number, outChannels: number, kernelSize: PerAxis, options: TransposedConvolutionLayerOptions = {}) {
    super(1, inChannels, outChannels, kernelSize, options);
  }
}

/**
 * Transposed convolution of images: makes images larger. It computes what the gradient of `Conv2d` with respect to its input
 * computes.
 *
 * Shapes: input `[N, in, H, W]` or `[in, H, W]`, output `[N, out, H′, W′]` with
 * `H′ = (H − 1)·stride − 2·padding + dilation·(kernel − 1) + outputPadding + 1`; `weight` `[in, out / groups, kernelH, kernelW]`,
 * `bias` `[out]`. Initialised like PyTorch: uniform in ±1/√(out / groups · kernelH · kernelW).
 *
 * @example
 * ```ts
 * import { zeros } from "@nn/tensor";
 * import { ConvTranspose2d } from "@nn/layers";
 * const layer = new ConvTranspose2d(16, 3, 3, { stride: 2, padding: 1 });
 * layer.forward(zeros([8, 16, 16, 16])).shape; // => [8, 3, 31, 31]
 * layer.forward(zeros([8, 16, 16, 16]), 32).shape; // => [8, 3, 32, 32]
 * ```
 * @throws ArgumentError for sizes and options that do not fit together.
 * @throws ShapeError if the input does not fit.
 */
export class ConvTranspose2d extends TransposedConvolution {
  constructor(inChannels: number, outChannels: number, kernelSize: PerAxis, options: TransposedConvolutionLayerOptions = {}) {
    super(2, inChannels, outChannels, kernelSize, options);
  }
}

/**
 * Transposed convolution of volumes: makes volumes larger. It computes what the gradient of `Conv3d` with respect to its input
 * computes.
 *
 * Shapes: input `[N, in, D, H, W]` or `[in, D, H, W]`, output `[N, out, D′, H′, W′]`, sizes as for `ConvTranspose2d`; `weight`
 * `[in, out / groups, kernelD, kernelH, kernelW]`, `bias` `[out]`. Initialised like PyTorch.
 * @throws ArgumentError for sizes and options that do not fit together.
 * @throws ShapeError if the input does not fit.
 */
export class ConvTranspose3d extends TransposedConvolution {
  constructor(inChannels: number, outChannels: number, kernelSize: PerAxis, options: TransposedConvolutionLayerOptions = {}) {
    super(3, inChannels, outChannels, kernelSize, options);
  }
}
