import type { Tensor } from "@nn/tensor";
import { levelsOf } from "./levels.js";

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
  const levels = levelsOf("encodePng", image);
  const { encode } = await import("fast-png");
  return encode({ ...levels, depth: 8 });
}
