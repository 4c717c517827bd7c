import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { systemReason } from "@nn/files";
import { interpolate, Tensor } from "@nn/tensor";
import { hasPngSignature } from "fast-png";
import { Failure } from "../../failure.js";
import type { ImageForm } from "../input-form.js";
import { decodeImage } from "./decode-image.js";
import type { DecodedImage } from "./decoded-image.js";

/** A height and a width. */
export type ImageSize = Pick<ImageForm, "height" | "width">;

const extensions: ReadonlySet<string> = new Set([".png", ".jpg", ".jpeg"]);

/** Whether a name ends like that of a PNG or JPEG file. */
export function isImageName(name: string): boolean {
  return extensions.has(extname(name).toLowerCase());
}

/** Whether bytes begin like a PNG or JPEG file. */
export function isImage(bytes: Uint8Array): boolean {
  return hasPngSignature(bytes) || (bytes[0] === 0xff && bytes[1] === 0xd8);
}

/** The size that the setting `--image-size` means: `28x40` is 28 high and 40 wide. */
export function imageSizeOf(setting: string | null): ImageSize | undefined {
  const [height, width] = setting?.split("x").map(Number) ?? [];
  return height === undefined || width === undefined ? undefined : { height, width };
}

/** `28 x 40`. */
export function describeSize({ height, width }: ImageSize): string {
  return `${height} x ${width}`;
}

/**
 * Reads an image, and resizes it if a size is given.
 * @throws Failure, naming the file, if it cannot be read.
 */
export async function readImageFile(path: string, size: ImageSize | undefined, onBytes: (bytes: Uint8Array) => void = () => undefined): Promise<DecodedImage> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new Failure(`cannot read ${path}: ${systemReason(cause)}`, { cause });
  });
  onBytes(bytes);
  const image = decodeImage(path, bytes);
  return size === undefined ? image : resized(image, size);
}

/** The image in another size, which may change its proportions: means of what a new pixel covers, and linear interpolation between pixels. */
export function resized(image: DecodedImage, { height, width }: ImageSize): DecodedImage {
  if (image.height === height && image.width === width) return image;
  const { channels } = image;
  const pixels = new Tensor([1, image.height, image.width, channels], "float32", image.samples).permute([0, 3, 1, 2]);
  const shrunk = interpolate(pixels, { size: [Math.min(height, image.height), Math.min(width, image.width)], mode: "area" });
  const grown = interpolate(shrunk, { size: [height, width], mode: "bilinear" });
  return { height, width, channels, samples: Float32Array.from(grown.permute([0, 2, 3, 1]).toTypedArray()) };
}

/** `grey images of 28 x 40`. */
export function describeForm(form: ImageForm): string {
  return `${form.channels === 1 ? "grey" : "colour"} images of ${describeSize(form)}`;
}

/** The number of features of an image: its samples. */
export function pixelsOf({ height, width, channels }: ImageForm): number {
  return height * width * channels;
}

/**
 * The features of an image, one channel after the other; a grey image fits a form in colour as well.
 * @throws Failure, naming the file, if the image does not have the form of the `others`.
 */
export function featuresOf(path: string, image: DecodedImage, form: ImageForm, others: "other images" | "model"): Float32Array {
  const { height, width, channels, samples } = image;
  if (height !== form.height || width !== form.width) {
    const difference = others === "model" ? `the model was trained on ${describeSize(form)}; resize it` : `the first image is ${describeSize(form)}; to resize all, add --image-size ${form.height}x${form.width}`;
    throw new Failure(`${path} is ${describeSize(image)} (height x width), but ${difference}`);
  }
  if (channels > form.channels) throw new Failure(`${path} is in colour, but the images of the training are grey; convert it`);
  const pixels = height * width;
  return Float32Array.from({ length: pixelsOf(form) }, (_, at) => samples[(at % pixels) * channels + (channels === 1 ? 0 : Math.floor(at / pixels))] ?? 0);
}

/** Rows of features as a matrix. */
export function matrixOf(rows: readonly Float32Array[], width: number): Tensor {
  const values = new Float32Array(rows.length * width);
  rows.forEach((row, at) => values.set(row, at * width));
  return new Tensor([rows.length, width], "float32", values);
}

/** @throws Failure if images do not have the form that a model was trained on. */
export function requireForm(path: string, found: ImageForm, form: ImageForm): void {
  if (found.height === form.height && found.width === form.width && found.channels === form.channels) return;
  throw new Failure(`${path} has ${describeForm(found)}, the model was trained on ${describeForm(form)}`);
}
