import { requireKind } from "@nn/tensor/extend";
import { builtin } from "./builtin.js";
import { FileError } from "./file-error.js";

/**
 * Creates a folder, and the folders above it, if they are missing.
 * @returns whether this call created it. If several processes create one folder, only one gets true.
 * @throws FileError in the name of `operation`, with the reason for the folder that could not be created.
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
 * Creates the folders above first. `mkdir` with `recursive` is not used: on Linux it never returns for a folder within `/proc`, where folders can be neither
 * found nor created, and on a read-only file system it reports `ENOENT`.
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
