import { add, floor, greater, lessEqual, logicalAnd, mul, sub, where, type Generator as RandomGenerator, type RandomOptions, type Tensor } from "@nn/tensor";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { drawn, drawnRectangle } from "./random.js";
import { onBatch, requireFloatImages, requireGenerator, requireRange, sizeOfImage, type ImageSize } from "./requirements.js";
import { resizeOptions, type ResizeOptions } from "./resize.js";
import { resizedWindows, type Span } from "./resized-windows.js";

/** Options of {@link randomResizedCrop}. */
export interface RandomResizedCropOptions extends ResizeOptions, RandomOptions {
  /** The range of the area of the part, as a fraction of the image. Default: [0.08, 1]. */
  readonly scale?: readonly [low: number, high: number];
  /** The range of the ratio of width to height of the part. Default: [3/4, 4/3]. */
  readonly ratio?: readonly [low: number, high: number];
}

const randomResizedCropOptions: OptionKinds<RandomResizedCropOptions> = { scale: "any", ratio: "any", generator: "any", ...resizeOptions };

/**
 * Cuts a part out of each image of `[…, C, H, W]` of floats and resizes it (Szegedy et al. 2015, "Going deeper with convolutions"). Its area is drawn uniformly, and its ratio
 * log-uniformly, ten times; the first part that fits counts, at a uniform place. If none does, it is the middle of the image, with the nearest ratio in the range. torchvision: `RandomResizedCrop`.
 *
 * @example
 * ```ts
 * import { randomResizedCrop } from "@nn/images";
 * import { Generator, zeros } from "@nn/tensor";
 * randomResizedCrop(zeros([8, 3, 40, 60]), 32, { generator: new Generator(1) }).shape; // => [8, 3, 32, 32]
 * ```
 * @throws ShapeError unless the images have three axes or more and are not empty; DTypeError unless they are floats.
 */
export function randomResizedCrop(images: Tensor, size: ImageSize, options: RandomResizedCropOptions = {}): Tensor {
  requireFloatImages("randomResizedCrop", images);
  requireOptions("randomResizedCrop", options, randomResizedCropOptions);
  const { scale = [0.08, 1], ratio = [3 / 4, 4 / 3], mode = "bilinear", antialias = true, generator } = options;
  requireGenerator("randomResizedCrop", generator);
  requireRange("randomResizedCrop", "scale", scale, 0);
  requireRange("randomResizedCrop", "ratio", ratio, 1e-3);
  const target = sizeOfImage("randomResizedCrop", size);
  return onBatch(images, (batch, count) => resizedWindows(batch, drawnParts(count, batch.shape.slice(2), { scale, ratio, generator }), target, { mode, antialias }));
}

interface PartOptions {
  readonly scale: readonly [number, number];
  readonly ratio: readonly [number, number];
  readonly generator: RandomGenerator | undefined;
}

/** The rows and the columns of a part of each image. */
function drawnParts(count: number, [height = 0, width = 0]: readonly number[], { scale, ratio, generator }: PartOptions): readonly [rows: Span, columns: Span] {
  const fits = (rows: Tensor, columns: Tensor): Tensor =>
    logicalAnd(logicalAnd(greater(rows, 0), lessEqual(rows, height)), logicalAnd(greater(columns, 0), lessEqual(columns, width)));
  const { rows, columns, found } = drawnRectangle(count, { area: height * width, scale, ratio: [1 / ratio[1], 1 / ratio[0]], fits, generator });
  const [tall, wide] = central(height, width, ratio);
  const span = (length: number, taken: Tensor, otherwise: number): Span => {
    const kept = where(found, taken, otherwise);
    const start = floor(mul(drawn(count, [0, 1], generator), add(sub(length, kept), 1)));
    return { start: where(found, start, Math.floor((length - otherwise) / 2)), length: kept };
  };
  return [span(height, rows, tall), span(width, columns, wide)];
}

/** The largest part whose ratio of width to height is in a range, or nearest to it. */
function central(height: number, width: number, [least, most]: readonly [number, number]): readonly [height: number, width: number] {
  if (width / height < least) return [Math.max(1, halfToEven(width / least)), width];
  return width / height > most ? [height, Math.max(1, halfToEven(height * most))] : [height, width];
}

/** The nearest whole number, of two the even one, as Python rounds. */
function halfToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}
