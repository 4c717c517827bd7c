import { add, arange, cast, floor, greaterEqual, less, logicalAnd, mul, sub, where, type RandomOptions, type Tensor } from "@nn/tensor";
import { requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { chosen, drawn, drawnRectangle, type ChanceOptions } from "./random.js";
import { onBatch, requireGenerator, requireImages, requireRange } from "./requirements.js";

/** Options of {@link randomErasing}. */
export interface RandomErasingOptions extends ChanceOptions {
  /** The range of the erased area, as a fraction of the image. Default: [0.02, 0.33]. */
  readonly scale?: readonly [low: number, high: number];
  /** The range of the ratio of height to width of the rectangle. Default: [0.3, 3.3]. */
  readonly ratio?: readonly [low: number, high: number];
  /** The value of erased pixels. Default: 0. */
  readonly value?: number;
}

const randomErasingOptions: OptionKinds<RandomErasingOptions> = { p: "probability", scale: "any", ratio: "any", value: "finite", generator: "any" };

/**
 * Sets a rectangle of each image `[…, C, H, W]` to a value, with probability `p` (Zhong et al. 2020, "Random erasing data augmentation"). Its area is
 * drawn uniformly, and its ratio log-uniformly, ten times; the first rectangle that fits counts, and if none does, nothing is erased. torchvision: `RandomErasing`.
 *
 * @example
 * ```ts
 * import { randomErasing } from "@nn/images";
 * import { Generator, ones } from "@nn/tensor";
 * const erased = randomErasing(ones([1, 1, 10, 10]), { p: 1, scale: [0.25, 0.25], ratio: [1, 1], generator: new Generator(1) });
 * erased.sum().item(); // => 75
 * ```
 */
export function randomErasing(images: Tensor, options: RandomErasingOptions = {}): Tensor {
  requireImages("randomErasing", images);
  requireOptions("randomErasing", options, randomErasingOptions);
  const { p = 0.5, scale = [0.02, 0.33], ratio = [0.3, 3.3], value = 0, generator } = options;
  requireGenerator("randomErasing", generator);
  requireRange("randomErasing", "scale", scale, 0);
  requireRange("randomErasing", "ratio", ratio, 1e-3);
  return onBatch(images, (batch, count) => {
    const [height = 0, width = 0] = batch.shape.slice(2);
    const fits = (rows: Tensor, columns: Tensor): Tensor => logicalAnd(less(rows, height), less(columns, width));
    const { rows, columns, found } = drawnRectangle(count, { area: height * width, scale, ratio, fits, generator });
    const [tall, wide] = [where(found, rows, 0), where(found, columns, 0)];
    const start = (length: number, taken: Tensor): Tensor => floor(mul(drawn(count, [0, 1], generator), add(sub(length, taken), 1)));
    const [top, left] = [start(height, tall), start(width, wide)];
    const erased = logicalAnd(between(height, top, add(top, tall), 2), between(width, left, add(left, wide), 3));
    return where(logicalAnd(erased, chosen(count, p, generator)), value, batch);
  });
}

/** Options of {@link cutout}. */
export interface CutoutOptions extends RandomOptions {
  /** The value of erased pixels. Default: 0. */
  readonly value?: number;
}

/**
 * Sets a square of each image `[…, C, H, W]` to a value (DeVries and Taylor 2017, "Improved regularization of convolutional neural networks with cutout"). Its centre is
 * uniform over the pixels, and what lies outside of the image is cut off. `size` is the side of the square in pixels.
 *
 * @example
 * ```ts
 * import { cutout } from "@nn/images";
 * import { Generator, ones } from "@nn/tensor";
 * cutout(ones([1, 1, 1]), 1, { generator: new Generator(1) }).toArray(); // => [[[0]]]
 * ```
 */
export function cutout(images: Tensor, size: number, options: CutoutOptions = {}): Tensor {
  requireImages("cutout", images);
  requireKind("cutout", "size", size, "count");
  requireOptions("cutout", options, { value: "finite", generator: "any" });
  const { value = 0, generator } = options;
  requireGenerator("cutout", generator);
  return onBatch(images, (batch, count) => {
    const [height = 0, width = 0] = batch.shape.slice(2);
    const start = (length: number): Tensor => sub(floor(drawn(count, [0, length], generator)), Math.floor(size / 2));
    const [top, left] = [start(height), start(width)];
    return where(logicalAnd(between(height, top, add(top, size), 2), between(width, left, add(left, size), 3)), value, batch);
  });
}

/** Which positions of an axis lie from `start` on and before `stop`, which are `[N]`: `[N, 1, length, 1]` or `[N, 1, 1, length]`. */
function between(length: number, start: Tensor, stop: Tensor, axis: 2 | 3): Tensor {
  const positions = cast(arange(length), "float64").reshape(axis === 2 ? [1, 1, length, 1] : [1, 1, 1, length]);
  return logicalAnd(greaterEqual(positions, start.reshape([-1, 1, 1, 1])), less(positions, stop.reshape([-1, 1, 1, 1])));
}
