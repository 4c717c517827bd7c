import { FormatError } from "@nn/data";
import { Tensor } from "@nn/tensor";
import { allocate } from "@nn/tensor/extend";
import type { Pixels, TensorForm } from "./types.js";

/** The share of red, green and blue in the brightness of a colour (ITU-R BT.601), as in PIL. */
export const luma = [0.299, 0.587, 0.114] as const;

/**
 * Pixels as a tensor `[channels, height, width]`.
 * @throws FormatError if a pixel is transparent, and the form neither keeps the opacity nor has a background.
 */
export function tensorOf(name: string, pixels: Pixels, { channels, dtype, background }: TensorForm): Tensor {
  const { width, height, most } = pixels;
  const area = width * height;
  const scale = dtype === "int32" ? 255 / most : 1 / most;
  const values = new Float64Array(3);
  const out = allocate(dtype, channels * area);
  const store = dtype === "int32" ? (at: number, value: number): number => (out[at] = Math.round(value)) : (at: number, value: number): number => (out[at] = value);
  const backdrop = background?.map((level) => level * most);
  const stored = pixels.channels;
  const [green, blue] = stored < 3 ? [0, 0] : [1, 2];
  const opacity = stored % 2 === 0 ? stored - 1 : undefined;
  for (let at = 0; at < area; at++) {
    const from = at * stored;
    values[0] = pixels.samples[from] ?? 0;
    values[1] = pixels.samples[from + green] ?? 0;
    values[2] = pixels.samples[from + blue] ?? 0;
    const alpha = opacity === undefined ? most : (pixels.samples[from + opacity] ?? 0);
    if (channels === 4) store(3 * area + at, alpha * scale);
    else if (alpha < most) blend(name, values, alpha / most, backdrop);
    if (channels === 1) store(at, brightness(values) * scale);
    else for (let channel = 0; channel < 3; channel++) store(channel * area + at, (values[channel] ?? 0) * scale);
  }
  return new Tensor([channels, height, width], dtype, out);
}

/** Puts a colour in front of the background. */
function blend(name: string, colour: Float64Array, opacity: number, background: readonly number[] | undefined): void {
  if (background === undefined) {
    throw new FormatError(name, "the image has transparent pixels, whose colour is not defined", {}, { fix: "give a background, such as [1, 1, 1] for white, or take 4 channels" });
  }
  for (let channel = 0; channel < 3; channel++) colour[channel] = opacity * (colour[channel] ?? 0) + (1 - opacity) * (background[channel] ?? 0);
}

/** The brightness of a colour. That of a grey is its level, without rounding. */
function brightness([red = 0, green = 0, blue = 0]: Float64Array): number {
  return red === green && red === blue ? red : luma[0] * red + luma[1] * green + luma[2] * blue;
}
