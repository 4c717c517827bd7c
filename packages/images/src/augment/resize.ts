import { interpolate, type Tensor } from "@nn/tensor";
import { requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { requireFloatImages, sizeOfImage, type ImageSize } from "./requirements.js";

/** Options of {@link resize} and {@link resizeShorter}. */
export interface ResizeOptions {
  /** How a new pixel is computed from old ones. Default: `"bilinear"`. */
  readonly mode?: "nearest" | "bilinear" | "bicubic";
  /** Whether a pixel of a smaller image is the weighted mean of all that it covers; not for `"nearest"`. Default: true. */
  readonly antialias?: boolean;
}

/** The kinds of {@link ResizeOptions}. */
export const resizeOptions: OptionKinds<ResizeOptions> = { mode: ["nearest", "bilinear", "bicubic"], antialias: "boolean" };

/**
 * Resizes images `[…, C, H, W]` of floats to a height and a width, which may change their proportions. torchvision: `resize` with `antialias=True` and two sizes.
 *
 * @example
 * ```ts
 * import { resize } from "@nn/images";
 * import { tensor } from "@nn/tensor";
 * resize(tensor([[[0, 1], [2, 3]]]), 1).toArray(); // => [[[1.5]]]
 * ```
 * @throws ShapeError unless the images have three axes or more and are not empty; DTypeError unless they are floats.
 */
export function resize(images: Tensor, size: ImageSize, options: ResizeOptions = {}): Tensor {
  return resizedTo("resize", images, sizeOfImage("resize", size), options);
}

/**
 * Resizes images `[…, C, H, W]` of floats so that their shorter side has a length; they keep their proportions, with the longer side rounded down. torchvision:
 * `resize` with `antialias=True` and one size.
 *
 * @example
 * ```ts
 * import { resizeShorter } from "@nn/images";
 * import { zeros } from "@nn/tensor";
 * resizeShorter(zeros([3, 40, 60]), 10).shape; // => [3, 10, 15]
 * ```
 */
export function resizeShorter(images: Tensor, length: number, options: ResizeOptions = {}): Tensor {
  requireFloatImages("resizeShorter", images);
  requireKind("resizeShorter", "length", length, "count");
  const [height = 1, width = 1] = images.shape.slice(-2);
  const shorter = Math.min(height, width);
  return resizedTo("resizeShorter", images, [Math.floor((length * height) / shorter), Math.floor((length * width) / shorter)], options);
}

function resizedTo(operation: string, images: Tensor, size: readonly [number, number], options: ResizeOptions): Tensor {
  requireFloatImages(operation, images);
  requireOptions(operation, options, resizeOptions);
  const { mode = "bilinear", antialias = true } = options;
  const [height = 1, width = 1] = images.shape.slice(-2);
  const resized = interpolate(images.reshape([1, -1, height, width]), { size, mode, antialias: mode !== "nearest" && antialias });
  return resized.reshape([...images.shape.slice(0, -2), ...size]);
}
