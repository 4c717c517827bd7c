import { crc32, deflateSync } from "node:zlib";

/** The number of samples of a pixel, and its colour type in a PNG file. */
const colourTypes = { grey: { samples: 1, code: 0 }, rgb: { samples: 3, code: 2 } } as const;

/**
 * A PNG file (https://www.w3.org/TR/png-3/) of 8-bit samples, row by row from the top.
 * @throws RangeError if there are too few or too many samples.
 */
export function encodePng(width: number, height: number, samples: Uint8Array, colour: keyof typeof colourTypes = "grey"): Uint8Array {
  const { samples: perPixel, code } = colourTypes[colour];
  const stride = width * perPixel;
  if (samples.length !== stride * height) throw new RangeError(`encodePng: ${samples.length} samples for ${width} x ${height} x ${perPixel}`);
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, code, 0, 0, 0], 8);
  // Every row begins with the number of its filter; 0 is none.
  const rows = new Uint8Array((stride + 1) * height);
  for (let row = 0; row < height; row++) rows.set(samples.subarray(row * stride, (row + 1) * stride), row * (stride + 1) + 1);
  return Buffer.concat([
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows, { level: 9 })),
    chunk("IEND", new Uint8Array(0)),
  ]);
}

/** Length, name, content, and the check sum of the latter two. */
function chunk(name: string, content: Uint8Array): Uint8Array {
  const body = Buffer.concat([Buffer.from(name, "latin1"), content]);
  const result = Buffer.alloc(body.length + 8);
  result.writeUInt32BE(content.length, 0);
  result.set(body, 4);
  result.writeUInt32BE(crc32(body), body.length + 4);
  return result;
}

/** A PNG file as a data URL for an `img` element. */
export function pngAddress(png: Uint8Array): string {
  return `data:image/png;base64,${Buffer.from(png).toString("base64")}`;
}
