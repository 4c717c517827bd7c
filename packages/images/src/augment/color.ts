import { add, ArgumentError, clamp, concat, div, equal, floor, logicalAnd, logicalNot, max, mean, min, minimum, mul, narrow, ShapeError, sub, where, type RandomOptions, type Tensor } from "@nn/tensor";
import { formatShape, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { luma } from "../decode/pixels.js";
import { chanceOptions, chosen, drawn, type ChanceOptions } from "./random.js";
import { onBatch, perImage, requireFloatImages, requireGenerator, type PerImage } from "./requirements.js";

/**
 * The brightness of images in colour `[…, 3, H, W]`, 0.299 red + 0.587 green + 0.114 blue, in all three channels, or in one. torchvision: `rgb_to_grayscale`, which
 * rounds the first number to 0.2989.
 *
 * @example
 * ```ts
 * import { grayscale } from "@nn/images";
 * import { tensor } from "@nn/tensor";
 * grayscale(tensor([[[1]], [[0]], [[0.5]]]), { channels: 1 }).toArray(); // => [[[0.356]]]
 * ```
 */
export function grayscale(images: Tensor, options: GrayscaleOptions = {}): Tensor {
  requireColor("grayscale", images);
  requireOptions("grayscale", options, { channels: [1, 3] });
  return onBatch(images, (batch) => {
    const grey = brightness(batch);
    return options.channels === 1 ? grey : concat([grey, grey, grey], 1);
  });
}

/** Options of {@link grayscale}. */
export interface GrayscaleOptions {
  /** The channels of the result. Default: 3. */
  readonly channels?: 1 | 3;
}

/** {@link grayscale} of each image with probability `p`. torchvision: `RandomGrayscale`, whose default for `p` is 0.1. */
export function randomGrayscale(images: Tensor, options: ChanceOptions = {}): Tensor {
  requireColor("randomGrayscale", images);
  requireOptions("randomGrayscale", options, chanceOptions);
  const { p = 0.5, generator } = options;
  requireGenerator("randomGrayscale", generator);
  return onBatch(images, (batch, count) => where(chosen(count, p, generator), brightness(batch), batch));
}

/**
 * `factor · x`, clipped to 0 to 1: 0 gives black, 1 changes nothing. `factor` is one number, or a tensor `[N]` with one for each image `[…, C, H, W]`.
 * torchvision: `adjust_brightness`.
 */
export function adjustBrightness(images: Tensor, factor: PerImage): Tensor {
  return adjusted("adjustBrightness", images, factor, (batch) => mul(batch, 0));
}

/**
 * `factor · x + (1 − factor) · m`, clipped to 0 to 1, where `m` is the mean brightness of the image: 0 gives a grey area, 1 changes nothing, more than 1 adds
 * contrast. `factor` is one number, or a tensor `[N]` with one for each image, which is grey `[…, 1, H, W]` or in colour `[…, 3, H, W]`. torchvision: `adjust_contrast`.
 */
export function adjustContrast(images: Tensor, factor: PerImage): Tensor {
  requireGreyOrColor("adjustContrast", images);
  return adjusted("adjustContrast", images, factor, (batch) => mean(brightness(batch), [1, 2, 3], { keepAxes: true }));
}

/**
 * `factor · x + (1 − factor) · b`, clipped to 0 to 1, where `b` is the brightness of each pixel ({@link grayscale}): 0 gives greys, 1 changes nothing, more than 1
 * makes colours stronger. `factor` is one number, or a tensor `[N]` with one for each image `[…, 3, H, W]`. torchvision: `adjust_saturation`.
 */
export function adjustSaturation(images: Tensor, factor: PerImage): Tensor {
  requireColor("adjustSaturation", images);
  return adjusted("adjustSaturation", images, factor, brightness);
}

/**
 * Turns the hue of images in colour `[…, 3, H, W]` by a part of the circle of colours: 1/3 makes red green, and 0.5 gives opposite colours. `shift` is one number, or
 * a tensor `[N]` with one for each image. torchvision: `adjust_hue`.
 *
 * @example
 * ```ts
 * import { adjustHue } from "@nn/images";
 * import { tensor } from "@nn/tensor";
 * adjustHue(tensor([[[1]], [[0]], [[0]]]), 0.5).toArray(); // => [[[0]], [[1]], [[1]]]
 * ```
 */
export function adjustHue(images: Tensor, shift: PerImage): Tensor {
  requireColor("adjustHue", images);
  return onBatch(images, (batch, count) => turnedHue(batch, perImage("adjustHue", "shift", shift, count, { rank: 4, dtype: batch.dtype })));
}

/** Options of {@link colorJitter}. */
export interface ColorJitterOptions extends RandomOptions {
  /** Factors of {@link adjustBrightness} are uniform from max(0, 1 − `brightness`) to 1 + `brightness`. Default: 0. */
  readonly brightness?: number;
  /** The same for {@link adjustContrast}. Default: 0. */
  readonly contrast?: number;
  /** The same for {@link adjustSaturation}. Default: 0. */
  readonly saturation?: number;
  /** Shifts of {@link adjustHue} are uniform from −`hue` to `hue`; at most 0.5. Default: 0. */
  readonly hue?: number;
}

const colorJitterOptions: OptionKinds<ColorJitterOptions> = { brightness: "nonNegative", contrast: "nonNegative", saturation: "nonNegative", hue: "nonNegative", generator: "any" };

/**
 * Changes brightness, contrast, saturation and hue of each image in colour `[…, 3, H, W]`, in this order, by amounts that are drawn for each. An option of 0
 * changes nothing. torchvision: `ColorJitter`, whose order is random.
 *
 * @example
 * ```ts
 * import { colorJitter } from "@nn/images";
 * import { Generator, full } from "@nn/tensor";
 * colorJitter(full([8, 3, 4, 4], 0.5), { brightness: 0.4, hue: 0.1, generator: new Generator(1) }).shape; // => [8, 3, 4, 4]
 * ```
 */
export function colorJitter(images: Tensor, options: ColorJitterOptions = {}): Tensor {
  requireColor("colorJitter", images);
  requireOptions("colorJitter", options, colorJitterOptions);
  const { brightness: light = 0, contrast = 0, saturation = 0, hue = 0, generator } = options;
  requireGenerator("colorJitter", generator);
  if (hue > 0.5) throw new ArgumentError(`colorJitter: hue is ${hue}, expected a number from 0 to 0.5`);
  return onBatch(images, (batch, count) => {
    const factor = (amount: number): Tensor => drawn(count, [Math.max(0, 1 - amount), 1 + amount], generator);
    const bright = light === 0 ? batch : adjustBrightness(batch, factor(light));
    const contrasted = contrast === 0 ? bright : adjustContrast(bright, factor(contrast));
    const saturated = saturation === 0 ? contrasted : adjustSaturation(contrasted, factor(saturation));
    return hue === 0 ? saturated : adjustHue(saturated, drawn(count, [-hue, hue], generator));
  });
}

/** `factor · images + (1 − factor) · other`, clipped. */
function adjusted(operation: string, images: Tensor, factor: PerImage, other: (batch: Tensor) => Tensor): Tensor {
  requireFloatImages(operation, images);
  return onBatch(images, (batch, count) => {
    const share = perImage(operation, "factor", factor, count, { rank: 4, dtype: batch.dtype, kind: "nonNegative" });
    return clamp(add(mul(batch, share), mul(other(batch), sub(1, share))), 0, 1);
  });
}

/** The brightness of a batch, in one channel; that of grey images is their level. */
function brightness(batch: Tensor): Tensor {
  if (batch.shape[1] === 1) return batch;
  const [red, green, blue] = [channel(batch, 0), channel(batch, 1), channel(batch, 2)];
  return add(add(mul(red, luma[0]), mul(green, luma[1])), mul(blue, luma[2]));
}

const channel = (batch: Tensor, at: number): Tensor => narrow(batch, 1, at, 1);

/** The colours with another hue, through hue, saturation and value (Smith 1978). */
function turnedHue(batch: Tensor, shift: Tensor): Tensor {
  const value = max(batch, 1, { keepAxes: true });
  const range = sub(value, min(batch, 1, { keepAxes: true }));
  const isGrey = equal(range, 0);
  const divisor = where(isGrey, 1, range);
  const [red, green, blue] = [0, 1, 2].map((at) => channel(batch, at)) as [Tensor, Tensor, Tensor];
  const [isRed, isGreen] = [equal(red, value), equal(green, value)];
  const sector = (low: Tensor, high: Tensor, start: number): Tensor => add(div(sub(high, low), divisor), start);
  const sixths = where(isRed, sector(blue, green, 0), where(logicalAnd(isGreen, logicalNot(isRed)), sector(red, blue, 2), sector(green, red, 4)));
  const turned = add(sixths, mul(shift, 6));
  // A channel is the value less as much of the range as its distance on the circle from the two sectors in which it is full.
  return concat([5, 3, 1].map((start) => {
    const at = add(turned, start);
    const place = sub(at, mul(floor(div(at, 6)), 6));
    return sub(value, mul(range, clamp(minimum(place, sub(4, place)), 0, 1)));
  }), 1);
}

/** Throws unless images have one or three channels. */
function requireGreyOrColor(operation: string, images: Tensor): void {
  requireFloatImages(operation, images);
  const channels = images.shape.at(-3);
  if (channels !== 1 && channels !== 3) throw new ShapeError(`${operation}: images are ${formatShape(images.shape)}, expected one or three channels, [1, H, W], [3, H, W] or batches of them`);
}

/** Throws unless images have three channels. */
function requireColor(operation: string, images: Tensor): void {
  requireFloatImages(operation, images);
  if (images.shape.at(-3) !== 3) throw new ShapeError(`${operation}: images are ${formatShape(images.shape)}, expected three channels, [3, H, W] or [N, 3, H, W]`);
}
