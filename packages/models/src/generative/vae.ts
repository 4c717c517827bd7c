import { Linear, Module, type TensorModule } from "@nn/layers";
import { exp, normal, relu, type Tensor } from "@nn/tensor";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { decoderOf, encoderOf, featuresOf, imageOf, requireImage, type ImageCoderOptions } from "./image-coder.js";

/** What a {@link VAE} gives: `reconstructionLogits` of the pixels, and `mean` and `logVariance` of the latent variables, for `gaussianKlDivergence` of `@nn/losses`. */
export interface VAEOutput {
  readonly reconstructionLogits: Tensor;
  readonly mean: Tensor;
  readonly logVariance: Tensor;
}

/** Options of one call of a {@link VAE}. */
export interface VAEForwardOptions {
  /** The noise of the latent variables, `[N, latent]`; default normally distributed in training, and none in evaluation. */
  readonly noise?: Tensor | undefined;
}

const forwardOptions: OptionKinds<VAEForwardOptions> = { noise: "tensor" };

/**
 * A variational autoencoder of images (Kingma and Welling 2014, "Auto-encoding variational Bayes"): the code is a normal distribution, from which it is drawn, `z = mean + exp(logVariance / 2) · noise`.
 *
 * | part | output for the defaults |
 * | --- | --- |
 * | `encoder`: 4 × 4, stride 2, relu | `[N, 32, 14, 14]` |
 * | `encoder`: 4 × 4, stride 2, relu | `[N, 64, 7, 7]` |
 * | `mean`, `logVariance` | `[N, 20]` each |
 * | `expand`, relu | `[N, 64, 7, 7]` |
 * | `decoder`: transposed 4 × 4, stride 2, relu | `[N, 32, 14, 14]` |
 * | `decoder`: transposed 4 × 4, stride 2 | `[N, 1, 28, 28]` |
 *
 * Shapes: input `[N, channels, size, size]`; the reconstruction is the same, logits of the pixels; 258,025 parameters.
 * @throws ArgumentError if `size` is not a multiple of 4.
 */
export class VAE extends Module {
  readonly encoder: TensorModule;
  readonly mean: Linear;
  readonly logVariance: Linear;
  readonly expand: Linear;
  readonly decoder: TensorModule;
  readonly #size: number;

  constructor(options: ImageCoderOptions = {}) {
    super();
    const { channels, size, width, latent } = requireImage("VAE", this, options);
    const features = 2 * width * (size / 4) ** 2;
    this.encoder = encoderOf(channels, width);
    this.mean = new Linear(features, latent);
    this.logVariance = new Linear(features, latent);
    this.expand = new Linear(latent, features);
    this.decoder = decoderOf(channels, width);
    this.#size = size;
  }

  forward(x: Tensor, options: VAEForwardOptions = {}): VAEOutput {
    requireOptions("VAE.forward", options, forwardOptions);
    const features = featuresOf(this.encoder, x);
    const mean = this.mean.forward(features);
    const logVariance = this.logVariance.forward(features);
    const { noise = this.training ? normal(mean.shape, { dtype: "float32" }) : undefined } = options;
    const code = noise === undefined ? mean : mean.add(exp(logVariance.mul(0.5)).mul(noise));
    return { reconstructionLogits: this.decode(code), mean, logVariance };
  }

  /** The logits of the pixels of the images with these codes. */
  decode(code: Tensor): Tensor {
    return this.decoder.forward(imageOf(relu(this.expand.forward(code)), this.#size));
  }
}
