import { ArgumentError, type Tensor } from "@nn/tensor";
import { describeValue, requireOptions } from "@nn/tensor/extend";
import { decode, type SafetensorsDType } from "./element-types.js";
import { headerLength, lengthFieldSize, parseHeader, type Header } from "./header.js";
import { limitOptions, limitsOf, type CheckpointLimits } from "../checkpoint/limits.js";

/** The content of a safetensors file. */
export interface Safetensors {
  /** The tensors by name, in the order of the file. */
  readonly tensors: Readonly<Record<string, Tensor>>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** A tensor as the file stores it. */
export interface RawTensor {
  readonly name: string;
  readonly dtype: SafetensorsDType;
  readonly shape: readonly number[];
  /** The byte of the file where its elements begin. */
  readonly offset: number;
  /** Its elements, little-endian and row-major: a view of the input. */
  readonly bytes: Uint8Array;
}

/** Options of {@link readSafetensors} and {@link parseSafetensors}. */
export interface ReadOptions extends CheckpointLimits {
  /** The name of the input in messages. Default: the name of the function. */
  readonly name?: string;
}

/**
 * Reads a file of tensors in the safetensors format (https://huggingface.co/docs/safetensors), as strictly as the format demands. F32, F64, I32 and
 * BOOL keep their type; F16 and BF16 become float32; the other integers int32, if they fit.
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
 * @throws SafetensorsError if the bytes are not a complete, valid file, or a tensor has no corresponding dtype or values that do not fit.
 */
export function readSafetensors(bytes: Uint8Array | ArrayBuffer, options: ReadOptions = {}): Safetensors {
  const { entries, metadata, content, source } = parse("readSafetensors", bytes, options);
  return { tensors: collect(entries.map((entry) => [entry.name, decode(entry, content.subarray(entry.start, entry.end), source)])), metadata };
}

/**
 * Like {@link readSafetensors}, but returns the raw bytes of each tensor, also for element types that tensors do not have and values that do not fit.
 * @throws SafetensorsError if the bytes are not a complete, valid file.
 */
export function parseSafetensors(
  bytes: Uint8Array | ArrayBuffer, options: ReadOptions = {},
): { readonly tensors: readonly RawTensor[]; readonly metadata: Readonly<Record<string, string>> } {
  const { entries, metadata, content } = parse("parseSafetensors", bytes, options);
  const tensors = entries.map(({ start, end, ...entry }) => ({ ...entry, offset: start, bytes: content.subarray(start, end) }));
  return { tensors, metadata };
}

interface Parsed extends Header {
  readonly content: Uint8Array;
  readonly source: string;
}

function parse(operation: string, bytes: Uint8Array | ArrayBuffer, options: ReadOptions): Parsed {
  requireOptions(operation, options, { ...limitOptions, name: "string" });
  const content = bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : bytes;
  if (!(content instanceof Uint8Array)) {
    throw new ArgumentError(`${operation}: bytes are ${describeValue(bytes)}, expected a Uint8Array or an ArrayBuffer${typeof bytes === "string" ? "; for the path of a file use loadSafetensors" : ""}`);
  }
  const limits = limitsOf(options);
  const source = options.name ?? `${operation} input`;
  const header = content.subarray(lengthFieldSize, lengthFieldSize + headerLength(content, content.length, source, limits));
  return { ...parseHeader(header, content.length, source, limits), content, source };
}

/** A record with any keys, even `__proto__`. */
export function collect(entries: Iterable<readonly [string, Tensor]>): Readonly<Record<string, Tensor>> {
  return Object.fromEntries(entries);
}
