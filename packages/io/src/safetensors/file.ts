import { FileError, writeAtomically } from "@nn/files";
import { builtin } from "@nn/files/builtin";
import type { Tensor } from "@nn/tensor";
import { requireKind, requireOptions } from "@nn/tensor/extend";
import type { FileHandle } from "node:fs/promises";
import { decode } from "./element-types.js";
import { headerLength, lengthFieldSize, parseHeader } from "./header.js";
import { limitOptions, limitsOf, type SafetensorsLimits } from "./limits.js";
import { collect, type Safetensors } from "./read.js";
import { SafetensorsError } from "./safetensors-error.js";
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
export async function loadSafetensors(path: string, options: SafetensorsLimits = {}): Promise<Safetensors> {
  requireKind("loadSafetensors", "path", path, "string");
  requireOptions("loadSafetensors", options, limitOptions);
  const limits = limitsOf(options);
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const start = await readRange(file, path, 0, Math.min(lengthFieldSize, size));
    const dataStart = lengthFieldSize + headerLength(start, size, path, limits);
    const { entries, metadata } = parseHeader(await readRange(file, path, lengthFieldSize, dataStart), size, path, limits);
    const tensors: (readonly [string, Tensor])[] = [];
    for (const entry of entries) tensors.push([entry.name, decode(entry, await readRange(file, path, entry.start, entry.end), path)]);
    return { tensors: collect(tensors), metadata };
  } catch (cause) {
    if (cause instanceof SafetensorsError) throw cause;
    throw new FileError("loadSafetensors", "read", path, cause);
  } finally {
    await file.close();
  }
}

async function open(path: string): Promise<FileHandle> {
  const { open: openFile } = builtin("loadSafetensors", "node:fs/promises");
  try {
    return await openFile(path, "r");
  } catch (cause) {
    throw new FileError("loadSafetensors", "read", path, cause);
  }
}

/** Systems read at most this much at once. */
const largestRead = 2 ** 30;

async function readRange(file: FileHandle, path: string, start: number, end: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(end - start);
  let at = 0;
  while (at < bytes.length) {
    const { bytesRead } = await file.read(bytes, at, Math.min(largestRead, bytes.length - at), start + at);
    if (bytesRead === 0) throw new SafetensorsError(path, `the file ends here, expected ${end - start - at} bytes more; was it changed while it was read?`, start + at);
    at += bytesRead;
  }
  return bytes;
}
