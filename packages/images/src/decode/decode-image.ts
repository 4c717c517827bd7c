import { FormatError } from "@nn/data";
import { ArgumentError, type Tensor } from "@nn/tensor";
import { describeValue, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { decoderFailure } from "./failure.js";
import { imageFormat, requireBytes, type ImageFormat } from "./format.js";
import { decodeJpeg } from "./jpeg.js";
import { tensorOf } from "./pixels.js";
import { decodePng } from "./png.js";
import { decodeWithSharp, findSharp, requireSharp } from "./sharp.js";
import type { Pixels } from "./types.js";

/** Which tensor the pixels of an image become. */
export interface PixelOptions {
  /**
   * 1: grey, 3: red, green and blue, 4: these and opacity. A grey image has three equal channels. The grey of a colour is 0.299 red + 0.587 green +
   * 0.114 blue. Default: 3.
   */
  readonly channels?: 1 | 3 | 4;
  /** `"float32"`: from 0 to 1; `"int32"`: whole numbers from 0 to 255. Default: `"float32"`. */
  readonly dtype?: "float32" | "int32";
  /** The colour behind transparent pixels, each part from 0 to 1. Default: transparent pixels are refused, unless 4 channels keep their opacity. */
  readonly background?: readonly [red: number, green: number, blue: number];
}

/** Options of {@link decodeImage}. */
export interface DecodeOptions extends PixelOptions {
  /** The most pixels of an image. Default: 100 million. */
  readonly maxPixels?: number;
  /**
   * `"sharp"`: the package of this name, which also reads WebP, and is several times as fast. `"javascript"`: `fast-png` and `jpeg-js`. PNG files give the same
   * pixels with both; those of JPEG files may differ by a few levels, so choose one where results must be equal on several machines. Default: `sharp` where it is
   * installed.
   */
  readonly decoder?: "sharp" | "javascript";
  /** The name of the image in messages, such as that of its file. Default: that of the function. */
  readonly name?: string;
}

/** The kinds of {@link PixelOptions}. */
export const pixelOptions: OptionKinds<PixelOptions> = { channels: [1, 3, 4], dtype: ["float32", "int32"], background: "any" };

/** The kinds of {@link DecodeOptions}. */
export const decodeOptions: OptionKinds<DecodeOptions> = { ...pixelOptions, maxPixels: "count", decoder: ["sharp", "javascript"], name: "string" };

/**
 * Decodes a PNG, JPEG or WebP file to a tensor `[channels, height, width]`. Photos are turned upright, as their EXIF data say. Levels of 16 bits keep their precision
 * as float32, and are rounded as int32. Palettes become colours. Colour profiles are ignored, as by PIL. Of an animation, the first frame is decoded. In browsers,
 * `decodeBlob` of `@nn/images/browser` is faster.
 *
 * @example
 * ```ts
 * import { decodeImage, encodePng } from "@nn/images";
 * import { tensor } from "@nn/tensor";
 *
 * const png = await encodePng(tensor([[[0, 0.2], [0.4, 1]]]));
 * const image = await decodeImage(png, { channels: 1 });
 * image.shape; // => [1, 2, 2]
 * (await decodeImage(png, { channels: 1, dtype: "int32" })).toArray(); // => [[[0, 51], [102, 255]]]
 * ```
 * @throws FormatError if the image is damaged, too large, of another kind, or has transparent pixels without a background.
 * @throws UsageError if the decoder is not installed.
 */
export async function decodeImage(bytes: Uint8Array, options: DecodeOptions = {}): Promise<Tensor> {
  requireOptions("decodeImage", options, decodeOptions);
  return decodeAs("decodeImage", bytes, options);
}

/** {@link decodeImage} with the name of another function in its errors, and options that were checked, but for the background. */
export async function decodeAs(operation: string, bytes: Uint8Array, options: DecodeOptions): Promise<Tensor> {
  requireBytes(operation, bytes);
  requireBackground(operation, options.background);
  const { name = operation, channels = 3, dtype = "float32", background, maxPixels = 100e6, decoder } = options;
  const format = imageFormat(bytes);
  if (format === undefined) throw new FormatError(name, "this is no PNG, JPEG or WebP image, whatever its name says", {}, { fix: "convert or remove it" });
  return tensorOf(name, await pixelsOf(operation, name, bytes, format, decoder, maxPixels), { channels, dtype, background });
}

async function pixelsOf(operation: string, name: string, bytes: Uint8Array, format: ImageFormat, decoder: DecodeOptions["decoder"], maxPixels: number): Promise<Pixels> {
  const sharp = decoder === "javascript" ? { reason: "" } : await findSharp();
  if (decoder === "sharp") requireSharp(operation, sharp);
  try {
    if ("found" in sharp) return await decodeWithSharp(sharp.found, name, bytes, maxPixels);
    if (format === "png") return await decodePng(name, bytes, maxPixels);
    if (format === "jpeg") return await decodeJpeg(name, bytes, maxPixels);
  } catch (cause) {
    throw decoderFailure(name, cause);
  }
  const fix = decoder === "javascript" ? "convert it to PNG, or use the decoder \"sharp\"" : "npm install sharp, or convert it to PNG";
  throw new FormatError(name, "this is a WebP image, which only sharp decodes", {}, { fix });
}

/** Refuses a background that is no colour. */
export function requireBackground(operation: string, background: unknown): void {
  if (background === undefined) return;
  const isLevel = (level: unknown): boolean => typeof level === "number" && level >= 0 && level <= 1;
  if (Array.isArray(background) && background.length === 3 && background.every(isLevel)) return;
  throw new ArgumentError(`${operation}: background is ${describeValue(background)}, expected three numbers from 0 to 1, such as [1, 1, 1] for white`);
}
