import { Linear, Module, type TensorModule } from "@nn/layers";
import { relu, type Tensor } from "@nn/tensor";
import { decoderOf, encoderOf, featuresOf, imageOf, requireImage, type ImageCoderOptions } from "./image-coder.js";

/**
 * An autoencoder of images (Hinton and Salakhutdinov 2006, "Reducing the dimensionality of data with neural networks"), with convolutions: a few numbers from which the image can be made again.
 *
 * | part | output for the defaults |
 * | --- | --- |
 * | `encoder`: 4 × 4, stride 2, relu | `[N, 32, 14, 14]` |
 * | `encoder`: 4 × 4, stride 2, relu | `[N, 64, 7, 7]` |
 * | `code` | `[N, 20]` |
 * | `expand`, relu | `[N, 64, 7, 7]` |
 * | `decoder`: transposed 4 × 4, stride 2, relu | `[N, 32, 14, 14]` |
 * | `decoder`: transposed 4 × 4, stride 2 | `[N, 1, 28, 28]` |
 *
 * Shapes: input `[N, channels, size, size]`, output the same, logits of the pixels; 195,285 parameters.
 * @throws ArgumentError if `size` is not a multiple of 4.
 */
export class Autoencoder extends Module {
  readonly encoder: TensorModule;
  readonly code: Linear;
  readonly expand: Linear;
  readonly decoder: TensorModule;
  readonly #size: number;

  constructor(options: ImageCoderOptions = {}) {
    super();
    const { channels, size, width, latent } = requireImage("Autoencoder", this, options);
    const features = 2 * width * (size / 4) ** 2;
    this.encoder = encoderOf(channels, width);
    this.code = new Linear(features, latent);
    this.expand = new Linear(latent, features);
    this.decoder = decoderOf(channels, width);
    this.#size = size;
  }

  forward(x: Tensor): Tensor {
    return this.decode(this.encode(x));
  }

  /** The code of images, `[N, latent]`. */
  encode(x: Tensor): Tensor {
    return this.code.forward(featuresOf(this.encoder, x));
  }

  /** The logits of the pixels of the images with these codes. */
  decode(code: Tensor): Tensor {
    return this.decoder.forward(imageOf(relu(this.expand.forward(code)), this.#size));
  }
}
