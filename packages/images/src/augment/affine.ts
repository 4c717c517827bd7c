import { add, cast, cos, div, isTensor, mul, neg, round, sin, sub, tan, type RandomOptions, type Tensor } from "@nn/tensor";
import { requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { drawn } from "./random.js";
import { fullTurn, onBatch, perImage, requireDegrees, requireFloatImages, requireGenerator, requirePair, requireRange, type PerImage } from "./requirements.js";
import { moved, pixelPlaces, projected, sampled, warpOptions, type WarpOptions } from "./warp.js";

/** Options of {@link affine}. Each is one number, or a tensor `[N]` with one for each image. */
export interface AffineOptions extends WarpOptions {
  /** The angle of a clockwise rotation around the centre, in degrees. Default: 0. */
  readonly angle?: PerImage;
  /** Pixels by which an image moves to the right. Default: 0. */
  readonly translateX?: PerImage;
  /** Pixels by which an image moves down. Default: 0. */
  readonly translateY?: PerImage;
  /** The factor by which an image becomes larger. Default: 1. */
  readonly scale?: PerImage;
  /** The angle of a shear along the rows, in degrees. Default: 0. */
  readonly shearX?: PerImage;
  /** The angle of a shear along the columns, in degrees. Default: 0. */
  readonly shearY?: PerImage;
}

const affineOptions: OptionKinds<AffineOptions> = { angle: "any", translateX: "any", translateY: "any", scale: "any", shearX: "any", shearY: "any", ...warpOptions };

/**
 * Rotates, shears, scales and moves images `[…, C, H, W]`, which keep their size: a pixel at `p` comes to `T + s · R · S · p`, counted from the centre, with the
 * rotation `R`, the shear `S`, the scale `s` and the translation `T`. torchvision: `affine`, which applies
 * the weight of a pixel at the edge twice if `fill` is given.
 *
 * @example
 * ```ts
 * import { affine } from "@nn/images";
 * import { tensor } from "@nn/tensor";
 * affine(tensor([[[1, 2, 3]]]), { translateX: 1 }).toArray(); // => [[[0, 1, 2]]]
 * ```
 * @throws ShapeError unless the images have three axes or more and are not empty, or if a tensor is not `[N]`; DTypeError unless they are floats.
 */
export function affine(images: Tensor, options: AffineOptions = {}): Tensor {
  requireFloatImages("affine", images);
  requireOptions("affine", options, affineOptions);
  return transformed("affine", images, options);
}

/**
 * Rotates images `[…, C, H, W]` counterclockwise around their centre by degrees: one number, or a tensor `[N]` with one for each image. They keep their size.
 * torchvision: `rotate`.
 *
 * @example
 * ```ts
 * import { rotate } from "@nn/images";
 * import { tensor } from "@nn/tensor";
 * rotate(tensor([[[1, 2], [3, 4]]]), 90, { mode: "nearest" }).toArray(); // => [[[2, 4], [1, 3]]]
 * ```
 * @throws ShapeError unless the images have three axes or more and are not empty, or if the angles are not `[N]`; DTypeError unless they are floats.
 */
export function rotate(images: Tensor, angle: PerImage, options: WarpOptions = {}): Tensor {
  requireFloatImages("rotate", images);
  requireOptions("rotate", options, warpOptions);
  if (!isTensor(angle)) requireKind("rotate", "angle", angle, "finite");
  return transformed("rotate", images, { ...options, angle }, -1);
}

/** Options of {@link randomAffine}. */
export interface RandomAffineOptions extends WarpOptions, RandomOptions {
  /** Angles of rotation are uniform from −`degrees` to `degrees`, in degrees, at most 360. Default: 0. */
  readonly degrees?: number;
  /** The largest translations along the rows and along the columns, as fractions of the width and the height, at most 1. Default: [0, 0]. */
  readonly translate?: readonly [x: number, y: number];
  /** The range of the scale. Default: [1, 1]. */
  readonly scale?: readonly [low: number, high: number];
  /** The largest angles of shears along the rows and along the columns, in degrees, at most 360. Default: [0, 0]. */
  readonly shear?: readonly [x: number, y: number];
}

const randomAffineOptions: OptionKinds<RandomAffineOptions> = { degrees: "nonNegative", translate: "any", scale: "any", shear: "any", generator: "any", ...warpOptions };

/**
 * {@link affine} with values that are drawn uniformly for each image; translations are whole pixels. torchvision: `RandomAffine`.
 *
 * @example
 * ```ts
 * import { randomAffine } from "@nn/images";
 * import { Generator, zeros } from "@nn/tensor";
 * const changed = randomAffine(zeros([8, 3, 32, 32]), { degrees: 10, translate: [0.1, 0.1], scale: [0.9, 1.1], generator: new Generator(1) });
 * changed.shape; // => [8, 3, 32, 32]
 * ```
 */
export function randomAffine(images: Tensor, options: RandomAffineOptions = {}): Tensor {
  requireFloatImages("randomAffine", images);
  requireOptions("randomAffine", options, randomAffineOptions);
  const { degrees = 0, translate = [0, 0], scale = [1, 1], shear = [0, 0], generator, ...warp } = options;
  requireGenerator("randomAffine", generator);
  requireDegrees("randomAffine", degrees);
  requirePair("randomAffine", "translate", translate, 1);
  requirePair("randomAffine", "shear", shear, fullTurn);
  requireRange("randomAffine", "scale", scale, 1e-3);
  return onBatch(images, (batch, count) => {
    const [height = 0, width = 0] = batch.shape.slice(2);
    const around = (most: number): Tensor => drawn(count, [-most, most], generator);
    return transformed("randomAffine", batch, {
      ...warp,
      angle: around(degrees), translateX: round(around(translate[0] * width)), translateY: round(around(translate[1] * height)),
      scale: drawn(count, scale, generator), shearX: around(shear[0]), shearY: around(shear[1]),
    });
  });
}

/** {@link rotate} by angles that are uniform between `-degrees` and `degrees`, at most 360, drawn for each image. torchvision: `RandomRotation`. */
export function randomRotation(images: Tensor, degrees: number, options: WarpOptions & RandomOptions = {}): Tensor {
  requireFloatImages("randomRotation", images);
  requireDegrees("randomRotation", degrees);
  requireOptions("randomRotation", options, { ...warpOptions, generator: "any" });
  const { generator, ...warp } = options;
  requireGenerator("randomRotation", generator);
  return onBatch(images, (batch, count) => transformed("randomRotation", batch, { ...warp, angle: drawn(count, [-degrees, degrees], generator) }, -1));
}

/** The transformed images; `turn` is −1 for a counterclockwise rotation. */
function transformed(operation: string, images: Tensor, options: AffineOptions, turn: 1 | -1 = 1): Tensor {
  return onBatch(images, (batch, count) => {
    const { dtype } = batch;
    const [height = 0, width = 0] = batch.shape.slice(2);
    const value = (name: Exclude<keyof AffineOptions, keyof WarpOptions>, otherwise = 0): Tensor =>
      perImage(operation, name, options[name] === undefined ? otherwise : options[name], count, { rank: 2, kind: name === "scale" ? "positive" : "finite" });
    const map = inverse(radians(value("angle")).mul(turn), radians(value("shearX")), radians(value("shearY")), value("scale", 1));
    // A new pixel p has the old place M⁻¹ (p − T), counted from the centre.
    const projection = map.map(([a, b]) => {
      const shift = neg(add(mul(a, value("translateX")), mul(b, value("translateY"))));
      return [cast(a, dtype), cast(b, dtype), cast(shift, dtype)] as const;
    });
    const [middle, centre] = [(height - 1) / 2, (width - 1) / 2];
    const places = projected(projection, pixelPlaces([height, width], [-middle, -centre], dtype));
    return sampled(batch, moved(places, middle, centre), [height, width], options);
  });
}

/** The inverse of `s · R · S`, whose rotation and shear have the determinant 1. */
function inverse(rotation: Tensor, shearX: Tensor, shearY: Tensor, scale: Tensor): readonly (readonly [Tensor, Tensor])[] {
  const turned = sub(rotation, shearY);
  const [along, across] = [div(cos(turned), cos(shearY)), div(sin(turned), cos(shearY))];
  const a = along;
  const b = neg(add(mul(along, tan(shearX)), sin(rotation)));
  const c = across;
  const d = sub(cos(rotation), mul(across, tan(shearX)));
  return [[div(d, scale), div(neg(b), scale)], [div(neg(c), scale), div(a, scale)]];
}

function radians(degrees: Tensor): Tensor {
  return mul(degrees, Math.PI / 180);
}
