import { any, argMax, bernoulli, cast, div, exp, mul, round, sqrt, takeAlongAxis, uniform, type Generator as RandomGenerator, type RandomOptions, type Tensor } from "@nn/tensor";
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

/** What rectangles are drawn from. */
export interface RectangleOptions {
  /** The area that `scale` is a range of fractions of. */
  readonly area: number;
  readonly scale: readonly [low: number, high: number];
  /** The range of the ratio of height to width. */
  readonly ratio: readonly [low: number, high: number];
  /** Which rectangles fit. */
  readonly fits: (rows: Tensor, columns: Tensor) => Tensor;
  readonly generator: RandomGenerator | undefined;
}

/** How many rectangles are drawn for an image; the first that fits counts. */
const attempts = 10;

/** The rows and columns of a rectangle for each image, `[count]`: of a uniform area and a log-uniform ratio, the first of ten that fits. `found` says whether one does. */
export function drawnRectangle(count: number, { area, scale, ratio, fits, generator }: RectangleOptions): { readonly rows: Tensor; readonly columns: Tensor; readonly found: Tensor } {
  const draw = (low: number, high: number): Tensor => uniform([count, attempts], { low, high, dtype: "float64", generator });
  const areas = mul(draw(...scale), area);
  const ratios = exp(draw(Math.log(ratio[0]), Math.log(ratio[1])));
  const [rows, columns] = [round(sqrt(mul(areas, ratios))), round(sqrt(div(areas, ratios)))];
  const fitting = fits(rows, columns);
  const first = argMax(cast(fitting, "int32"), 1, { keepAxes: true });
  const taken = (lengths: Tensor): Tensor => takeAlongAxis(lengths, first, 1).reshape([count]);
  return { rows: taken(rows), columns: taken(columns), found: any(fitting, 1) };
}
