import type { Tensor } from "@nn/tensor";
import { decode, type SafetensorsDType } from "./element-types.js";
import { headerLength, lengthFieldSize, parseHeader } from "./header.js";

/** What a safetensors file holds. */
export interface Safetensors {
  /** By name, in the order of the file. */
  readonly tensors: Readonly<Record<string, Tensor>>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** A tensor as it stands in the file. */
export interface RawTensor {
  readonly name: string;
  readonly dtype: SafetensorsDType;
  readonly shape: readonly number[];
  /** Where its bytes begin in the file. */
  readonly offset: number;
  /** Its elements, little-endian, row-major; a view of the bytes read. */
  readonly bytes: Uint8Array;
}

/** Options of {@link readSafetensors} and {@link parseSafetensors}. */
export interface ReadOptions {
  /** What messages call the input. Default "input". */
  readonly name?: string;
}

/**
 * Reads a file of tensors in the safetensors format (https://huggingface.co/docs/safetensors), as strictly as the format demands.
 * F32, F64, I32 and BOOL keep their type; F16 and BF16 become float32; the other integers int32, if they fit.
 *
 * @example
 * ```ts
 * import { readSafetensors, writeSafetensors } from "@nn/io";
 * import { tensor } from "@nn/tensor";
 * const bytes = writeSafetensors({ weight: tensor([[1, 2], [3, 4]]) }, { framework: "nn" });
 * const { tensors, metadata } = readSafetensors(bytes);
 * tensors.weight?.toArray(); // => [[1, 2], [3, 4]]
 * metadata; // => { framework: "nn" }
 * ```
 * @throws SafetensorsError if the bytes are not a whole, valid file, or a tensor cannot be held.
 */
export function readSafetensors(bytes: Uint8Array, { name = "input" }: ReadOptions = {}): Safetensors {
  const { entries, metadata } = parseHeader(headerOf(bytes, name), bytes.length, name);
  return { tensors: collect(entries.map((entry) => [entry.name, decode(entry, bytes.subarray(entry.start, entry.end), name)])), metadata };
}

/**
 * Like {@link readSafetensors}, without making tensors: for element types that tensors do not have, or values that do not fit.
 * @throws SafetensorsError if the bytes are not a whole, valid file.
 */
export function parseSafetensors(
  bytes: Uint8Array, { name = "input" }: ReadOptions = {},
): { readonly tensors: readonly RawTensor[]; readonly metadata: Readonly<Record<string, string>> } {
  const { entries, metadata } = parseHeader(headerOf(bytes, name), bytes.length, name);
  const tensors = entries.map(({ start, end, ...entry }) => ({ ...entry, offset: start, bytes: bytes.subarray(start, end) }));
  return { tensors, metadata };
}

function headerOf(bytes: Uint8Array, source: string): Uint8Array {
  return bytes.subarray(lengthFieldSize, lengthFieldSize + headerLength(bytes, bytes.length, source));
}

/** A record whose keys may be any names, `__proto__` too. */
export function collect(entries: Iterable<readonly [string, Tensor]>): Readonly<Record<string, Tensor>> {
  return Object.fromEntries(entries);
}
