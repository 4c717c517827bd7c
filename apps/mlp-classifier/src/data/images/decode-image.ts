import { convertIndexedToRgb, decode as decodePng, hasPngSignature, type DecodedPng } from "fast-png";
import { messageOf } from "@nn/tensor/extend";
import jpeg from "jpeg-js";
import { Failure } from "../../failure.js";
import type { DecodedImage } from "./decoded-image.js";
import { orientationOf, upright } from "./orientation.js";

/** The most pixels of an image. A larger one would not be an example for a multilayer perceptron, and may be a trap. */
const mostPixels = 100e6;

/**
 * Decodes a PNG or JPEG file. A photo is turned as its EXIF data say.
 * @throws Failure, naming the file, if it is neither, is damaged, or has transparent pixels.
 */
export function decodeImage(path: string, bytes: Uint8Array): DecodedImage {
  try {
    if (hasPngSignature(bytes)) return fromPng(path, bytes);
    if (bytes[0] === 0xff && bytes[1] === 0xd8) return fromJpeg(bytes);
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    const problem = cause instanceof RangeError ? "" : messageOf(cause).replace(/[:\s]+$/, "");
    throw new Failure(`${path} is damaged: ${problem === "" ? "it ends too early" : problem}`, { cause });
  }
  throw new Failure(`${path} is neither a PNG nor a JPEG image, whatever its name says; convert or remove it`);
}

function fromPng(path: string, bytes: Uint8Array): DecodedImage {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // The size is in the first chunk, after the signature, its length and its name.
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  if (width * height > mostPixels) throw new Failure(`${path} has ${width} x ${height} pixels, more than the limit of ${mostPixels / 1e6} million; scale it down`);
  const png = decodePng(bytes, { checkCrc: true });
  const { data, channels, most } = samplesOf(png);
  const colours = channels < 3 ? 1 : 3;
  const opaque = colours === channels ? png.transparency === undefined : data.every((value, at) => at % channels !== colours || value === most);
  if (!opaque) throw new Failure(`${path} has transparent pixels, whose colour is not defined; save it without transparency`);
  const samples = Float32Array.from({ length: width * height * colours }, (_, at) => (data[Math.floor(at / colours) * channels + (at % colours)] ?? 0) / most);
  return reduced({ height, width, channels: colours, samples });
}

/** The samples of a PNG file, one number each: those of palettes, and of less than a byte, come in packed form. */
function samplesOf(png: DecodedPng): { readonly data: DecodedPng["data"]; readonly channels: number; readonly most: number } {
  const { channels, depth, palette, data } = png;
  const levels = 2 ** depth - 1;
  if (channels === 1 && palette !== undefined) return { data: convertIndexedToRgb(png), channels: palette[0]?.length ?? 3, most: 255 };
  if (depth >= 8) return { data, channels, most: levels };
  const greys = Array.from({ length: levels + 1 }, (_, level) => [level]);
  return { data: convertIndexedToRgb({ ...png, palette: greys }), channels: 1, most: levels };
}

/** A damaged file is an error. Otherwise jpeg-js would fill what is missing with grey. */
const jpegOptions = { useTArray: true, formatAsRGBA: false, tolerantDecoding: false, maxResolutionInMP: mostPixels / 1e6, maxMemoryUsageInMB: 2048 } as const;

function fromJpeg(bytes: Uint8Array): DecodedImage {
  const decoded = jpeg.decode(bytes, jpegOptions);
  const { height, width, data } = decoded;
  const image = reduced({ height, width, channels: 3, samples: Float32Array.from(data, (value) => value / 255) });
  // The types of jpeg-js lack the EXIF data.
  const exif: unknown = "exifBuffer" in decoded ? decoded.exifBuffer : undefined;
  return upright(image, exif instanceof Uint8Array ? orientationOf(exif) : 1);
}

/** The image with one sample of each pixel, if the three are equal everywhere. */
function reduced(image: DecodedImage): DecodedImage {
  const { channels, samples } = image;
  if (channels === 1) return image;
  for (let at = 0; at < samples.length; at += 3) if (samples[at] !== samples[at + 1] || samples[at] !== samples[at + 2]) return image;
  return { ...image, channels: 1, samples: Float32Array.from({ length: samples.length / 3 }, (_, at) => samples[3 * at] ?? 0) };
}
