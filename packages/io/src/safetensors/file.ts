import { writeAtomically } from "@nn/files";
import type { Tensor } from "@nn/tensor";
import { requireKind, requireOptions } from "@nn/tensor/extend";
import { limitOptions, limitsOf, type CheckpointLimits } from "../checkpoint/limits.js";
import { fileSource } from "../source/file-source.js";
import { collect, type Safetensors } from "./read.js";
import { readSafetensorsSource } from "./source.js";
import { encodeSafetensors, type WriteOptions } from "./write.js";

/**
 * Writes tensors to a safetensors file, atomically: it writes a temporary file in the same folder, syncs it to the disk and renames it. So there is
 * the old file or the complete new one, even after a crash.
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
 * @throws SafetensorsError if it is not a complete, valid file, or a tensor has no corresponding dtype or values that do not fit.
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
