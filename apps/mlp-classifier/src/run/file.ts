import { readFile, stat } from "node:fs/promises";
import { FileError, systemReason, writeAtomically } from "@nn/files";
import { Failure, UsageFailure } from "../failure.js";

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

/** @throws UsageFailure if a file that is to be written has no name, is a folder, or exists although it may not be overwritten; `example` is a name for it. */
export async function requireFree(file: string, { force, example }: { readonly force: boolean; readonly example: string }): Promise<void> {
  if (file === "") throw new UsageFailure(`the name of the file is empty, expected a path such as ${example}`);
  const status = await stat(file).catch(() => undefined);
  if (status?.isDirectory() === true) throw new UsageFailure(`${file} is a folder; name a file in it, such as ${file.replace(/[/\\]$/, "")}/${example}`);
  if (status !== undefined && !force) throw new UsageFailure(`${file} exists already; overwrite it with --force, or name another file`);
}

/** @throws UsageFailure if the output is a file that is read, which is named by what it is, and would be overwritten. */
export async function requireOther(output: string, read: Readonly<Record<string, string>>): Promise<void> {
  const existing = await stat(output).catch(() => undefined);
  for (const [what, path] of Object.entries(read)) {
    const status = await stat(path).catch(() => undefined);
    if (existing !== undefined && status !== undefined && existing.isFile() && existing.dev === status.dev && existing.ino === status.ino) {
      throw new UsageFailure(`--output ${output} is the ${what}, which would be overwritten; choose another file`);
    }
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
