import { readFile } from "node:fs/promises";
import { FileError, systemReason, writeAtomically } from "@nn/files";
import { Failure } from "../failure.js";

/**
 * Writes a whole file or none of it; a pipe or a device is written to directly.
 * @throws Failure naming the file and the reason.
 */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  try {
    await writeAtomically("write", path, content);
  } catch (cause) {
    if (!(cause instanceof FileError)) throw cause;
    throw new Failure(`cannot write ${path}: ${systemReason(cause)}`, { cause });
  }
}

/**
 * The bytes of a file.
 * @throws Failure naming the file and the reason.
 */
export async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new Failure(`cannot read ${path}: ${systemReason(cause)}`, { cause });
  }
}

/**
 * The text of a file.
 * @throws Failure naming the file and the reason.
 */
export async function readText(path: string): Promise<string> {
  return new TextDecoder().decode(await readBytes(path));
}
