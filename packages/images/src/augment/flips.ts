import { flip, where, type Tensor } from "@nn/tensor";
import { requireOptions } from "@nn/tensor/extend";
import { chanceOptions, chosen, type ChanceOptions } from "./random.js";
import { onBatch, requireGenerator, requireImages } from "./requirements.js";

/**
 * Exchanges left and right of images `[…, C, H, W]`.
 *
 * @example
 * ```ts
 * import { horizontalFlip } from "@nn/images";
 * import { tensor } from "@nn/tensor";
 * horizontalFlip(tensor([[[1, 2], [3, 4]]])).toArray(); // => [[[2, 1], [4, 3]]]
 * ```
 */
export function horizontalFlip(images: Tensor): Tensor {
  requireImages("horizontalFlip", images);
  return flip(images, -1);
}

/**
 * Exchanges top and bottom of images `[…, C, H, W]`.
 *
 * @example
 * ```ts
 * import { verticalFlip } from "@nn/images";
 * import { tensor } from "@nn/tensor";
 * verticalFlip(tensor([[[1, 2], [3, 4]]])).toArray(); // => [[[3, 4], [1, 2]]]
 * ```
 */
export function verticalFlip(images: Tensor): Tensor {
  requireImages("verticalFlip", images);
  return flip(images, -2);
}

/** {@link horizontalFlip} of each image with probability `p`. */
export function randomHorizontalFlip(images: Tensor, options: ChanceOptions = {}): Tensor {
  return sometimesFlipped("randomHorizontalFlip", images, -1, options);
}

/** {@link verticalFlip} of each image with probability `p`. */
export function randomVerticalFlip(images: Tensor, options: ChanceOptions = {}): Tensor {
  return sometimesFlipped("randomVerticalFlip", images, -2, options);
}

function sometimesFlipped(operation: string, images: Tensor, axis: number, options: ChanceOptions): Tensor {
  requireImages(operation, images);
  requireOptions(operation, options, chanceOptions);
  const { p = 0.5, generator } = options;
  requireGenerator(operation, generator);
  return onBatch(images, (batch, count) => where(chosen(count, p, generator), flip(batch, axis), batch));
}
