import type { PerAxis } from "@nn/tensor";
import { TransposedConvolution, type TransposedConvolutionLayerOptions } from "./transposed-convolution.js";

/**
 * Transposed convolution of volumes: what the gradient of `Conv3d` with respect to its input does, here as a layer that makes
 * volumes larger.
 *
 * Shapes: input `[N, in, D, H, W]` or `[in, D, H, W]`, output `[N, out, D′, H′, W′]`, sizes as of `ConvTranspose2d`; `weight`
 * `[in, out / groups, kernelD, kernelH, kernelW]`, `bias` `[out]`. Initialised like PyTorch.
 * @throws ArgumentError for sizes and options that do not fit together.
 * @throws ShapeError if the input does not fit.
 */
export class ConvTranspose3d extends TransposedConvolution {
  constructor(inChannels: number, outChannels: number, kernelSize: PerAxis, options: TransposedConvolutionLayerOptions = {}) {
    super(3, inChannels, outChannels, kernelSize, options);
  }
}
