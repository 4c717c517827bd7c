import type { PerAxis } from "@nn/tensor";
import { Convolution, type ConvolutionLayerOptions } from "./convolution.js";

/**
 * Convolution of images: for each output channel `yₒ = bₒ + Σᵢ wₒᵢ ⋆ xᵢ`, with ⋆ the cross-correlation (LeCun et al. 1989).
 *
 * Shapes: input `[N, in, H, W]` or `[in, H, W]`, output `[N, out, H′, W′]` with
 * `H′ = ⌊(H + 2·padding − dilation·(kernel − 1) − 1) / stride⌋ + 1`; `weight` `[out, in / groups, kernelH, kernelW]`, `bias` `[out]`.
 * Initialised like PyTorch: uniform in ±1/√(in / groups · kernelH · kernelW).
 *
 * @example
 * ```ts
 * import { zeros } from "@nn/tensor";
 * import { Conv2d } from "@nn/layers";
 * const images = zeros([8, 3, 32, 32]);
 * new Conv2d(3, 16, 3, { padding: "same" }).forward(images).shape; // => [8, 16, 32, 32]
 * new Conv2d(3, 16, 5, { stride: 2, padding: 2, paddingMode: "reflect" }).forward(images).shape; // => [8, 16, 16, 16]
 * ```
 * @throws ArgumentError for sizes and options that do not fit together.
 * @throws ShapeError if the input does not fit.
 */
export class Conv2d extends Convolution {
  constructor(inChannels: number, outChannels: number, kernelSize: PerAxis, options: ConvolutionLayerOptions = {}) {
    super(2, inChannels, outChannels, kernelSize, options);
  }
}
