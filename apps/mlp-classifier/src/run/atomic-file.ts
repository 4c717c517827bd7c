import { open, readFile, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { Failure, systemReason } from "../failure.js";

/**
 * Writes a whole file or none of it: into a new file beside it that takes its place once everything is on the disk. Whoever reads
 * the file, also after a crash, finds the old content or the new one.
 * @throws Failure naming the file and the reason.
 */
export async function writeAtomically(given: string, content: string | Uint8Array): Promise<void> {
  const path = await realpath(given).catch(() => given);
  const status = await stat(path).catch(() => undefined);
  if (status !== undefined && !status.isFile() && !status.isDirectory()) return writeStraight(path, content);
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    const file = await open(temporary, "w");
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new Failure(`cannot write ${given}: ${systemReason(cause)}`, { cause });
  }
}

/** A pipe or a device cannot be replaced. */
async function writeStraight(path: string, content: string | Uint8Array): Promise<void> {
  try {
    await writeFile(path, content);
  } catch (cause) {
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
