import type { ConvolutionLayerOptions } from "./convolution.js";

/** Options of depthwise and separable convolutions. */
export interface DepthwiseConvolutionOptions extends Omit<ConvolutionLayerOptions, "groups"> {
  /** Number of kernels, and of output channels, for each input channel; default 1. */
  readonly multiplier?: number | undefined;
}
