import { ArgumentError, DTypeError, ShapeError, type Tensor } from "@nn/tensor";
import { formatShape, requireKind } from "@nn/tensor/extend";

/**
 * Writes an image as a PNG file of 8 bits for a sample. Shapes: `[height, width]` or `[channels, height, width]` with 1 (grey), 3 (red, green, blue) or 4 channels
 * (with opacity). Floats are from 0 to 1 and are rounded to the nearest level; int32 are levels from 0 to 255. Values beyond these are clipped.
 *
 * @example
 * ```ts
 * import { encodePng } from "@nn/images";
 * import { zeros } from "@nn/tensor";
 * const png = await encodePng(zeros([3, 8, 8]));
 * [...png.subarray(1, 4)].map((byte) => String.fromCharCode(byte)).join(""); // => "PNG"
 * ```
 * @throws ShapeError for another shape; DTypeError for bool; ArgumentError if a value is NaN.
 */
export async function encodePng(image: Tensor): Promise<Uint8Array> {
  requireKind("encodePng", "image", image, "tensor");
  const [width = 0, height = 0, channels = 1] = image.shape.toReversed();
  if (![2, 3].includes(image.rank) || ![1, 3, 4].includes(channels) || width * height === 0) {
    throw new ShapeError(`encodePng: the image is ${formatShape(image.shape)}, expected [height, width] or [channels, height, width] with 1, 3 or 4 channels, none of them empty`);
  }
  if (image.dtype === "bool") throw new DTypeError("encodePng: the image has dtype bool, expected floats from 0 to 1, or int32 levels from 0 to 255; cast it to float32");
  const data = levelsOf(image, channels, width * height);
  const { encode } = await import("fast-png");
  return encode({ width, height, channels, depth: 8, data });
}

/** The levels of an image, one pixel after the other. */
function levelsOf(image: Tensor, channels: number, area: number): Uint8Array {
  const values = image.toTypedArray();
  const scale = image.dtype === "int32" ? 1 : 255;
  const levels = new Uint8Array(values.length);
  for (let at = 0; at < levels.length; at++) {
    const value = values[at] ?? 0;
    if (Number.isNaN(value)) throw new ArgumentError("encodePng: a value is NaN, expected numbers");
    levels[(at % area) * channels + Math.floor(at / area)] = Math.round(Math.min(255, Math.max(0, value * scale)));
  }
  return levels;
}
