import { add, arange, ArgumentError, pad, ShapeError, slice, takeAlongAxis, type RandomOptions, type Tensor } from "@nn/tensor";
import { describeValue, formatShape, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { drawnUpTo } from "./random.js";
import { onBatch, requireGenerator, requireImages, sizeOfImage, type ImageSize } from "./requirements.js";

/**
 * Cuts the middle out of images `[…, C, H, W]`. Where the margins differ by one pixel, they are those of torchvision's `center_crop`.
 *
 * @example
 * ```ts
 * import { centerCrop } from "@nn/images";
 * import { tensor } from "@nn/tensor";
 * centerCrop(tensor([[[1, 2, 3, 4]]]), [1, 2]).toArray(); // => [[[2, 3]]]
 * ```
 * @throws ShapeError if the images are smaller.
 */
export function centerCrop(images: Tensor, size: ImageSize): Tensor {
  requireImages("centerCrop", images);
  const [height, width] = sizeOfImage("centerCrop", size);
  const [rows = 0, columns = 0] = images.shape.slice(-2);
  requireLarger("centerCrop", images, [height, width], "resize them before");
  const [top, left] = [halfEven(rows - height), halfEven(columns - width)];
  return slice(images, ["...", { start: top, stop: top + height }, { start: left, stop: left + width }]);
}

/** Half of a whole number, rounded to an even number. */
function halfEven(count: number): number {
  const below = Math.floor(count / 2);
  return count % 2 === 1 && below % 2 === 1 ? below + 1 : below;
}

/** Options of {@link randomCrop}. */
export interface RandomCropOptions extends RandomOptions {
  /** Pixels that are added on all four sides before: one number, or those of top and bottom, and of left and right. Default: 0. */
  readonly padding?: number | readonly [vertical: number, horizontal: number];
  /** What the added pixels are. `"constant"`: `fill`; `"reflect"`: the image mirrored at its edge; `"replicate"`: the pixel at the edge. Default: `"constant"`. */
  readonly mode?: "constant" | "reflect" | "replicate";
  /** The value of added pixels with the mode `"constant"`. Default: 0. */
  readonly fill?: number;
}

const randomCropOptions: OptionKinds<RandomCropOptions> = { padding: "any", mode: ["constant", "reflect", "replicate"], fill: "finite", generator: "any" };

/**
 * Cuts a part at a uniform place out of each image of `[…, C, H, W]`. torchvision: `RandomCrop`.
 *
 * @example
 * ```ts
 * import { randomCrop } from "@nn/images";
 * import { Generator, zeros } from "@nn/tensor";
 * randomCrop(zeros([8, 3, 32, 32]), 32, { padding: 4, generator: new Generator(1) }).shape; // => [8, 3, 32, 32]
 * ```
 * @throws ShapeError if the images are smaller, with the padding.
 */
export function randomCrop(images: Tensor, size: ImageSize, options: RandomCropOptions = {}): Tensor {
  requireImages("randomCrop", images);
  requireOptions("randomCrop", options, randomCropOptions);
  const { padding = 0, mode = "constant", fill = 0, generator } = options;
  requireGenerator("randomCrop", generator);
  const [height, width] = sizeOfImage("randomCrop", size);
  const [vertical, horizontal] = margins(padding);
  const padded = vertical + horizontal === 0 ? images : pad(images, [[vertical, vertical], [horizontal, horizontal]], mode === "constant" ? { mode, value: fill } : { mode });
  requireLarger("randomCrop", padded, [height, width], "resize them before, or add padding");
  const [rows = 0, columns = 0] = padded.shape.slice(-2);
  return onBatch(padded, (batch, count) => {
    const tops = drawnUpTo(count, rows - height, generator);
    const lefts = drawnUpTo(count, columns - width, generator);
    return windowOf(windowOf(batch, 2, tops, height), 3, lefts, width);
  });
}

/** `length` elements of each image along an axis, from its own start on. */
function windowOf(batch: Tensor, axis: 2 | 3, starts: Tensor, length: number): Tensor {
  if (length === batch.shape[axis]) return batch;
  const index = add(starts.reshape([-1, 1, 1, 1]), arange(length, { dtype: "int32" }).reshape(axis === 2 ? [length, 1] : [1, length]));
  return takeAlongAxis(batch, index, axis);
}

function margins(padding: unknown): readonly [vertical: number, horizontal: number] {
  const pair: unknown = typeof padding === "number" ? [padding, padding] : padding;
  if (Array.isArray(pair) && pair.length === 2 && pair.every((each) => Number.isSafeInteger(each) && each >= 0)) return [Number(pair[0]), Number(pair[1])];
  throw new ArgumentError(`randomCrop: padding is ${describeValue(padding)}, expected a whole number, at least 0, or two of them`);
}

function requireLarger(operation: string, images: Tensor, [height, width]: readonly [number, number], fix: string): void {
  const [rows = 0, columns = 0] = images.shape.slice(-2);
  if (height <= rows && width <= columns) return;
  throw new ShapeError(`${operation}: images are ${formatShape(images.shape)}, smaller than ${height} x ${width} (height x width); ${fix}`);
}
