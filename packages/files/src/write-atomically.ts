import { requireKind } from "@nn/tensor/extend";
import { builtin } from "./builtin.js";
import { FileError } from "./file-error.js";
import { removeStale, temporaryPath } from "./temporaries.js";

/**
 * Writes a file completely or not at all: it writes a temporary file in the same folder, syncs it to the disk and renames it. A reader finds the old
 * content or the new one, even after a crash or a power failure. A symbolic link stays a link, and a file keeps its permissions. Anything but a
 * regular file (a pipe, a terminal) is written to directly. Temporary files that crashed processes left for this file are removed.
 * @throws FileError in the name of `operation`; the temporary file is removed.
 */
export async function writeAtomically(operation: string, path: string, content: string | Uint8Array): Promise<void> {
  requireKind(operation, "path", path, "string");
  const { lstat, open, realpath, rename, rm, writeFile } = builtin(operation, "node:fs/promises");
  let temporary: string | undefined;
  try {
    const link = await lstat(path).catch(() => undefined);
    const target = link?.isSymbolicLink() === true ? await realpath(path) : path;
    const present = link?.isSymbolicLink() === true ? await lstat(target) : link;
    if (present !== undefined && !present.isFile() && !present.isDirectory()) return await writeFile(target, content);
    temporary = temporaryPath(operation, target);
    const file = await open(temporary, "wx", present === undefined ? undefined : present.mode & 0o777);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
    await syncFolder(operation, target);
    await removeStale(operation, target);
  } catch (cause) {
    if (temporary !== undefined) await rm(temporary, { force: true }).catch(() => undefined);
    throw new FileError(operation, "write", path, cause);
  }
}

/** Syncs the folder, so that the new name survives a power failure. Not every system can do this. */
async function syncFolder(operation: string, path: string): Promise<void> {
  const folder = builtin(operation, "node:path").dirname(path);
  const handle = await builtin(operation, "node:fs/promises").open(folder, "r").catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close().catch(() => undefined);
}
