import { FormatError } from "@nn/data";
import { ArgumentError, type Tensor } from "@nn/tensor";
import { describeValue, requireOptions } from "@nn/tensor/extend";
import { pixelOptions, type PixelOptions } from "../decode/decode-image.js";
import { pixelsAs } from "./from-pixels.js";

/**
 * Decodes an image file of any kind that the browser knows to a tensor `[channels, height, width]`: a `Blob` or `File`, or bytes. Photos are turned upright, and
 * colour profiles are ignored, as by `decodeImage` in Node.
 *
 * @example
 * ```ts no-run
 * import { decodeBlob } from "@nn/images/browser";
 *
 * const response = await fetch("cat.jpg");
 * const image = await decodeBlob(await response.blob());
 * console.log(image.shape); // [3, 480, 640]
 * ```
 * @throws FormatError if the browser cannot decode it, or pixels are transparent, and there is neither a background nor a fourth channel.
 */
export async function decodeBlob(file: Blob | Uint8Array<ArrayBuffer>, options: PixelOptions = {}): Promise<Tensor> {
  requireOptions("decodeBlob", options, pixelOptions);
  if (!(file instanceof Blob) && !(file instanceof Uint8Array)) throw new ArgumentError(`decodeBlob: the file is ${describeValue(file)}, expected a Blob, a File or a Uint8Array`);
  const blob = file instanceof Blob ? file : new Blob([file]);
  const bitmap = await createImageBitmap(blob, { imageOrientation: "from-image", colorSpaceConversion: "none", premultiplyAlpha: "none" }).catch((cause: unknown) => {
    throw new FormatError(blob instanceof File ? blob.name : "decodeBlob", "the browser cannot decode it", {}, { fix: "convert it to PNG or JPEG", cause });
  });
  try {
    return pixelsAs("decodeBlob", bitmap, options);
  } finally {
    bitmap.close();
  }
}
