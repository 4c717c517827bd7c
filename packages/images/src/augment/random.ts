import { bernoulli, uniform, type Generator as RandomGenerator, type Tensor } from "@nn/tensor";

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
