import { conv2d, maxPool2d, relu, tensor } from "@nn/tensor";
import { imageSide } from "./drawing.js";

/** A 3×3 kernel, row by row. */
export type Kernel = readonly number[];

/** Kernels that people have found by thinking. */
export const kernels = {
  vertical: [-1, 0, 1, -2, 0, 2, -1, 0, 1],
  horizontal: [-1, -2, -1, 0, 0, 0, 1, 2, 1],
  outline: [-1, -1, -1, -1, 8, -1, -1, -1, -1],
  blur: [1, 1, 1, 1, 1, 1, 1, 1, 1].map((weight) => weight / 9),
  sharpen: [0, -1, 0, -1, 5, -1, 0, -1, 0],
} as const satisfies Readonly<Record<string, Kernel>>;

export type KernelName = keyof typeof kernels;
export const kernelNames = ["vertical", "horizontal", "outline", "blur", "sharpen"] as const;

/** Width of a feature map: a kernel of 3 fits in so many places. */
export const mapSide = imageSide - 2;

/** Width of a feature map after pooling. */
export const pooledSide = mapSide / 2;

export interface Features {
  /** The kernel at every place of the image, `26 × 26`. */
  readonly map: readonly number[];
  /** The largest of every 2×2 values, after ReLU, `13 × 13`. */
  readonly pooled: readonly number[];
}

/** What a kernel makes of an image. */
export function featuresOf(pixels: readonly number[], kernel: Kernel): Features {
  const map = conv2d(tensor([...pixels]).reshape([1, 1, imageSide, imageSide]), tensor([...kernel]).reshape([1, 1, 3, 3]));
  return { map: [...map.toTypedArray()].map(Number), pooled: [...maxPool2d(relu(map), 2).toTypedArray()].map(Number) };
}
