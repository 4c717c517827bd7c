import type { PerAxis } from "@nn/tensor";
import { Convolution, type ConvolutionLayerOptions } from "./convolution.js";

/**
 * Convolution of sequences: for each output channel `yₒ = bₒ + Σᵢ wₒᵢ ⋆ xᵢ`, with ⋆ the cross-correlation.
 *
 * Shapes: input `[N, in, L]` or `[in, L]`, output `[N, out, L′]` with
 * `L′ = ⌊(L + 2·padding − dilation·(kernel − 1) − 1) / stride⌋ + 1`; `weight` `[out, in / groups, kernel]`, `bias` `[out]`.
 * Initialised like PyTorch: uniform in ±1/√(in / groups · kernel).
 * @throws ArgumentError for sizes and options that do not fit together.
 * @throws ShapeError if the input does not fit.
 */
export class Conv1d extends Convolution {
  constructor(inChannels: number, outChannels: number, kernelSize: PerAxis, options: ConvolutionLayerOptions = {}) {
    super(1, inChannels, outChannels, kernelSize, options);
  }
}
