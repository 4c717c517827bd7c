import type { PerAxis } from "@nn/tensor";
import { TransposedConvolution, type TransposedConvolutionLayerOptions } from "./transposed-convolution.js";

/**
 * Transposed convolution of sequences: what the gradient of `Conv1d` with respect to its input does, here as a layer that makes
 * sequences longer.
 *
 * Shapes: input `[N, in, L]` or `[in, L]`, output `[N, out, L′]` with
 * `L′ = (L − 1)·stride − 2·padding + dilation·(kernel − 1) + outputPadding + 1`; `weight` `[in, out / groups, kernel]`,
 * `bias` `[out]`. Initialised like PyTorch: uniform in ±1/√(out / groups · kernel).
 * @throws ArgumentError for sizes and options that do not fit together.
 * @throws ShapeError if the input does not fit.
 */
export class ConvTranspose1d extends TransposedConvolution {
  constructor(inChannels: number, outChannels: number, kernelSize: PerAxis, options: TransposedConvolutionLayerOptions = {}) {
    super(1, inChannels, outChannels, kernelSize, options);
  }
}
