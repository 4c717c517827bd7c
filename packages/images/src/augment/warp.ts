import { add, arange, cast, clamp, div, expand, floor, greaterEqual, lessEqual, logicalAnd, mul, round, sub, takeAlongAxis, where, type Tensor } from "@nn/tensor";
import type { OptionKinds } from "@nn/tensor/extend";

/** Options of functions that move pixels: how a value between pixels is computed, and what lies beyond the image. */
export interface WarpOptions {
  /** `"bilinear"`: interpolation between the four nearest pixels; `"nearest"`: the nearest pixel. Default: `"bilinear"`. */
  readonly mode?: "nearest" | "bilinear";
  /** The value of pixels that come from beyond the image. Default: 0. */
  readonly fill?: number;
}

/** The kinds of {@link WarpOptions}. */
export const warpOptions: OptionKinds<WarpOptions> = { mode: ["nearest", "bilinear"], fill: "finite" };

/** The place in the old image of each new pixel: rows and columns, `[N, H · W]`. */
export interface Places {
  readonly y: Tensor;
  readonly x: Tensor;
}

/** A table of three rows and columns of tensors `[N, 1]` or `[1, 1]`, which maps a place to another one in homogeneous coordinates. Of an affine map, the first two rows. */
export type Projection = readonly (readonly [x: Tensor, y: Tensor, one: Tensor])[];

/** The places of pixels, `[1, H · W]`, counted from `first`, the place of the first one. */
export function pixelPlaces([height, width]: readonly [number, number], first: readonly [y: number, x: number], dtype: Tensor["dtype"]): Places {
  const along = (length: number, start: number): Tensor => add(cast(arange(length), dtype), start);
  return {
    y: expand(along(height, first[0]).reshape([height, 1]), [height, width]).reshape([1, -1]),
    x: expand(along(width, first[1]).reshape([1, width]), [height, width]).reshape([1, -1]),
  };
}

/** The places that a map gives. */
export function projected(projection: Projection, { y, x }: Places): Places {
  const [across, down, scale] = projection.map(([a, b, c]) => add(add(mul(x, a), mul(y, b)), c));
  if (across === undefined || down === undefined) throw new Error("a map has at least two rows");
  return scale === undefined ? { y: down, x: across } : { y: div(down, scale), x: div(across, scale) };
}

/** Places moved by a distance. */
export function moved({ y, x }: Places, down: number, across: number): Places {
  return { y: add(y, down), x: add(x, across) };
}

/** The values of images `[N, C, H, W]` at places, as images `[N, C, …size]`. What lies beyond an image is `fill`. PyTorch: `grid_sample`. */
export function sampled(images: Tensor, { y, x }: Places, [rows, columns]: readonly [number, number], { mode = "bilinear", fill = 0 }: WarpOptions): Tensor {
  const [count = 0, channels = 0, height = 0, width = 0] = images.shape;
  const source = fill === 0 ? images : sub(images, fill);
  const flat = source.reshape([count, channels, height * width]);
  const at = (down: Tensor, across: Tensor): Tensor => {
    const inside = logicalAnd(within(down, height), within(across, width));
    const index = add(mul(clamp(down, 0, height - 1), width), clamp(across, 0, width - 1));
    const values = takeAlongAxis(flat, cast(index, "int32").reshape([-1, 1, rows * columns]), 2);
    return where(inside.reshape([-1, 1, rows * columns]), values, 0);
  };
  const values = mode === "nearest" ? at(round(y), round(x)) : interpolated(at, y, x);
  const result = fill === 0 ? values : add(values, fill);
  return result.reshape([count, channels, rows, columns]);
}

/** The weighted sum of the four pixels around each place. */
function interpolated(at: (down: Tensor, across: Tensor) => Tensor, y: Tensor, x: Tensor): Tensor {
  const [top, left] = [floor(y), floor(x)];
  const weight = (share: Tensor): Tensor => share.reshape([-1, 1, share.shape[1] ?? 0]);
  const [below, right] = [weight(sub(y, top)), weight(sub(x, left))];
  const row = (down: Tensor): Tensor => {
    const [first, second] = [at(down, left), at(down, add(left, 1))];
    return add(first, mul(sub(second, first), right));
  };
  const [upper, lower] = [row(top), row(add(top, 1))];
  return add(upper, mul(sub(lower, upper), below));
}

function within(position: Tensor, length: number): Tensor {
  return logicalAnd(greaterEqual(position, 0), lessEqual(position, length - 1));
}
