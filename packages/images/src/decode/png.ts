import { FormatError } from "@nn/data";
import type { DecodedPng } from "fast-png";
import { damaged, requireArea } from "./failure.js";
import { upright } from "./orientation.js";
import { inflatedLength, pngHeader, type PngHeader } from "./png-chunks.js";
import type { Pixels } from "./types.js";

/** The pixels of a PNG file, upright, as `fast-png` decodes them. */
export async function decodePng(name: string, bytes: Uint8Array, maxPixels: number): Promise<Pixels> {
  const header = pngHeader(name, bytes);
  requireArea(name, header.width, header.height, maxPixels);
  if (header.isInterlaced && header.depth < 8) {
    throw new FormatError(name, `the image is interlaced with ${header.depth} bits for a sample, which this decoder does not read`, {}, { fix: "save it without interlacing, or install sharp" });
  }
  await requireContent(name, header);
  const { decode } = await import("fast-png");
  return upright(pixelsOf(name, decode(header.essential, { checkCrc: true })), header.orientation);
}

/**
 * Throws unless the compressed pixels are as many as the header says. Otherwise a small file could be inflated to gigabytes, and what is missing would be
 * noticed late.
 */
async function requireContent(name: string, header: PngHeader): Promise<void> {
  const length = inflatedLength(header);
  let found = 0;
  try {
    for await (const { byteLength } of chunksOf(header.compressed)) {
      found += byteLength;
      if (found > length) break;
    }
  } catch (cause) {
    // What follows the pixels is of no account.
    if (found < length) throw damaged(name, "its pixels are cut off or changed", cause);
  }
  if (found !== length) throw damaged(name, `it has ${found < length ? "fewer" : "more"} pixels than its header says`);
}

/** The inflated bytes, in chunks. */
async function* chunksOf(compressed: Uint8Array<ArrayBuffer>): AsyncGenerator<Uint8Array> {
  const reader = new Blob([compressed]).stream().pipeThrough(new DecompressionStream("deflate")).getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function pixelsOf(name: string, png: DecodedPng): Pixels {
  const { width, height, depth, palette, transparency } = png;
  const size = { width, height };
  if (palette !== undefined && png.channels === 1) return { ...size, ...coloured(name, png, palette) };
  const samples = depth < 8 ? unpacked(png) : png.data instanceof Uint16Array ? png.data : Uint8Array.from(png.data);
  const channels = png.channels as Pixels["channels"];
  const most = 2 ** depth - 1;
  if (transparency === undefined) return { ...size, channels, most, samples };
  return { ...size, channels: channels === 1 ? 2 : 4, most, samples: withOpacity(samples, transparency, most) };
}

/** Samples of less than a byte, one byte each. Each row begins with a byte. */
function unpacked({ width, height, depth, data }: DecodedPng): Uint8Array {
  const samples = new Uint8Array(width * height);
  const perRow = Math.ceil((width * depth) / 8);
  for (let at = 0; at < samples.length; at++) {
    const bit = (at % width) * depth;
    const byte = data[Math.floor(at / width) * perRow + (bit >> 3)] ?? 0;
    samples[at] = (byte >> (8 - depth - (bit & 7))) & (2 ** depth - 1);
  }
  return samples;
}

/** The colours of a palette, with opacity if it has that. */
function coloured(name: string, png: DecodedPng, palette: readonly (readonly number[])[]): Pick<Pixels, "channels" | "most" | "samples"> {
  const indices = png.depth < 8 ? unpacked(png) : png.data;
  const channels = palette[0]?.length === 4 ? 4 : 3;
  const samples = new Uint8Array(indices.length * channels);
  for (let at = 0; at < indices.length; at++) {
    const colour = palette[indices[at] ?? 0];
    if (colour === undefined) throw damaged(name, `a pixel has the colour ${indices[at]} of a palette of ${palette.length}`);
    for (let channel = 0; channel < channels; channel++) samples[at * channels + channel] = colour[channel] ?? 255;
  }
  return { channels, most: 255, samples };
}

/** Samples with opacity, where one colour means transparent. */
function withOpacity(samples: Uint8Array | Uint16Array, transparent: Uint16Array, most: number): Uint8Array | Uint16Array {
  const colours = transparent.length;
  const pixels = samples.length / colours;
  const all = most > 255 ? new Uint16Array(pixels * (colours + 1)) : new Uint8Array(pixels * (colours + 1));
  for (let at = 0; at < pixels; at++) {
    let differs = false;
    for (let channel = 0; channel < colours; channel++) {
      const sample = samples[at * colours + channel] ?? 0;
      all[at * (colours + 1) + channel] = sample;
      differs ||= sample !== transparent[channel];
    }
    all[at * (colours + 1) + colours] = differs ? most : 0;
  }
  return all;
}
