import { mean, relu, sigmoid, type Tensor } from "@nn/tensor";
import { requireTensor, type OptionKinds } from "@nn/tensor/extend";
import { Conv2d, parameterOptions, type ConvolutionParameterOptions } from "../convolution/convolution.js";
import { Module, type TensorModule } from "../module.js";
import { takeOptions } from "../options.js";
import { requireCounts } from "../requirements.js";
import { requireModules } from "./modules.js";

/** Options of {@link SqueezeExcitation}. */
export interface SqueezeExcitationOptions extends ConvolutionParameterOptions {
  /** Applied between the convolutions; default relu. */
  readonly activation?: TensorModule | undefined;
  /** Applied after them, it makes the factors; default sigmoid. */
  readonly scaleActivation?: TensorModule | undefined;
}

const squeezeOptions: OptionKinds<SqueezeExcitationOptions> = { ...parameterOptions, activation: "any", scaleActivation: "any" };

/**
 * Scales each channel of an image by a factor that is computed from the means of all channels:
 * `y = x · σ(W₂ relu(W₁ E[x] + b₁) + b₂)` (Hu et al. 2018). EfficientNet has SiLU for relu, MobileNet v3 a hard sigmoid for σ.
 *
 * Shapes: `[N, C, H, W]`, output as input. `fc1` and `fc2` are convolutions of size 1, `[squeezed, C, 1, 1]` and
 * `[C, squeezed, 1, 1]`, as in torchvision.
 * @throws ShapeError if the input does not fit.
 */
export class SqueezeExcitation extends Module {
  readonly fc1: Conv2d;
  readonly fc2: Conv2d;
  readonly activation: TensorModule | undefined;
  readonly scaleActivation: TensorModule | undefined;

  constructor(channels: number, squeezed: number, options: SqueezeExcitationOptions = {}) {
    super();
    requireCounts("SqueezeExcitation", { channels, squeezed });
    takeOptions("SqueezeExcitation", this, options, squeezeOptions);
    const { activation, scaleActivation, ...parameters } = options;
    requireModules("SqueezeExcitation", [activation, scaleActivation].filter((each) => each !== undefined));
    this.fc1 = new Conv2d(channels, squeezed, 1, parameters);
    this.fc2 = new Conv2d(squeezed, channels, 1, parameters);
    this.activation = activation;
    this.scaleActivation = scaleActivation;
  }

  forward(x: Tensor): Tensor {
    requireTensor("SqueezeExcitation", x);
    const squeezed = this.fc1.forward(mean(x, [-2, -1], { keepAxes: true }));
    const expanded = this.fc2.forward(this.activation?.forward(squeezed) ?? relu(squeezed));
    return x.mul(this.scaleActivation?.forward(expanded) ?? sigmoid(expanded));
  }
}
