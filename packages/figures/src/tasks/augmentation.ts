import { add, arange, cast, clamp, cos, floorDivide, mul, normal, remainder, round, sin, sub, takeAlongAxis, uniform, type Generator, type Tensor } from "@nn/tensor";
import { digitPixels, digitSide } from "./small-digits.js";

/** How much augmentation changes an image: the largest turn in radians, the largest shift in pixels, the change of size, and the noise. */
export const augmentations = {
  none: { turn: 0, shift: 0, scale: 0, noise: 0 },
  noise: { turn: 0, shift: 0, scale: 0, noise: 0.2 },
  all: { turn: 0.35, shift: 2, scale: 0.2, noise: 0.1 },
} as const;

export type AugmentationName = keyof typeof augmentations;
export const augmentationNames = ["all", "noise", "none"] as const satisfies readonly AugmentationName[];

const [middle, pixels] = [(digitSide - 1) / 2, arange(digitPixels)];

/** Another view of each image `[N, 196]`: turned, shifted, scaled and noisy, at random. */
export function augmented(images: Tensor, name: AugmentationName, generator: Generator): Tensor {
  const { turn, shift, scale, noise } = augmentations[name];
  const between = (low: number, high: number): Tensor => uniform([images.shape[0] ?? 0, 1], { low, high, generator });
  const noisy = (clear: Tensor): Tensor => (noise === 0 ? clear : add(clear, normal(images.shape, { std: noise, generator })));
  if (turn === 0) return noisy(images);
  const [angle, size] = [between(-turn, turn), between(1 - scale, 1 + scale)];
  const [cosine, sine] = [mul(cos(angle), size), mul(sin(angle), size)];
  const [row, column] = [sub(floorDivide(pixels, digitSide), middle), sub(remainder(pixels, digitSide), middle)];
  const nearest = (position: Tensor): Tensor => cast(clamp(round(add(position, between(-shift, shift)).add(middle)), 0, digitSide - 1), "int32");
  const sourceRow = nearest(sub(mul(cosine, row), mul(sine, column)));
  const sourceColumn = nearest(add(mul(sine, row), mul(cosine, column)));
  return noisy(takeAlongAxis(images, add(mul(sourceRow, digitSide), sourceColumn), 1));
}
