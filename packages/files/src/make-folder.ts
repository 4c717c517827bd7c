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
  const { dirname } = builtin(operation, "node:path");
  const cause = await failureOf(operation, path);
  if (cause === undefined) return true;
  if (await isFolder(operation, path)) return false;
  const parent = dirname(path);
  if (Object(cause).code !== "ENOENT" || parent === path) throw cause;
  if (!(await isFolder(operation, parent))) await make(operation, parent);
  // The folder above is there now, made by this call or, since the first attempt, by another one.
  const second = await failureOf(operation, path);
  if (second === undefined) return true;
  if (await isFolder(operation, path)) return false;
  throw second;
}

/** Tries to create a folder. Returns the error, or `undefined` if there is none. */
async function failureOf(operation: string, path: string): Promise<unknown> {
  const { mkdir } = builtin(operation, "node:fs/promises");
  return mkdir(path).then(() => undefined, (cause: unknown) => cause);
}

async function isFolder(operation: string, path: string): Promise<boolean> {
  const { stat } = builtin(operation, "node:fs/promises");
  return stat(path).then((status) => status.isDirectory(), () => false);
}
