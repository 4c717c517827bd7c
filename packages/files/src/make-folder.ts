import { requireKind } from "@nn/tensor/extend";
import { builtin } from "./builtin.js";
import { FileError } from "./file-error.js";

/**
 * Makes a folder, and those above it, if they are missing.
 * @returns whether this call made it; of several processes that make one folder, only one does.
 * @throws FileError in the name of `operation`, with the reason of the folder that could not be made.
 */
export async function makeFolder(operation: string, folder: string): Promise<boolean> {
  requireKind(operation, "folder", folder, "string");
  try {
    return await make(operation, folder);
  } catch (cause) {
    throw new FileError(operation, "write", folder, cause);
  }
}

/**
 * Makes the folders above first. `mkdir` with `recursive` would do, but on Linux it never returns for a folder within `/proc`, where folders can be neither found
 * nor made, and for a read-only file system it says `ENOENT`.
 */
async function make(operation: string, path: string): Promise<boolean> {
  const { mkdir } = builtin(operation, "node:fs/promises");
  const { dirname } = builtin(operation, "node:path");
  try {
    await mkdir(path);
    return true;
  } catch (cause) {
    if (await isFolder(operation, path)) return false;
    const parent = dirname(path);
    const isParentMissing = Object(cause).code === "ENOENT" && parent !== path && !(await isFolder(operation, parent));
    if (!isParentMissing) throw cause;
    await make(operation, parent);
    return make(operation, path);
  }
}

async function isFolder(operation: string, path: string): Promise<boolean> {
  const { stat } = builtin(operation, "node:fs/promises");
  return stat(path).then((status) => status.isDirectory(), () => false);
}
