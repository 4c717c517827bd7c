import { ArgumentError } from "@nn/tensor";
import { requireKind } from "@nn/tensor/extend";
import { checkOptions } from "../options.js";
import { parameterOptions, windowOptions, type ConvolutionLayerOptions } from "./convolution.js";

/** Options of depthwise and separable convolutions. */
export interface DepthwiseConvolutionOptions extends Omit<ConvolutionLayerOptions, "groups"> {
  /** Number of kernels, and of output channels, for each input channel; default 1. */
  readonly multiplier?: number | undefined;
}

/** Refuses options that a depthwise convolution does not have, and a wrong number of channels. */
export function checkDepthwise(operation: string, channels: number, options: DepthwiseConvolutionOptions): void {
  requireKind(operation, "channels", channels, "count");
  checkOptions(operation, options, { ...windowOptions, ...parameterOptions, multiplier: "count" });
  if ("groups" in options) throw new ArgumentError(`${operation}: it has no option "groups": they are the channels, each with "multiplier" kernels`);
}
