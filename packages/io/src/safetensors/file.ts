import { writeAtomically } from "@nn/files";
import type { Tensor } from "@nn/tensor";
import { requireKind, requireOptions } from "@nn/tensor/extend";
import { limitOptions, limitsOf, type CheckpointLimits } from "../checkpoint/limits.js";
import { fileSource } from "../source/file-source.js";
import { collect, type Safetensors } from "./read.js";
import { readSafetensorsSource } from "./source.js";
import { encodeSafetensors, type WriteOptions } from "./write.js";

/**
 * Writes tensors into a safetensors file: under a temporary name in the same folder, and renames the file once it is on the disk.
 * So there is the old file or the whole new one, whatever happens in between.
 * @throws FileError if the file cannot be written.
 * @throws SafetensorsError as {@link writeSafetensors}.
 */
export async function saveSafetensors(path: string, tensors: Readonly<Record<string, Tensor>>, metadata: Readonly<Record<string, string>> = {}, options: WriteOptions = {}): Promise<void> {
  requireKind("saveSafetensors", "path", path, "string");
  await writeAtomically("saveSafetensors", path, encodeSafetensors("saveSafetensors", tensors, metadata, options));
}

/**
 * Reads a safetensors file, one tensor after another; see `readSafetensors`.
 * @throws FileError if the file cannot be read.
 * @throws SafetensorsError if it is not a whole, valid file, or a tensor cannot be held.
 */
export async function loadSafetensors(path: string, options: CheckpointLimits = {}): Promise<Safetensors> {
  requireKind("loadSafetensors", "path", path, "string");
  requireOptions("loadSafetensors", options, limitOptions);
  const source = await fileSource("loadSafetensors", path);
  try {
    const { tensors, metadata } = await readSafetensorsSource(source, limitsOf(options));
    const read: (readonly [string, Tensor])[] = [];
    for (const tensor of tensors) read.push([tensor.name, await tensor.read()]);
    return { tensors: collect(read), metadata };
  } finally {
    await source.close();
  }
}
