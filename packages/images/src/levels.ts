import { ArgumentError, DTypeError, ShapeError, type Tensor } from "@nn/tensor";
import { formatShape, requireKind } from "@nn/tensor/extend";

/** The levels of an image from 0 to 255, one pixel after the other. */
export interface Levels {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: Uint8Array;
}

/**
 * The levels of an image `[height, width]` or `[channels, height, width]`: floats from 0 to 1, rounded to the nearest level, or int32 levels. Values beyond these are
 * clipped.
 */
export function levelsOf(operation: string, image: Tensor): Levels {
  requireKind(operation, "image", image, "tensor");
  const [width = 0, height = 0, channels = 1] = image.shape.toReversed();
  if (![2, 3].includes(image.rank) || ![1, 3, 4].includes(channels) || width * height === 0) {
    throw new ShapeError(`${operation}: the image is ${formatShape(image.shape)}, expected [height, width] or [channels, height, width] with 1, 3 or 4 channels, none of them empty`);
  }
  if (image.dtype === "bool") throw new DTypeError(`${operation}: the image has dtype bool, expected floats from 0 to 1, or int32 levels from 0 to 255; cast it to float32`);
  const values = image.toTypedArray();
  const scale = image.dtype === "int32" ? 1 : 255;
  const area = width * height;
  const data = new Uint8Array(values.length);
  for (let at = 0; at < data.length; at++) {
    const value = values[at] ?? 0;
    if (Number.isNaN(value)) throw new ArgumentError(`${operation}: a value is NaN, expected numbers`);
    data[(at % area) * channels + Math.floor(at / area)] = Math.round(Math.min(255, Math.max(0, value * scale)));
  }
  return { width, height, channels, data };
}
