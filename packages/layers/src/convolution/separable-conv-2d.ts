import { perAxis, type PerAxis, type Tensor } from "@nn/tensor";
import { Module } from "../module.js";
import { requireCounts } from "../requirements.js";
import { Conv2d } from "./conv-2d.js";
import { DepthwiseConv2d } from "./depthwise-conv-2d.js";
import { checkDepthwise, type DepthwiseConvolutionOptions } from "./depthwise.js";

/**
 * Convolution of images in two steps (Chollet 2017): over the places of each channel alone, `depthwise`, then over the channels of
 * each place, `pointwise`. It has far fewer weights than a `Conv2d` of the same size.
 *
 * Shapes: input `[N, in, H, W]`, output `[N, out, H′, W′]`. The options are those of the first step; `bias` that of the second.
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
