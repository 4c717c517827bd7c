import { BatchNorm2d, Conv2d, Module, type Initializer } from "@nn/layers";
import { relu, type PerAxis, type Tensor } from "@nn/tensor";

/** Options of {@link BasicConv}. */
export interface BasicConvOptions {
  readonly stride?: number | undefined;
  readonly padding?: PerAxis | undefined;
  /** Default: that of `Conv2d`. */
  readonly initializeWeight?: Initializer | undefined;
}

/** A convolution without bias, batch normalisation with ε = 0.001, and relu: torchvision's `BasicConv2d` of the Inception networks. */
export class BasicConv extends Module {
  readonly conv: Conv2d;
  readonly bn: BatchNorm2d;

  constructor(inChannels: number, outChannels: number, kernelSize: PerAxis, options: BasicConvOptions = {}) {
    super();
    this.conv = new Conv2d(inChannels, outChannels, kernelSize, { ...options, bias: false });
    this.bn = new BatchNorm2d(outChannels, { epsilon: 0.001 });
  }

  forward(x: Tensor): Tensor {
    return relu(this.bn.forward(this.conv.forward(x)));
  }
}
