import { ArgumentError, cast, DTypeError, Generator as RandomGenerator, isTensor, ShapeError, tensor, type Tensor } from "@nn/tensor";
import { describeValue, formatShape, isFloat, requireTensor } from "@nn/tensor/extend";

/** A height and a width; one number means both. */
export type ImageSize = number | readonly [height: number, width: number];

/** A number for all images of a batch, or a tensor `[N]` with one for each. */
export type PerImage = number | Tensor;

/** What {@link PerImage} values may be: a test, and its name in messages. */
const numberKinds = {
  finite: [Number.isFinite, "a finite number"],
  positive: [(value) => Number.isFinite(value) && value > 0, "a positive number"],
  nonNegative: [(value) => Number.isFinite(value) && value >= 0, "a number, at least 0"],
} as const satisfies Record<string, readonly [accepts: (value: number) => boolean, expected: string]>;

/** Throws unless a value is one image `[C, H, W]` or images `[…, C, H, W]` that are not empty. */
export function requireImages(operation: string, images: Tensor): void {
  requireTensor(operation, images, "images");
  if (images.rank >= 3 && images.size > 0) return;
  throw new ShapeError(`${operation}: images are ${formatShape(images.shape)}, expected [C, H, W] or [N, C, H, W], none of them empty`);
}

/** Throws unless a value is images of floats. */
export function requireFloatImages(operation: string, images: Tensor): void {
  requireImages(operation, images);
  if (!isFloat(images.dtype)) throw new DTypeError(`${operation}: images have dtype ${images.dtype}, expected float32 or float64 from 0 to 1; cast levels and divide them by 255`);
}

/** The images as a batch of four axes, and back. */
export function onBatch(images: Tensor, change: (batch: Tensor, count: number) => Tensor): Tensor {
  const inner = images.shape.slice(-3);
  const batch = images.reshape([-1, ...inner]);
  const changed = change(batch, batch.shape[0] ?? 0);
  return changed.reshape([...images.shape.slice(0, -3), ...changed.shape.slice(1)]);
}

/** A value for each image as a tensor `[N, …]` of as many axes as `rank` says, all but the first of length 1; of length 1 throughout if one value is for all. */
export function perImage(operation: string, name: string, value: PerImage, count: number, { rank, dtype = "float64", kind = "finite" }: PerImageForm): Tensor {
  const ones = Array.from({ length: rank - 1 }, () => 1);
  const [accepts, expected] = numberKinds[kind];
  if (!isTensor(value)) {
    if (typeof value === "number" && accepts(value)) return tensor([value], { dtype }).reshape([1, ...ones]);
    throw new ArgumentError(`${operation}: ${name} is ${describeValue(value)}, expected ${expected}, or a tensor with one for each image`);
  }
  if (value.rank === 0 || (value.rank === 1 && value.shape[0] === count)) return cast(value, dtype).reshape([-1, ...ones]);
  throw new ShapeError(`${operation}: ${name} is ${formatShape(value.shape)}, expected [${count}], one for each image`);
}

/** The form of the tensor that {@link perImage} makes. */
export interface PerImageForm {
  readonly rank: number;
  /** Default: float64, so that eager and compiled functions compute the same ones. */
  readonly dtype?: Tensor["dtype"];
  readonly kind?: keyof typeof numberKinds;
}

/** The height and the width that a size means. */
export function sizeOfImage(operation: string, size: ImageSize): readonly [height: number, width: number] {
  const [height, width] = Array.isArray(size) ? (size as readonly number[]) : [size, size];
  const isLength = (length: unknown): length is number => typeof length === "number" && Number.isSafeInteger(length) && length > 0;
  if (isLength(height) && isLength(width) && (typeof size === "number" || size.length === 2)) return [height, width];
  throw new ArgumentError(`${operation}: size is ${described(size)}, expected a positive whole number, or a height and a width such as [224, 224]`);
}

/** Throws unless a value is two numbers in ascending order, each at least `least`. */
export function requireRange(operation: string, name: string, range: readonly [low: number, high: number], least = -Infinity): void {
  if (Array.isArray(range) && range.length === 2 && range.every((bound) => Number.isFinite(bound) && bound >= least) && range[0] <= range[1]) return;
  throw new ArgumentError(`${operation}: ${name} is ${described(range)}, expected two numbers in ascending order${least > -Infinity ? `, at least ${least}` : ""}`);
}

/** Throws unless a value is two numbers from 0 to `most`. */
export function requirePair(operation: string, name: string, pair: readonly [number, number], most: number): void {
  if (Array.isArray(pair) && pair.length === 2 && pair.every((each) => typeof each === "number" && each >= 0 && each <= most)) return;
  throw new ArgumentError(`${operation}: ${name} is ${described(pair)}, expected two numbers from 0 to ${most}`);
}

/** The largest angle to turn by, in degrees. */
export const fullTurn = 360;

/** Throws unless a value is the largest angle of a rotation. */
export function requireDegrees(operation: string, degrees: number): void {
  if (typeof degrees === "number" && degrees >= 0 && degrees <= fullTurn) return;
  throw new ArgumentError(`${operation}: degrees is ${describeValue(degrees)}, expected a number from 0 to ${fullTurn}`);
}

function described(value: unknown): string {
  return Array.isArray(value) && value.length < 5 && value.every((each) => typeof each === "number") ? `[${value.join(", ")}]` : describeValue(value);
}

/** Throws unless a value is a generator or undefined. */
export function requireGenerator(operation: string, generator: unknown): void {
  if (generator === undefined || generator instanceof RandomGenerator) return;
  throw new ArgumentError(`${operation}: generator is ${describeValue(generator)}, expected a Generator`);
}
