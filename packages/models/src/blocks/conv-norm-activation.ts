import { BatchNorm2d, Conv2d, ReLU, Sequential, type BatchNormOptions, type TensorModule } from "@nn/layers";
import type { PerAxis } from "@nn/tensor";
import { fanOutNormal } from "./initializers.js";

/** Options of {@link ConvNormActivation}. */
export interface ConvNormActivationOptions {
  /** Default 3. */
  readonly kernelSize?: number | undefined;
  /** Default 1. */
  readonly stride?: number | undefined;
  /** Default 1. */
  readonly dilation?: number | undefined;
  /** Default 1. */
  readonly groups?: number | undefined;
  /** Default: as much as keeps the size of the image at stride 1, for odd kernels. */
  readonly padding?: PerAxis | undefined;
  /** What follows the normalisation; `null` for nothing. Default: a new `ReLU`. */
  readonly activation?: TensorModule | null | undefined;
  /** Options of the batch normalisation. */
  readonly norm?: BatchNormOptions | undefined;
}

/**
 * A convolution without bias, batch normalisation, and an activation: `"0.weight"`, `"1.weight"`, … as torchvision's `Conv2dNormActivation`.
 *
 * Shapes: input `[N, in, H, W]`, output `[N, out, ⌈H / stride⌉, ⌈W / stride⌉]` for odd kernels.
 */
export class ConvNormActivation extends Sequential {
  constructor(inChannels: number, outChannels: number, options: ConvNormActivationOptions = {}) {
    const { kernelSize = 3, stride = 1, dilation = 1, groups = 1, padding = Math.floor((kernelSize - 1) / 2) * dilation, activation = new ReLU(), norm } = options;
    super(
      new Conv2d(inChannels, outChannels, kernelSize, { stride, dilation, groups, padding, bias: false, initializeWeight: fanOutNormal }),
      new BatchNorm2d(outChannels, norm),
      ...(activation === null ? [] : [activation]),
    );
  }
}
