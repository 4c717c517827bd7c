import {
  abs, add, arange, cast, clamp, div, equal, floor, greaterEqual, less, lessEqual, logicalAnd, matmul, maximum, minimum, mul, sub, sum, takeAlongAxis, transpose, where, type Tensor,
} from "@nn/tensor";
import type { ResizeOptions } from "./resize.js";

/** A part of an axis of each image: its first pixel and how many it has, `[N]` float64. */
export interface Span {
  readonly start: Tensor;
  readonly length: Tensor;
}

/** A part of each image of a batch `[N, C, H, W]`, resized: what `resize` gives for the part alone. Each image may have a part of its own, which only the weights of its pixels depend on. */
export function resizedWindows(batch: Tensor, [rows, columns]: readonly [rows: Span, columns: Span], [height, width]: readonly [number, number], options: Required<ResizeOptions>): Tensor {
  const [tall = 0, wide = 0] = batch.shape.slice(2);
  if (options.mode === "nearest") return nearest(nearest(batch, rows, height, 2), columns, width, 3);
  const [down, across] = [weights(rows, height, tall, options), weights(columns, width, wide, options)].map((each) => cast(each.unsqueeze(1), batch.dtype)) as [Tensor, Tensor];
  return matmul(matmul(down, batch), transpose(across));
}

/** The old pixel at `⌊index · length / size⌋`. */
function nearest(batch: Tensor, { start, length }: Span, size: number, axis: 2 | 3): Tensor {
  const index = add(floor(div(mul(arange(size, { dtype: "float64" }).reshape([1, size]), length.reshape([-1, 1])), size)), start.reshape([-1, 1]));
  return takeAlongAxis(batch, cast(index, "int32").reshape(axis === 2 ? [-1, 1, size, 1] : [-1, 1, 1, size]), axis);
}

/** How a new pixel is computed from the old ones: their weights at a distance, and the pixels around its place. */
interface Kernel {
  readonly weight: (distance: Tensor) => Tensor;
  readonly neighbours: readonly number[];
}

const triangle: Kernel = { weight: (distance) => maximum(sub(1, distance), 0), neighbours: [0, 1] };

/** The cubic convolution kernel of Keys (1981), with its slope at 1. */
const cubic = (slope: number): Kernel => ({
  weight: (x) => {
    const near = add(mul(mul(sub(mul(x, slope + 2), slope + 3), x), x), 1);
    const far = sub(mul(add(mul(sub(mul(x, slope), 5 * slope), x), 8 * slope), x), 4 * slope);
    return where(lessEqual(x, 1), near, where(less(x, 2), far, 0));
  },
  neighbours: [-1, 0, 1, 2],
});

/** The weights of the old pixels of an axis for each new one, `[N, size, count]`: 0 outside of the part. */
function weights({ start, length }: Span, size: number, count: number, { mode, antialias }: Required<ResizeOptions>): Tensor {
  const [first, taken] = [start.reshape([-1, 1, 1]), length.reshape([-1, 1, 1])];
  const pixels = arange(count, { dtype: "float64" }).reshape([1, 1, count]);
  const step = div(taken, size);
  const centres = mul(arange(size, { dtype: "float64" }).reshape([1, size, 1]).add(0.5), step);
  if (antialias) return covering(mode === "bicubic" ? cubic(-0.5) : triangle, { first, taken, pixels, step, centres });
  const { weight, neighbours } = mode === "bicubic" ? cubic(-0.75) : triangle;
  const last = sub(taken, 1);
  const within = (place: Tensor): Tensor => minimum(clamp(place, 0), last);
  const between = sub(centres, 0.5);
  const place = mode === "bicubic" ? between : within(between);
  const below = floor(place);
  const parts = neighbours.map((offset) => where(equal(pixels, add(within(add(below, offset)), first)), weight(abs(sub(sub(place, below), offset))), 0));
  return parts.reduce((a, b) => add(a, b));
}

interface Places {
  readonly first: Tensor;
  readonly taken: Tensor;
  readonly pixels: Tensor;
  readonly step: Tensor;
  readonly centres: Tensor;
}

/** All pixels that a new one covers, by a kernel that is as many times as wide as the axis becomes shorter. */
function covering({ weight }: Kernel, { first, taken, pixels, step, centres }: Places): Tensor {
  const inside = logicalAnd(greaterEqual(pixels, first), less(pixels, add(first, taken)));
  const distance = abs(sub(add(sub(pixels, first), 0.5), centres));
  const each = where(inside, weight(div(distance, maximum(step, 1))), 0);
  return div(each, sum(each, 2, { keepAxes: true }));
}
