import type { FloatDType } from "../dtype.js";
import { scalar } from "../operand.js";
import { sizeOf } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { abs, mul } from "./arithmetic.js";
import { greater, less } from "./comparison.js";
import { where } from "./logic.js";
import { max } from "./reduction.js";

interface SquareRange {
  /** Squares of sizes from `small` to `large`, and long sums of them, neither overflow nor lose digits. */
  readonly small: number;
  readonly large: number;
  /** The factors that bring larger and smaller sizes into this range. */
  readonly down: number;
  readonly up: number;
  /** An epsilon below it matters beside squares of sizes below `small`. */
  readonly epsilon: number;
  /** The least number with all its digits. */
  readonly least: number;
}

/** Factors are powers of two, so scaling does not round. */
const ranges: { readonly [D in FloatDType]: SquareRange } = {
  float32: { small: 2 ** -48, large: 2 ** 48, down: 2 ** -80, up: 2 ** 90, epsilon: 2 ** -70, least: 2 ** -126 },
  float64: { small: 2 ** -400, large: 2 ** 400, down: 2 ** -600, up: 2 ** 600, epsilon: 2 ** -750, least: 2 ** -1022 },
};

/** Elements in a scale in which their squares neither overflow nor vanish. */
export interface Scaled {
  readonly elements: Tensor;
  /** What the elements were multiplied by: a power of two, 1 for all but very large and very small elements. Reduced axes have size 1. */
  readonly scale: Tensor | number;
  /** What stands for epsilon beside the scaled mean square. */
  readonly epsilon: Tensor | number;
}

/**
 * Scales `x` so that mean squares along `axes` neither overflow nor vanish: their roots, and quotients with these, may be in range even
 * where the mean squares are not. Ordinary elements keep their bits.
 */
export function scaledForRoots(x: Tensor, axes: readonly number[], epsilon = 0): Scaled {
  if (axes.some((axis) => x.shape[axis] === 0)) return { elements: x, scale: 1, epsilon };
  const range = ranges[x.dtype as FloatDType];
  const largest = largestSize(x, axes);
  const isLarge = greater(largest, range.large);
  const isSmall = epsilon < range.epsilon ? less(largest, range.small) : undefined;
  const choose = (ofLarge: number, ofSmall: number, others: number): Tensor => (
    where(isLarge, scalar(ofLarge, x.dtype), isSmall === undefined ? scalar(others, x.dtype) : where(isSmall, scalar(ofSmall, x.dtype), scalar(others, x.dtype)))
  );
  const scale = choose(range.down, range.up, 1);
  // Beside large elements epsilon is nothing. But where all are equal, it keeps a quotient from being NaN.
  const beside = epsilon === 0 ? 0 : choose(Math.min(epsilon, range.least), epsilon * range.up ** 2, epsilon);
  return { elements: mul(x, scale), scale, epsilon: beside };
}

/** Scales `x` so that the sum of squares along `axes` does not overflow where their mean is in range. */
export function scaledForSquares(x: Tensor, axes: readonly number[]): Pick<Scaled, "elements" | "scale"> {
  const count = sizeOf(axes.map((axis) => x.shape[axis] ?? 1));
  if (count < 2) return { elements: x, scale: 1 };
  // Its square makes up for the number of squares that are added. A smaller one would make the gradient overflow.
  const factor = 2 ** -Math.ceil(Math.log2(count) / 2);
  const scale = where(greater(largestSize(x, axes), ranges[x.dtype as FloatDType].large), scalar(factor, x.dtype), scalar(1, x.dtype));
  return { elements: mul(x, scale), scale };
}

function largestSize(x: Tensor, axes: readonly number[]): Tensor {
  return max(abs(x.detach()), axes, { keepAxes: true });
}
