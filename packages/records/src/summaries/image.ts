import { ArgumentError, type Tensor } from "@nn/tensor";
import { formatShape, requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { encode } from "fast-png";
import type { PngImage } from "../run-record.js";
import { toBase64 } from "./base64.js";

/** Options of {@link imageOf}. */
export interface ImageOptions {
  /** The value that is black. Default 0. */
  readonly black?: number;
  /** The value that is white. Default 1. */
  readonly white?: number;
}

const kinds: OptionKinds<ImageOptions> = { black: "finite", white: "finite" };

/**
 * The PNG image of a tensor `[height, width]` or `[channels, height, width]` with 1 (grey), 3 (red, green, blue) or 4 channels (with opacity). Values
 * beyond `black` and `white` are clipped.
 * @throws ArgumentError for another shape, or if a value is NaN.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { imageOf } from "@nn/records";
 *
 * const { width, height } = imageOf(tensor([[0, 0.5, 1]]));
 * [width, height]; // => [3, 1]
 * ```
 */
export function imageOf(pixels: Tensor, options: ImageOptions = {}): PngImage {
  requireKind("imageOf", "pixels", pixels, "tensor");
  requireOptions("imageOf", options, kinds);
  const { black = 0, white = 1 } = options;
  if (black === white) throw new ArgumentError(`imageOf: black and white are both ${black}, expected different values`);
  const [height = 0, width = 0] = pixels.shape.slice(-2);
  const channels = pixels.shape.length === 3 ? (pixels.shape[0] ?? 0) : 1;
  if (![2, 3].includes(pixels.shape.length) || ![1, 3, 4].includes(channels) || width * height === 0) {
    throw new ArgumentError(`imageOf: the shape is ${formatShape(pixels.shape)}, expected [height, width] or [channels, height, width] with 1, 3 or 4 channels, none of them empty`);
  }
  const values = pixels.toTypedArray();
  const area = width * height;
  const data = new Uint8Array(area * channels);
  for (let at = 0; at < data.length; at++) {
    const value = values[at] ?? 0;
    if (Number.isNaN(value)) throw new ArgumentError("imageOf: a pixel is NaN, expected numbers");
    data[(at % area) * channels + Math.floor(at / area)] = Math.round(255 * Math.min(1, Math.max(0, (value - black) / (white - black))));
  }
  return { png: toBase64(encode({ width, height, data, channels, depth: 8 })), width, height };
}
