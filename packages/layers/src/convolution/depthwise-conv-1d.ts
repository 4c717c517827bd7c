import type { PerAxis } from "@nn/tensor";
import { Conv1d } from "./conv-1d.js";
import { checkDepthwise, type DepthwiseConvolutionOptions } from "./depthwise.js";

/**
 * Convolution of sequences in which channels do not mix: each has `multiplier` kernels of its own. A `Conv1d` with as many groups
 * as channels.
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
