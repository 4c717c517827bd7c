import {
  ArgumentError, conv1d, conv2d, conv3d, pad, uniform, type ConvolutionOptions, type PerAxis, type Shape, type SpatialPadding, type Tensor,
} from "@nn/tensor";
import { describeValue, didYouMean, paddingPerAxis, perAxis, requireTensor, type OptionKinds, type Padding } from "@nn/tensor/extend";
import { createParameter } from "../create-parameter.js";
import { calculateFans } from "../initializers/fans.js";
import type { Initializer, InitializerOptions } from "../initializers/initializer.js";
import { kaimingUniform } from "../initializers/variance-scaling.js";
import { Module } from "../module.js";
import { takeOptions } from "../options.js";
import type { Parameter } from "../parameter.js";
import { requireCounts } from "../requirements.js";
import type { SpatialAxes } from "../spatial.js";

/** The content of the padding: zeros, the mirror image without or with the edge, copies of the edge, or the elements from the other end. */
export type PaddingMode = "zeros" | "reflect" | "symmetric" | "replicate" | "circular";

/** Options of the parameters of convolutions. */
export interface ConvolutionParameterOptions extends InitializerOptions {
  /** Whether each output channel adds a learned number; default true. */
  readonly bias?: boolean | undefined;
  /** Default: uniform in ±1/√fanIn. */
  readonly initializeWeight?: Initializer | undefined;
  /** Default: uniform in ±1/√fanIn of the weight. */
  readonly initializeBias?: Initializer | undefined;
}

/** Options of `Conv1d`, `Conv2d` and `Conv3d`. Lists have one entry for each spatial axis. */
export interface ConvolutionLayerOptions extends ConvolutionOptions, ConvolutionParameterOptions {
  /** The content of the padding; default `"zeros"`. */
  readonly paddingMode?: PaddingMode | undefined;
}

/** The options of the parameters of convolutions. */
export const parameterOptions: OptionKinds<ConvolutionParameterOptions> = {
  bias: "boolean", initializeWeight: "function", initializeBias: "function", dtype: ["float32", "float64"], generator: "any",
};

/** The options of convolutions, except those of their parameters. */
export const windowOptions: OptionKinds<Omit<ConvolutionLayerOptions, keyof ConvolutionParameterOptions>> = {
  stride: "any", padding: "any", dilation: "any", groups: "count", paddingMode: ["zeros", "reflect", "symmetric", "replicate", "circular"],
};

const convolve = { 1: conv1d, 2: conv2d, 3: conv3d } as const;

/** Base of the convolutions, which differ in the number of spatial axes. */
export abstract class Convolution extends Module {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  /** The padding before and after each axis, also if it was given as `"same"`. */
  readonly padding: Padding;
  readonly dilation: readonly number[];
  readonly groups: number;
  readonly paddingMode: PaddingMode;
  readonly weight: Parameter;
  readonly bias: Parameter | undefined;
  readonly #axes: SpatialAxes;

  constructor(axes: SpatialAxes, inChannels: number, outChannels: number, kernelSize: PerAxis, options: ConvolutionLayerOptions) {
    super();
    const operation = this.constructor.name;
    takeOptions(operation, this, options, { ...windowOptions, ...parameterOptions });
    const { stride = 1, padding = 0, dilation = 1, groups = 1, paddingMode = "zeros", ...parameters } = options;
    requireChannels(operation, inChannels, outChannels, groups);
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.kernelSize = perAxis(operation, "kernelSize", kernelSize, axes, 1);
    this.stride = perAxis(operation, "stride", stride, axes, 1);
    this.dilation = perAxis(operation, "dilation", dilation, axes, 1);
    this.padding = paddingOf(operation, padding, this);
    this.groups = groups;
    this.paddingMode = paddingMode;
    this.#axes = axes;
    const { weight, bias } = parametersOf(operation, [outChannels, inChannels / groups, ...this.kernelSize], outChannels, parameters);
    this.weight = weight;
    this.bias = bias;
  }

  forward(x: Tensor): Tensor {
    const { stride, padding, dilation, groups, paddingMode } = this;
    requireTensor(this.constructor.name, x);
    const convolution = convolve[this.#axes];
    if (paddingMode === "zeros") return convolution(x, this.weight.value, this.bias?.value, { stride, padding, dilation, groups });
    const padded = pad(x, padding, { mode: paddingMode });
    return convolution(padded, this.weight.value, this.bias?.value, { stride, dilation, groups });
  }
}

/** The padding before and after each axis. If `"same"` needs an odd total, the larger half comes after the axis, as in PyTorch. */
function paddingOf(
  operation: string, padding: SpatialPadding | "same" | "valid", { kernelSize, stride, dilation }: Pick<Convolution, "kernelSize" | "stride" | "dilation">,
): Padding {
  if (typeof padding !== "string") return paddingPerAxis(operation, padding, kernelSize.length);
  if (padding === "valid") return kernelSize.map(() => [0, 0]);
  if (padding !== "same") throw new ArgumentError(`${operation}: padding is ${describeValue(padding)}, expected numbers, "same" or "valid"${didYouMean(padding, ["same", "valid"])}`);
  if (stride.some((each) => each !== 1)) throw new ArgumentError(`${operation}: padding "same" needs stride 1, got [${stride.join(", ")}]`);
  return kernelSize.map((length, axis) => {
    const total = (dilation[axis] ?? 1) * (length - 1);
    return [Math.floor(total / 2), Math.ceil(total / 2)];
  });
}

/** Refuses channel counts that the number of groups does not divide. */
export function requireChannels(operation: string, inChannels: number, outChannels: number, groups: number): void {
  requireCounts(operation, { inChannels, outChannels, groups });
  if (inChannels % groups !== 0 || outChannels % groups !== 0) {
    throw new ArgumentError(`${operation}: ${inChannels} input and ${outChannels} output channels do not both split into ${groups} groups`);
  }
}

/** Weight and bias with their initial values. */
export function parametersOf(
  operation: string, shape: Shape, outChannels: number, options: ConvolutionParameterOptions,
): { readonly weight: Parameter; readonly bias: Parameter | undefined } {
  const {
    bias = true,
    initializeWeight = (of, common) => kaimingUniform(of, { ...common, negativeSlope: Math.sqrt(5) }),
    initializeBias = (of, common) => {
      const bound = 1 / Math.sqrt(calculateFans(shape).fanIn);
      return uniform(of, { ...common, low: -bound, high: bound });
    },
    ...common
  } = options;
  return {
    weight: createParameter(operation, "weight", initializeWeight, shape, common),
    bias: bias ? createParameter(operation, "bias", initializeBias, [outChannels], common) : undefined,
  };
}

/**
 * Convolution of sequences: for each output channel `yₒ = bₒ + Σᵢ wₒᵢ ⋆ xᵢ`, with ⋆ the cross-correlation.
 *
 * Shapes: input `[N, in, L]` or `[in, L]`, output `[N, out, L′]` with
 * `L′ = ⌊(L + 2·padding − dilation·(kernel − 1) − 1) / stride⌋ + 1`; `weight` `[out, in / groups, kernel]`, `bias` `[out]`.
 * Initialised like PyTorch: uniform in ±1/√(in / groups · kernel).
 * @throws ArgumentError for sizes and options that do not fit together.
 * @throws ShapeError if the input does not fit.
 */
export class Conv1d extends Convolution {
  constructor(inChannels: number, outChannels: number, kernelSize: PerAxis, options: ConvolutionLayerOptions = {}) {
    super(1, inChannels, outChannels, kernelSize, options);
  }
}

/**
 * Convolution of images: for each output channel `yₒ = bₒ + Σᵢ wₒᵢ ⋆ xᵢ`, with ⋆ the cross-correlation (LeCun et al. 1989).
 *
 * Shapes: input `[N, in, H, W]` or `[in, H, W]`, output `[N, out, H′, W′]` with
 * `H′ = ⌊(H + 2·padding − dilation·(kernel − 1) − 1) / stride⌋ + 1`; `weight` `[out, in / groups, kernelH, kernelW]`, `bias` `[out]`.
 * Initialised like PyTorch: uniform in ±1/√(in / groups · kernelH · kernelW).
 *
 * @example
 * ```ts
 * import { zeros } from "@nn/tensor";
 * import { Conv2d } from "@nn/layers";
 * const images = zeros([8, 3, 32, 32]);
 * new Conv2d(3, 16, 3, { padding: "same" }).forward(images).shape; // => [8, 16, 32, 32]
 * new Conv2d(3, 16, 5, { stride: 2, padding: 2, paddingMode: "reflect" }).forward(images).shape; // => [8, 16, 16, 16]
 * ```
 * @throws ArgumentError for sizes and options that do not fit together.
 * @throws ShapeError if the input does not fit.
 */
export class Conv2d extends Convolution {
  constructor(inChannels: number, outChannels: number, kernelSize: PerAxis, options: ConvolutionLayerOptions = {}) {
    super(2, inChannels, outChannels, kernelSize, options);
  }
}

/**
 * Convolution of volumes: for each output channel `yₒ = bₒ + Σᵢ wₒᵢ ⋆ xᵢ`, with ⋆ the cross-correlation.
 *
 * Shapes: input `[N, in, D, H, W]` or `[in, D, H, W]`, output `[N, out, D′, H′, W′]`, sizes as for `Conv2d`; `weight`
 * `[out, in / groups, kernelD, kernelH, kernelW]`, `bias` `[out]`.
 * Initialised like PyTorch: uniform in ±1/√(in / groups · kernelD · kernelH · kernelW).
 * @throws ArgumentError for sizes and options that do not fit together.
 * @throws ShapeError if the input does not fit.
 */
export class Conv3d extends Convolution {
  constructor(inChannels: number, outChannels: number, kernelSize: PerAxis, options: ConvolutionLayerOptions = {}) {
    super(3, inChannels, outChannels, kernelSize, options);
  }
}
