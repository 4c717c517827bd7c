import { ArgumentError, type PerAxis } from "@nn/tensor";
import { requireKind } from "@nn/tensor/extend";
import { checkOptions } from "../options.js";
import { Conv1d, Conv2d, parameterOptions, windowOptions, type ConvolutionLayerOptions } from "./convolution.js";

/** Options of depthwise and separable convolutions. */
export interface DepthwiseConvolutionOptions extends Omit<ConvolutionLayerOptions, "groups"> {
  /** Number of kernels, and so of output channels, per input channel; default 1. */
  readonly multiplier?: number | undefined;
}

/** Refuses options that a depthwise convolution does not have, and a wrong number of channels. */
export function checkDepthwise(operation: string, channels: number, options: DepthwiseConvolutionOptions): void {
  requireKind(operation, "channels", channels, "count");
  checkOptions(operation, options, { ...windowOptions, ...parameterOptions, multiplier: "count" });
  if ("groups" in options) throw new ArgumentError(`${operation}: it has no option "groups": they are the channels, each with "multiplier" kernels`);
}

/**
 * Convolution of sequences in which channels do not mix: each channel has its own `multiplier` kernels. The same as a `Conv1d`
 * with as many groups as channels.
 *
 * Shapes: input `[N, C, L]`, output `[N, C · multiplier, L′]`; `weight` `[C · multiplier, 1, kernel]`.
 */
export class DepthwiseConv1d extends Conv1d {
  constructor(channels: number, kernelSize: PerAxis, options: DepthwiseConvolutionOptions = {}) {
    checkDepthwise(new.target.name, channels, options);
    const { multiplier = 1, ...others } = options;
    super(channels, channels * multiplier, kernelSize, { ...others, groups: channels });
  }
}

/**
 * Convolution of images in which channels do not mix: each channel has its own `multiplier` kernels. The same as a `Conv2d`
 * with as many groups as channels.
 *
 * Shapes: input `[N, C, H, W]`, output `[N, C · multiplier, H′, W′]`; `weight` `[C · multiplier, 1, kernelH, kernelW]`.
 */
export class DepthwiseConv2d extends Conv2d {
  constructor(channels: number, kernelSize: PerAxis, options: DepthwiseConvolutionOptions = {}) {
    checkDepthwise(new.target.name, channels, options);
    const { multiplier = 1, ...others } = options;
    super(channels, channels * multiplier, kernelSize, { ...others, groups: channels });
  }
}
