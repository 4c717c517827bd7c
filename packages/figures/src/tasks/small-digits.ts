import { digits } from "@nn/data";
import { avgPool2d, tensor, type Tensor } from "@nn/tensor";
import { numbersOf } from "./digit-network.js";

/** Width and height of a small digit, in pixels. */
export const digitSide = 14;
export const digitPixels = digitSide ** 2;

/** Images of digits and their labels. */
export interface SmallDigits {
  /** One row of 196 pixels for each image, `[N, 196]`. */
  readonly images: Tensor;
  readonly labels: Tensor;
}

/** Generated digits of half the size. Every ten images are the ten digits in any order. Where `isCentred`, the middle of the ink is moved to the middle of the image. */
export function smallDigits(count: number, part: "train" | "test", isCentred = false): SmallDigits {
  const splits = digits({ seed: 1, train: part === "train" ? count : 0, test: part === "test" ? count : 0, flatten: false });
  const [images, labels] = splits[part].batch(Array.from({ length: count }, (_, at) => at));
  const small = avgPool2d(images, 2).reshape([count, digitPixels]);
  return { images: isCentred ? tensor(rowsOf(small).map(centred)) : small, labels };
}

/** Paler pixels are noise, not ink. */
const ink = 0.2;

/** An image that is moved by whole pixels, so that the middle of its ink comes to the middle. */
function centred(pixels: readonly number[]): number[] {
  const [columnOf, rowOf] = [(at: number): number => at % digitSide, (at: number): number => Math.floor(at / digitSide)];
  const weights = pixels.map((value) => (value > ink ? value : 0));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const away = (place: (at: number) => number): number => Math.round(weights.reduce((sum, weight, at) => sum + weight * place(at), 0) / total - (digitSide - 1) / 2);
  const [right, down] = [away(columnOf), away(rowOf)];
  return pixels.map((_, at) => {
    const [column, row] = [columnOf(at) + right, rowOf(at) + down];
    const isInside = column >= 0 && column < digitSide && row >= 0 && row < digitSide;
    return isInside ? pixels[row * digitSide + column] ?? 0 : 0;
  });
}

/** The pixels of each image. */
export function rowsOf(images: Tensor): readonly (readonly number[])[] {
  const pixels = numbersOf(images);
  return Array.from({ length: pixels.length / digitPixels }, (_, at) => pixels.slice(at * digitPixels, (at + 1) * digitPixels));
}
