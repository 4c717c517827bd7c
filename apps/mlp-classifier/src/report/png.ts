import { encode, type ImageData } from "fast-png";

/** A picture as a PNG file in a data URL, for an `img` element. */
export function pngAddress(picture: ImageData): string {
  return `data:image/png;base64,${Buffer.from(encode(picture, { zlib: { level: 9 } })).toString("base64")}`;
}
