import { add, ArgumentError, cast, div, isTensor, mul, select, ShapeError, stack, sub, tensor, where, type Tensor } from "@nn/tensor";
import { describeValue, formatShape, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { chanceOptions, chosen, drawnUpTo, type ChanceOptions } from "./random.js";
import { onBatch, requireFloatImages, requireGenerator } from "./requirements.js";
import { moved, pixelPlaces, projected, sampled, warpOptions, type Projection, type WarpOptions } from "./warp.js";

/** Where the corners of an image come to, as places in pixels: top left, top right, bottom right, bottom left. */
export type Corners = readonly (readonly [x: number, y: number])[];

/**
 * Shows images `[…, C, H, W]` as if they were seen from elsewhere: the centres of their corner pixels come to `corners`, four places `[x, y]` or a tensor `[4, 2]`,
 * or `[N, 4, 2]` with those of each image. torchvision: `perspective`, with the corners as `startpoints`.
 *
 * @example
 * ```ts
 * import { perspective } from "@nn/images";
 * import { zeros } from "@nn/tensor";
 * perspective(zeros([3, 20, 30]), [[2, 1], [29, 0], [27, 19], [0, 18]]).shape; // => [3, 20, 30]
 * ```
 * @throws ShapeError unless the corners are four places, for all images or for each.
 */
export function perspective(images: Tensor, corners: Corners | Tensor, options: WarpOptions = {}): Tensor {
  requireFloatImages("perspective", images);
  requireOptions("perspective", options, warpOptions);
  const places = isTensor(corners) ? cast(corners, "float64") : listedCorners(corners);
  return onBatch(images, (batch, count) => {
    const [each = 0, four, two] = places.rank === 2 ? [1, ...places.shape] : places.shape;
    if (![2, 3].includes(places.rank) || four !== 4 || two !== 2 || ![1, count].includes(each)) {
      throw new ShapeError(`perspective: corners are ${formatShape(places.shape)}, expected [4, 2], or [${count}, 4, 2] for each image`);
    }
    return seenFrom(batch, places.reshape([each, 4, 2]), options);
  });
}

function listedCorners(corners: Corners): Tensor {
  const isPlace = (place: unknown): boolean => Array.isArray(place) && place.length === 2 && place.every(Number.isFinite);
  if (Array.isArray(corners) && corners.length === 4 && corners.every(isPlace)) return tensor(corners, { dtype: "float64" });
  throw new ArgumentError(`perspective: corners are ${describeValue(corners)}, expected four places [x, y], or a tensor`);
}

/** Options of {@link randomPerspective}. */
export interface RandomPerspectiveOptions extends WarpOptions, ChanceOptions {
  /** How far a corner may move: from 0 (not at all) to 1 (to the centre of the image). Default: 0.5. torchvision: `distortion_scale`. */
  readonly distortion?: number;
}

const randomPerspectiveOptions: OptionKinds<RandomPerspectiveOptions> = { distortion: "probability", ...chanceOptions, ...warpOptions };

/** {@link perspective} of each image with probability `p`; its corners move towards the centre by whole pixels that are drawn for each. torchvision: `RandomPerspective`. */
export function randomPerspective(images: Tensor, options: RandomPerspectiveOptions = {}): Tensor {
  requireFloatImages("randomPerspective", images);
  requireOptions("randomPerspective", options, randomPerspectiveOptions);
  const { distortion = 0.5, p = 0.5, generator, ...warp } = options;
  requireGenerator("randomPerspective", generator);
  return onBatch(images, (batch, count) => {
    const [height = 0, width = 0] = batch.shape.slice(2);
    const inwards = (length: number): Tensor => cast(drawnUpTo(count, Math.floor(distortion * Math.floor(length / 2)), generator), "float64");
    const [left, right] = [(): Tensor => inwards(width), (): Tensor => sub(width - 1, inwards(width))];
    const [top, bottom] = [(): Tensor => inwards(height), (): Tensor => sub(height - 1, inwards(height))];
    const corners = [[left(), top()], [right(), top()], [right(), bottom()], [left(), bottom()]].map((place) => stack(place, 1));
    return where(chosen(count, p, generator), seenFrom(batch, stack(corners, 1), warp), batch);
  });
}

/** Images whose corners are at places `[N, 4, 2]`. */
function seenFrom(batch: Tensor, corners: Tensor, warp: WarpOptions): Tensor {
  const { dtype } = batch;
  const [height = 0, width = 0] = batch.shape.slice(2);
  const [across, down, scale] = inverseOfSquare(corners);
  const stretched = ([a, b, c]: readonly [Tensor, Tensor, Tensor], by: number): readonly [Tensor, Tensor, Tensor] => [mul(a, by), mul(b, by), mul(c, by)];
  const projection = [stretched(across, width - 1), stretched(down, height - 1), scale].map(([a, b, c]) => [cast(a, dtype), cast(b, dtype), cast(c, dtype)] as const);
  // torchvision counts both the corners and half pixels from the edge.
  const places = projected(projection, pixelPlaces([height, width], [0.5, 0.5], dtype));
  return sampled(batch, moved(places, -0.5, -0.5), [height, width], warp);
}

/**
 * The map from a quadrilateral with corners `[N, 4, 2]` to the unit square: the adjugate of the map from the square, which has a closed form (Heckbert 1989,
 * "Fundamentals of texture mapping and image warping", 2.2.3).
 */
function inverseOfSquare(corners: Tensor): readonly [Projection[number], Projection[number], Projection[number]] {
  const place = (corner: number, axis: 0 | 1): Tensor => select(select(corners, 2, axis), 1, corner).reshape([-1, 1]);
  const alongAxis = (axis: 0 | 1) => {
    const [p0, p1, p2, p3] = [place(0, axis), place(1, axis), place(2, axis), place(3, axis)];
    return { p0, p1, p3, first: sub(p1, p2), second: sub(p3, p2), sum: add(sub(p0, p1), sub(p2, p3)) };
  };
  const [x, y] = [alongAxis(0), alongAxis(1)];
  const cross = (p: Tensor, q: Tensor, r: Tensor, s: Tensor): Tensor => sub(mul(p, q), mul(r, s));
  const determinant = cross(x.first, y.second, x.second, y.first);
  const g = div(cross(x.sum, y.second, x.second, y.sum), determinant);
  const h = div(cross(x.first, y.sum, x.sum, y.first), determinant);
  const [a, b, c] = [add(sub(x.p1, x.p0), mul(g, x.p1)), add(sub(x.p3, x.p0), mul(h, x.p3)), x.p0];
  const [d, e, f] = [add(sub(y.p1, y.p0), mul(g, y.p1)), add(sub(y.p3, y.p0), mul(h, y.p3)), y.p0];
  return [
    [sub(e, mul(f, h)), sub(mul(c, h), b), cross(b, f, c, e)],
    [sub(mul(f, g), d), sub(a, mul(c, g)), cross(c, d, a, f)],
    [cross(d, h, e, g), cross(b, g, a, h), cross(a, e, b, d)],
  ];
}
