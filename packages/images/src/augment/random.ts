import { bernoulli, uniform, type Generator as RandomGenerator, type RandomOptions, type Tensor } from "@nn/tensor";
import type { OptionKinds } from "@nn/tensor/extend";

/** Options of augmentations that change some of the images. */
export interface ChanceOptions extends RandomOptions {
  /** The probability that an image is changed. Default: 0.5. */
  readonly p?: number;
}

/** The kinds of {@link ChanceOptions}. */
export const chanceOptions: OptionKinds<ChanceOptions> = { p: "probability", generator: "any" };

/** A uniform number for each image, `[count]`. They are float64, so that eager and compiled functions draw and compute the same ones. */
export function drawn(count: number, [low, high]: readonly [low: number, high: number], generator: RandomGenerator | undefined): Tensor {
  return uniform([count], { low, high, dtype: "float64", generator });
}

/** Whether each image is changed, `[count, 1, 1, 1]`. */
export function chosen(count: number, p: number, generator: RandomGenerator | undefined): Tensor {
  return bernoulli(p, [count, 1, 1, 1], { dtype: "bool", generator });
}

/** A whole number from 0 to `most` for each image, `[count]` int32. */
export function drawnUpTo(count: number, most: number, generator: RandomGenerator | undefined): Tensor {
  return uniform([count], { high: most + 1, dtype: "float64", generator }).cast("int32");
}
