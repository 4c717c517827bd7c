import { encodeNpy, writeAtomically } from "@nn/files";
import { ArgumentError, type Tensor } from "@nn/tensor";
import { requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { zipSync } from "fflate";
import { requireTensors } from "../safetensors/write.js";

/** Options of {@link writeNpz} and {@link saveNpz}. */
export interface NpzOptions {
  /** Whether to compress the arrays, as `numpy.savez_compressed` does. Default false. */
  readonly compressed?: boolean;
}

const npzOptions: OptionKinds<NpzOptions> = { compressed: "boolean" };

/** The largest archive without ZIP64, in bytes, and the most arrays in it. */
const largest = { bytes: 2 ** 32 - 1, arrays: 2 ** 16 - 1 };

/** A time that the format can hold: the same tensors give the same bytes. */
const noTime = new Date(1980, 0, 1);

/**
 * Writes tensors as the bytes of an `.npz` archive, for `numpy.load`.
 *
 * @example
 * ```ts
 * import { openCheckpoint, writeNpz } from "@nn/io";
 * import { tensor } from "@nn/tensor";
 * const bytes = writeNpz({ weight: tensor([[1, 2], [3, 4]]) });
 * const checkpoint = await openCheckpoint(bytes);
 * (await checkpoint.read("weight")).toArray(); // => [[1, 2], [3, 4]]
 * ```
 * @throws ArgumentError if the archive would have 4 GiB or more; use safetensors for it.
 */
export function writeNpz(tensors: Readonly<Record<string, Tensor>>, options: NpzOptions = {}): Uint8Array {
  return encode("writeNpz", tensors, options);
}

/**
 * Writes tensors to an `.npz` file, atomically: readers find the old file or the complete new one.
 * @throws ArgumentError as {@link writeNpz}; FileError if the file cannot be written.
 */
export async function saveNpz(path: string, tensors: Readonly<Record<string, Tensor>>, options: NpzOptions = {}): Promise<void> {
  requireKind("saveNpz", "path", path, "string");
  await writeAtomically("saveNpz", path, encode("saveNpz", tensors, options));
}

function encode(operation: string, tensors: Readonly<Record<string, Tensor>>, options: NpzOptions): Uint8Array {
  requireOptions(operation, options, npzOptions);
  requireTensors(operation, tensors);
  const entries = Object.entries(tensors);
  const size = entries.reduce((sum, [name, each]) => sum + 8 * each.size + 2 * name.length + 500, 0);
  if (entries.length > largest.arrays || size > largest.bytes) throw new ArgumentError(`${operation}: ${entries.length} arrays of some ${size} bytes are too many for one archive, expected less than 4 GiB; use saveSafetensors`);
  const level = options.compressed === true ? 6 : 0;
  // A map keeps names such as __proto__ out of the way of objects.
  const files = Object.fromEntries(entries.map(([name, each]) => [`${name}.npy`, [encodeNpy(operation, each), { level, mtime: noTime }] as const]));
  return zipSync(files as Parameters<typeof zipSync>[0]);
}
