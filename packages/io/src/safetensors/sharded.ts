import { FileError, makeFolder, writeAtomically } from "@nn/files";
import { builtin } from "@nn/files/builtin";
import type { Tensor } from "@nn/tensor";
import { bytesPerElement, requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { encodeSafetensors, requireTensors } from "./write.js";

/** Options of {@link saveShards}. */
export interface ShardOptions {
  /** The most bytes of tensors in one file. A larger tensor gets a separate file. Default 5,000,000,000, as in Hugging Face's libraries. */
  readonly maxShardBytes?: number;
  /** The metadata texts of every file. */
  readonly metadata?: Readonly<Record<string, string>>;
}

const shardOptions: OptionKinds<ShardOptions> = { maxShardBytes: "count", metadata: "any" };

const operation = "saveShards";

/** The names of files that {@link saveShards} writes. */
const ownFile = /^model(-\d{5}-of-\d{5})?\.safetensors(\.index\.json)?$/;

/**
 * Writes tensors to one or more safetensors files in a folder, with the names that Hugging Face uses: `model.safetensors` if one file is enough, otherwise
 * `model-00001-of-00003.safetensors` and so on, and then `model.safetensors.index.json`. `openCheckpoint` opens the folder. At the end, files of earlier calls that are not part of the
 * result are removed.
 * @throws FileError if a file cannot be written; SafetensorsError as `writeSafetensors`.
 *
 * @example
 * ```ts
 * import { mkdtemp, readdir, rm } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { openCheckpoint, saveShards } from "@nn/io";
 * import { ones } from "@nn/tensor";
 *
 * const folder = await mkdtemp(join(tmpdir(), "model-"));
 * await saveShards(folder, { a: ones([100]), b: ones([50]), c: ones([50]) }, { maxShardBytes: 400 });
 * (await readdir(folder)).length; // => 3
 * const checkpoint = await openCheckpoint(folder);
 * checkpoint.tensors.length; // => 3
 * await checkpoint.close();
 * await rm(folder, { recursive: true });
 * ```
 */
export async function saveShards(folder: string, tensors: Readonly<Record<string, Tensor>>, options: ShardOptions = {}): Promise<void> {
  requireKind(operation, "the folder", folder, "string");
  requireOptions(operation, options, shardOptions);
  requireTensors(operation, tensors);
  const { maxShardBytes = 5_000_000_000, metadata = {} } = options;
  const { join } = builtin(operation, "node:path");
  const shards = packed(tensors, maxShardBytes);
  const names = shards.map((_, at) => (shards.length === 1 ? "model.safetensors" : `model-${fiveDigits(at + 1)}-of-${fiveDigits(shards.length)}.safetensors`));
  await makeFolder(operation, folder);
  for (const [at, shard] of shards.entries()) await writeAtomically(operation, join(folder, names[at] as string), encodeSafetensors(operation, Object.fromEntries(shard), metadata, {}));
  if (shards.length > 1) {
    const weights = Object.fromEntries(shards.flatMap((shard, at) => shard.map(([name]) => [name, names[at]])));
    const index = { metadata: { total_size: shards.flat().reduce((sum, [, each]) => sum + sizeOf(each), 0) }, weight_map: weights };
    names.push("model.safetensors.index.json");
    await writeAtomically(operation, join(folder, "model.safetensors.index.json"), `${JSON.stringify(index, null, 2)}\n`);
  }
  await removeOthers(folder, new Set(names));
}

const fiveDigits = (number: number): string => String(number).padStart(5, "0");
const sizeOf = ({ size, dtype }: Tensor): number => size * bytesPerElement[dtype];

/** The tensors of each file, in their order. A file gets as many as fit. */
function packed(tensors: Readonly<Record<string, Tensor>>, most: number): readonly (readonly (readonly [string, Tensor])[])[] {
  const shards: (readonly [string, Tensor])[][] = [[]];
  let size = 0;
  for (const entry of Object.entries(tensors)) {
    const own = sizeOf(entry[1]);
    if (size + own > most && size > 0) {
      shards.push([]);
      size = 0;
    }
    shards.at(-1)?.push(entry);
    size += own;
  }
  return shards;
}

/** Removes the files of an earlier call, now that the new ones are there. */
async function removeOthers(folder: string, names: ReadonlySet<string>): Promise<void> {
  const { readdir, rm } = builtin(operation, "node:fs/promises");
  const { join } = builtin(operation, "node:path");
  try {
    for (const name of await readdir(folder)) if (ownFile.test(name) && !names.has(name)) await rm(join(folder, name), { force: true });
  } catch (cause) {
    throw new FileError(operation, "write", folder, cause);
  }
}
