import type { PerAxis } from "@nn/tensor";
import { TransposedConvolution, type TransposedConvolutionLayerOptions } from "./transposed-convolution.js";

/**
 * Transposed convolution of images: what the gradient of `Conv2d` with respect to its input does, here as a layer that makes
 * images larger.
 *
 * Shapes: input `[N, in, H, W]` or `[in, H, W]`, output `[N, out, H′, W′]` with
 * `H′ = (H − 1)·stride − 2·padding + dilation·(kernel − 1) + outputPadding + 1`; `weight` `[in, out / groups, kernelH, kernelW]`,
 * `bias` `[out]`. Initialised like PyTorch: uniform in ±1/√(out / groups · kernelH · kernelW).
 *
 * @example
 * ```ts
 * import { zeros } from "@nn/tensor";
 * import { ConvTranspose2d } from "@nn/layers";
 * const layer = new ConvTranspose2d(16, 3, 3, { stride: 2, padding: 1 });
 * layer.forward(zeros([8, 16, 16, 16])).shape; // => [8, 3, 31, 31]
 * layer.forward(zeros([8, 16, 16, 16]), 32).shape; // => [8, 3, 32, 32]
 * ```
 * @throws ArgumentError for sizes and options that do not fit together.
 * @throws ShapeError if the input does not fit.
 */
export class ConvTranspose2d extends TransposedConvolution {
  constructor(inChannels: number, outChannels: number, kernelSize: PerAxis, options: TransposedConvolutionLayerOptions = {}) {
    super(2, inChannels, outChannels, kernelSize, options);
  }
}
