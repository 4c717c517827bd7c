import { readFile } from "node:fs/promises";
import { FormatError } from "@nn/data";
import { systemReason } from "@nn/files";
import { decodeImage, imageFormat } from "@nn/images";
import { interpolate, Tensor } from "@nn/tensor";
import { Failure } from "../../failure.js";
import type { ImageForm } from "../input-form.js";

/** A height and a width. */
export type ImageSize = Pick<ImageForm, "height" | "width">;

/** Whether bytes begin like an image file. */
export function isImage(bytes: Uint8Array): boolean {
  return imageFormat(bytes) !== undefined;
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
export async function readImageFile(path: string, size: ImageSize | undefined, onBytes: (bytes: Uint8Array) => void = () => undefined): Promise<Tensor> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new Failure(`cannot read ${path}: ${systemReason(cause)}`, { cause });
  });
  onBytes(bytes);
  return imageOf(path, bytes, size);
}

/**
 * The image of a file, `[1, height, width]` if it is grey, else `[3, height, width]`; in another size if one is given. It is the same on every machine, whether
 * sharp is installed or not.
 * @throws Failure, naming the file, if it cannot be decoded.
 */
export async function imageOf(path: string, bytes: Uint8Array, size: ImageSize | undefined): Promise<Tensor> {
  try {
    const image = withoutEqualChannels(await decodeImage(bytes, { name: path, decoder: "javascript" }));
    return size === undefined ? image : resized(image, size);
  } catch (cause) {
    if (cause instanceof FormatError) throw new Failure(`${path}: ${cause.problem}; convert or remove it`, { cause });
    throw cause;
  }
}

/** The image with one channel, if its three are equal everywhere. */
function withoutEqualChannels(image: Tensor): Tensor {
  const values = image.toTypedArray();
  const area = values.length / 3;
  for (let at = 0; at < area; at++) if (values[at] !== values[area + at] || values[at] !== values[2 * area + at]) return image;
  return image.slice([{ stop: 1 }]);
}

/** The image in another size, which may change its proportions: means of what a new pixel covers, and linear interpolation between pixels. */
function resized(image: Tensor, { height, width }: ImageSize): Tensor {
  const [channels = 1, rows = 1, columns = 1] = image.shape;
  if (rows === height && columns === width) return image;
  const shrunk = interpolate(image.reshape([1, channels, rows, columns]), { size: [Math.min(height, rows), Math.min(width, columns)], mode: "area" });
  return interpolate(shrunk, { size: [height, width], mode: "bilinear" }).reshape([channels, height, width]);
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
export function featuresOf(path: string, image: Tensor, form: ImageForm, others: "other images" | "model"): Float32Array {
  const [channels = 1, height = 1, width = 1] = image.shape;
  if (height !== form.height || width !== form.width) {
    const difference = others === "model" ? `the model was trained on ${describeSize(form)}; resize it` : `the first image is ${describeSize(form)}; to resize all, add --image-size ${form.height}x${form.width}`;
    throw new Failure(`${path} is ${describeSize({ height, width })} (height x width), but ${difference}`);
  }
  if (channels > form.channels) throw new Failure(`${path} is in colour, but the images of the training are grey; convert it`);
  const values = image.toTypedArray();
  return Float32Array.from({ length: pixelsOf(form) }, (_, at) => values[at % values.length] ?? 0);
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
