import { UsageError } from "@nn/tensor";
import { messageOf } from "@nn/tensor/extend";
import type sharp from "sharp";
import { requireArea } from "./failure.js";
import { orientation, upright } from "./orientation.js";
import type { Pixels } from "./types.js";

/** The function that the package `sharp` exports. */
export type Sharp = typeof sharp;

/** The package `sharp`, or why it cannot be used. */
export type FoundSharp = { readonly found: Sharp } | { readonly reason: string };

/** Loads `sharp` where it is installed. */
export async function findSharp(): Promise<FoundSharp> {
  // A name that bundlers do not know, so that they leave the import as it is.
  const name: string = "sharp";
  try {
    const loaded = (await import(/* @vite-ignore */ name)) as { readonly default: Sharp };
    return { found: loaded.default };
  } catch (cause) {
    return { reason: messageOf(cause).split("\n", 1)[0] ?? "" };
  }
}

/** @throws UsageError if `sharp` was asked for and cannot be used. */
export function requireSharp(operation: string, search: FoundSharp): Sharp {
  if ("found" in search) return search.found;
  throw new UsageError(`${operation}: decoder is "sharp", which cannot be loaded; npm install sharp, or leave decoder out: ${search.reason}`);
}

/** The pixels of a file, upright, as `sharp` decodes them. Colour profiles are ignored, as by the other decoders. */
export async function decodeWithSharp(decoder: Sharp, name: string, bytes: Uint8Array, maxPixels: number): Promise<Pixels> {
  const image = decoder(bytes, { limitInputPixels: false, ignoreIcc: true });
  const { width, height, depth, orientation: stored } = await image.metadata();
  requireArea(name, width, height, maxPixels);
  const isWide = depth === "ushort";
  const { data, info } = await image
    .toColourspace(isWide ? "rgb16" : "srgb")
    .raw({ depth: isWide ? "ushort" : "uchar" })
    .toBuffer({ resolveWithObject: true });
  const samples = isWide ? new Uint16Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength)) : new Uint8Array(data);
  return upright({ width: info.width, height: info.height, channels: info.channels, most: isWide ? 65_535 : 255, samples }, orientation(stored));
}
