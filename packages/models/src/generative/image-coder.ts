import { Conv2d, ConvTranspose2d, ReLU, Sequential, takeOptions, type TensorModule } from "@nn/layers";
import { ArgumentError, flatten, reshape, type Tensor } from "@nn/tensor";
import type { OptionKinds } from "@nn/tensor/extend";

/** Options of {@link Autoencoder} and {@link VAE}. */
export interface ImageCoderOptions {
  /** Default 1, grey. */
  readonly channels?: number | undefined;
  /** The height and width of the images, a multiple of 4; default 28. */
  readonly size?: number | undefined;
  /** The channels of the first convolution; default 32. */
  readonly width?: number | undefined;
  /** The numbers that describe an image; default 20. */
  readonly latent?: number | undefined;
}

const coderOptions: OptionKinds<ImageCoderOptions> = { channels: "count", size: "count", width: "count", latent: "count" };

/** The options with their defaults. */
export function requireImage(operation: string, module: object, options: ImageCoderOptions): { readonly [Name in keyof ImageCoderOptions]-?: number } {
  takeOptions(operation, module, options, coderOptions);
  const { channels = 1, size = 28, width = 32, latent = 20 } = options;
  if (size % 4 !== 0) throw new ArgumentError(`${operation}: size is ${size}, expected a multiple of 4, since it is halved twice`);
  return { channels, size, width, latent };
}

/** Two convolutions that halve the image. */
export const encoderOf = (channels: number, width: number): TensorModule => new Sequential(
  new Conv2d(channels, width, 4, { stride: 2, padding: 1 }), new ReLU(), new Conv2d(width, 2 * width, 4, { stride: 2, padding: 1 }), new ReLU(),
);

/** Two transposed convolutions that double it. */
export const decoderOf = (channels: number, width: number): TensorModule => new Sequential(
  new ConvTranspose2d(2 * width, width, 4, { stride: 2, padding: 1 }), new ReLU(), new ConvTranspose2d(width, channels, 4, { stride: 2, padding: 1 }),
);

/** What the encoder makes of images, as one row for each. */
export const featuresOf = (encoder: TensorModule, x: Tensor): Tensor => flatten(encoder.forward(x), 1);

/** Rows of features as images of a quarter of the size. */
export const imageOf = (features: Tensor, size: number): Tensor => reshape(features, [features.shape[0] ?? 0, -1, size / 4, size / 4]);
