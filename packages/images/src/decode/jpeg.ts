import { FormatError } from "@nn/data";
import { damaged, requireArea } from "./failure.js";
import { jpegHeader, type JpegHeader } from "./jpeg-header.js";
import { upright } from "./orientation.js";
import type { Pixels } from "./types.js";

/** Pixels of a block. A block takes at least one bit: the code of its mean, where that is coded alone. */
const [pixelsPerBlock, bitsPerByte] = [64, 8];

/** Programs write about ten scans at most. Each goes through the whole image, so thousands of them would take minutes. */
const mostScans = 100;

/** The pixels of a JPEG file, upright, as `jpeg-js` decodes them. */
export async function decodeJpeg(name: string, bytes: Uint8Array, maxPixels: number): Promise<Pixels> {
  const header = jpegHeader(name, bytes);
  requireArea(name, header.width, header.height, maxPixels);
  requireReadable(name, header);
  if (header.width * header.height > bytes.length * pixelsPerBlock * bitsPerByte) throw damaged(name, "it ends too early");
  const { default: jpeg } = await import("jpeg-js");
  // Strict decoding refuses files in one colour whose last restart interval is shorter. It tolerates nothing else.
  const options = { useTArray: true, formatAsRGBA: false, tolerantDecoding: true, maxResolutionInMP: maxPixels / 1e6, maxMemoryUsageInMB: 4096 } as const;
  const { width, height, data } = jpeg.decode(bytes, options);
  return upright({ width, height, channels: 3, most: 255, samples: data }, header.orientation);
}

function requireReadable(name: string, { precision, components, isHuffmanDct, scans }: JpegHeader): void {
  const strange = components !== 1 && components !== 3 ? `${components} components, as for printing` : precision !== 8 ? `${precision} bits for a sample` : isHuffmanDct ? undefined : "lossless, hierarchical or arithmetic coding";
  if (strange !== undefined) throw new FormatError(name, `the image has ${strange}, which this decoder does not read`, {}, { fix: "convert it to PNG, or install sharp" });
  if (scans > mostScans) throw new FormatError(name, `the image has ${scans} scans, more than the limit of ${mostScans}`, {}, { fix: "save it again" });
}
