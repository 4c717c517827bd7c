import { mean, relu, sigmoid, type Tensor } from "@nn/tensor";
import { requireTensor } from "@nn/tensor/extend";
import { Module } from "../module.js";
import { Conv2d } from "../convolution/convolution.js";
import { takeOptions } from "../options.js";
import { requireCounts } from "../requirements.js";
import { parameterOptions, type ConvolutionParameterOptions } from "../convolution/convolution.js";

/**
 * Scales each channel of an image by a factor that is computed from the means of all channels:
 * `y = x · σ(W₂ relu(W₁ E[x] + b₁) + b₂)` (Hu et al. 2018).
 *
 * Shapes: `[N, C, H, W]`, output as input. `fc1` and `fc2` are convolutions of size 1, `[squeezed, C, 1, 1]` and
 * `[C, squeezed, 1, 1]`, as in torchvision.
 * @throws ShapeError if the input does not fit.
 */
export class SqueezeExcitation extends Module {
  readonly fc1: Conv2d;
  readonly fc2: Conv2d;

  constructor(channels: number, squeezed: number, options: ConvolutionParameterOptions = {}) {
    super();
    requireCounts("SqueezeExcitation", { channels, squeezed });
    takeOptions("SqueezeExcitation", this, options, parameterOptions);
    this.fc1 = new Conv2d(channels, squeezed, 1, options);
    this.fc2 = new Conv2d(squeezed, channels, 1, options);
  }

  forward(x: Tensor): Tensor {
    requireTensor("SqueezeExcitation", x);
    const squeezed = relu(this.fc1.forward(mean(x, [-2, -1], { keepAxes: true })));
    return x.mul(sigmoid(this.fc2.forward(squeezed)));
  }
}
