import type { PerAxis } from "@nn/tensor";
import { Conv2d } from "./conv-2d.js";
import { checkDepthwise, type DepthwiseConvolutionOptions } from "./depthwise.js";

/**
 * Convolution of images in which channels do not mix: each has `multiplier` kernels of its own. A `Conv2d` with as many groups
 * as channels.
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
