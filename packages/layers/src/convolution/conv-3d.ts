import type { PerAxis } from "@nn/tensor";
import { Convolution, type ConvolutionLayerOptions } from "./convolution.js";

/**
 * Convolution of volumes: for each output channel `yₒ = bₒ + Σᵢ wₒᵢ ⋆ xᵢ`, with ⋆ the cross-correlation.
 *
 * Shapes: input `[N, in, D, H, W]` or `[in, D, H, W]`, output `[N, out, D′, H′, W′]`, sizes as of `Conv2d`; `weight`
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
