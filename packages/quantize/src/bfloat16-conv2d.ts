import type { PaddingMode } from "@nn/layers";
import type { PerAxis, Tensor } from "@nn/tensor";
import type { Padding } from "@nn/tensor/extend";
import { Bfloat16Layer } from "./bfloat16-layer.js";
import { convolutionOf, overPatches, type QuantizedConv2dOptions } from "./patches.js";

/**
 * `Conv2d` with weights of bfloat16, without groups: see {@link Bfloat16Layer}. It multiplies the patches of the image by the weights; with a kernel of 1 x 1, the image
 * itself. `toBfloat16` makes it.
 *
 * Shapes: input `[N, inChannels, H, W]` or `[inChannels, H, W]`, output `[N, outChannels, H′, W′]`, sizes as for `Conv2d`.
 * @throws ShapeError if the input does not fit.
 * @throws DTypeError if the input is not float32.
 */
export class Bfloat16Conv2d extends Bfloat16Layer {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  readonly padding: Padding;
  readonly dilation: readonly number[];
  readonly paddingMode: PaddingMode;

  constructor(inChannels: number, outChannels: number, kernelSize: PerAxis, options: QuantizedConv2dOptions = {}) {
    const convolution = convolutionOf("Bfloat16Conv2d", inChannels, outChannels, kernelSize, options);
    super(convolution.inputs, outChannels, convolution.hasBias);
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.kernelSize = convolution.kernelSize;
    this.stride = convolution.stride;
    this.padding = convolution.padding;
    this.dilation = convolution.dilation;
    this.paddingMode = convolution.paddingMode;
  }

  forward(x: Tensor): Tensor {
    return overPatches("Bfloat16Conv2d", x, this, (patches) => this.outputsOf(patches, true));
  }
}
