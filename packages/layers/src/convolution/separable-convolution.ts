import type { PerAxis, Tensor } from "@nn/tensor";
import { perAxis } from "@nn/tensor/extend";
import { Module } from "../module.js";
import { requireCounts } from "../requirements.js";
import { Conv1d, Conv2d } from "./convolution.js";
import { checkDepthwise, DepthwiseConv1d, DepthwiseConv2d, type DepthwiseConvolutionOptions } from "./depthwise-convolution.js";

/**
 * Convolution of sequences in two steps (Chollet 2017): `depthwise` convolves each channel separately, then `pointwise` mixes the
 * channels at each position. It has far fewer weights than a `Conv1d` of the same size.
 *
 * Shapes: input `[N, in, L]`, output `[N, out, L′]`. The options apply to the first step, except `bias`, which applies to the second.
 */
export class SeparableConv1d extends Module {
  readonly depthwise: DepthwiseConv1d;
  readonly pointwise: Conv1d;

  constructor(inChannels: number, outChannels: number, kernelSize: PerAxis, options: DepthwiseConvolutionOptions = {}) {
    super();
    requireCounts("SeparableConv1d", { inChannels, outChannels });
    perAxis("SeparableConv1d", "kernelSize", kernelSize, 1, 1);
    checkDepthwise("SeparableConv1d", inChannels, options);
    const { bias, ...others } = options;
    const { initializeWeight, initializeBias, dtype, generator } = others;
    this.depthwise = new DepthwiseConv1d(inChannels, kernelSize, { ...others, bias: false });
    this.pointwise = new Conv1d(this.depthwise.outChannels, outChannels, 1, { bias, initializeWeight, initializeBias, dtype, generator });
  }

  forward(x: Tensor): Tensor {
    return this.pointwise.forward(this.depthwise.forward(x));
  }
}

/**
 * Convolution of images in two steps (Chollet 2017): `depthwise` convolves each channel separately, then `pointwise` mixes the
 * channels at each position. It has far fewer weights than a `Conv2d` of the same size.
 *
 * Shapes: input `[N, in, H, W]`, output `[N, out, H′, W′]`. The options apply to the first step, except `bias`, which applies to the second.
 */
export class SeparableConv2d extends Module {
  readonly depthwise: DepthwiseConv2d;
  readonly pointwise: Conv2d;

  constructor(inChannels: number, outChannels: number, kernelSize: PerAxis, options: DepthwiseConvolutionOptions = {}) {
    super();
    requireCounts("SeparableConv2d", { inChannels, outChannels });
    perAxis("SeparableConv2d", "kernelSize", kernelSize, 2, 1);
    checkDepthwise("SeparableConv2d", inChannels, options);
    const { bias, ...others } = options;
    const { initializeWeight, initializeBias, dtype, generator } = others;
    this.depthwise = new DepthwiseConv2d(inChannels, kernelSize, { ...others, bias: false });
    this.pointwise = new Conv2d(this.depthwise.outChannels, outChannels, 1, { bias, initializeWeight, initializeBias, dtype, generator });
  }

  forward(x: Tensor): Tensor {
    return this.pointwise.forward(this.depthwise.forward(x));
  }
}
