import { requireKind } from "@nn/tensor/extend";
import { builtin } from "./builtin.js";
import { FileError } from "./file-error.js";

/**
 * Makes a folder, and those above it, if they are missing.
 * @throws FileError in the name of `operation`, with the reason of the folder that could not be made: Node says `ENOENT` where the file system is read-only.
 */
export async function makeFolder(operation: string, folder: string): Promise<void> {
  requireKind(operation, "folder", folder, "string");
  const { mkdir } = builtin(operation, "node:fs/promises");
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    const error = new FileError(operation, "write", folder, cause);
    throw error.code === "ENOENT" ? new FileError(operation, "write", folder, (await reasonOf(operation, folder)) ?? cause) : error;
  }
}

/** Why the first of the missing folders cannot be made. */
async function reasonOf(operation: string, folder: string): Promise<unknown> {
  const { mkdir, stat } = builtin(operation, "node:fs/promises");
  const { dirname, resolve } = builtin(operation, "node:path");
  let missing = resolve(folder);
  while (dirname(missing) !== missing && (await stat(dirname(missing)).catch(() => undefined)) === undefined) missing = dirname(missing);
  return mkdir(missing).then(() => undefined, (cause: unknown) => cause);
}
