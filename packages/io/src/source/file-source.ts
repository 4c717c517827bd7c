import { FileError } from "@nn/files";
import { builtin } from "@nn/files/builtin";
import type { FileHandle } from "node:fs/promises";
import { CheckpointError } from "../checkpoint/checkpoint-error.js";
import type { ByteSource } from "./byte-source.js";

/** A file, for Node, Bun and Deno. @throws FileError in the name of `operation` if it cannot be opened. */
export async function fileSource(operation: string, path: string): Promise<ByteSource> {
  const file = await open(operation, path);
  try {
    const { size } = await file.stat();
    return { name: path, size, read: (start, end) => readFrom(operation, file, path, start, end), close: () => file.close() };
  } catch (cause) {
    await file.close();
    throw new FileError(operation, "read", path, cause);
  }
}

async function open(operation: string, path: string): Promise<FileHandle> {
  const { open: openFile } = builtin(operation, "node:fs/promises");
  try {
    return await openFile(path, "r");
  } catch (cause) {
    throw new FileError(operation, "read", path, cause);
  }
}

/** Systems read at most this much at once. */
const largestRead = 2 ** 30;

async function readFrom(operation: string, file: FileHandle, path: string, start: number, end: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(end - start);
  for (let at = 0; at < bytes.length;) {
    const read = await file.read(bytes, at, Math.min(largestRead, bytes.length - at), start + at).catch((cause: unknown) => {
      throw new FileError(operation, "read", path, cause);
    });
    if (read.bytesRead === 0) throw new CheckpointError(path, `the file ends here, expected ${end - start - at} bytes more; was it changed while it was read?`, start + at);
    at += read.bytesRead;
  }
  return bytes;
}
