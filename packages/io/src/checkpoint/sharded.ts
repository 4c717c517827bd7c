import { quote } from "@nn/tensor/extend";
import type { ByteSource } from "../source/byte-source.js";
import { CheckpointError } from "./checkpoint-error.js";
import type { Contents, StoredTensor } from "./stored-tensor.js";

/** The file of each tensor, from an index such as `model.safetensors.index.json`. @throws CheckpointError if it is not an index. */
export async function readIndex(source: ByteSource, limit: number): Promise<ReadonlyMap<string, string>> {
  if (source.size > limit) throw new CheckpointError(source.name, `the index has ${source.size} bytes, expected at most ${limit} (maxHeaderBytes)`);
  const text = new TextDecoder().decode(await source.read(0, source.size));
  const files = mapOf(text, source.name);
  for (const [name, file] of files) {
    // A shard lies beside its index: a file never leads elsewhere.
    if (!/^[^/\\]+$/.test(file) || file.startsWith(".")) throw new CheckpointError(source.name, `the tensor ${quote(name)} would lie in ${quote(file)}, expected a file in the same folder`);
  }
  return files;
}

function mapOf(text: string, source: string): ReadonlyMap<string, string> {
  const fail = (cause?: unknown): CheckpointError => new CheckpointError(source, 'it is not an index of shards, expected JSON with "weight_map": a file for each tensor', undefined, { cause });
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw fail(cause);
  }
  const map: unknown = typeof parsed === "object" && parsed !== null && "weight_map" in parsed ? parsed.weight_map : undefined;
  if (typeof map !== "object" || map === null) throw fail();
  return new Map(Object.entries(map).map(([name, file]: [string, unknown]) => {
    if (typeof file !== "string") throw fail();
    return [name, file];
  }));
}

/**
 * The tensors of several files as one checkpoint, in the order of the index. @throws CheckpointError if a file does not have a tensor that the index names, or has another one.
 */
export async function joined(source: string, files: ReadonlyMap<string, string>, open: (file: string) => Promise<Contents>): Promise<Contents> {
  const shards = new Map<string, Contents>();
  const close = async (): Promise<void> => {
    for (const shard of shards.values()) await shard.close();
  };
  try {
    const found = new Map<string, StoredTensor>();
    for (const file of new Set(files.values())) {
      const shard = await open(file);
      shards.set(file, shard);
      for (const tensor of shard.tensors) {
        if (files.get(tensor.name) !== file) throw new CheckpointError(source, `${quote(file)} has the tensor ${quote(tensor.name)}, which the index does not name there`);
        found.set(tensor.name, tensor);
      }
    }
    const tensors = Array.from(files, ([name, file]) => {
      const tensor = found.get(name);
      if (tensor === undefined) throw new CheckpointError(source, `${quote(file)} lacks the tensor ${quote(name)}, which the index names there`);
      return tensor;
    });
    const [first] = shards.values();
    return { format: first?.format ?? "safetensors", tensors, metadata: first?.metadata ?? {}, value: undefined, close };
  } catch (error) {
    await close();
    throw error;
  }
}
