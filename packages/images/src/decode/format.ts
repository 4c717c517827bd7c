import { ArgumentError } from "@nn/tensor";
import { describeValue } from "@nn/tensor/extend";

/** The kinds of image files that can be decoded. */
export type ImageFormat = "png" | "jpeg" | "webp";

const pngSignature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/**
 * The kind of an image file, by its first bytes; undefined if it is none that can be decoded.
 *
 * @example
 * ```ts
 * import { imageFormat } from "@nn/images";
 * imageFormat(Uint8Array.of(0xff, 0xd8, 0xff)); // => "jpeg"
 * ```
 */
export function imageFormat(bytes: Uint8Array): ImageFormat | undefined {
  requireBytes("imageFormat", bytes);
  if (pngSignature.every((byte, at) => bytes[at] === byte)) return "png";
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return "jpeg";
  return asciiAt(bytes, 0, 4) === "RIFF" && asciiAt(bytes, 8, 4) === "WEBP" ? "webp" : undefined;
}

/** Throws unless the value is a `Uint8Array`. */
export function requireBytes(operation: string, bytes: Uint8Array): void {
  if (bytes instanceof Uint8Array) return;
  throw new ArgumentError(`${operation}: the bytes are ${describeValue(bytes)}, expected a Uint8Array; readImage reads a file`);
}

/** Bytes as characters, one each. */
export function asciiAt(bytes: Uint8Array, offset: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + length));
}
