import { builtin } from "./builtin.js";
import { FileError } from "./file-error.js";

/**
 * Writes a file under a temporary name beside its place and renames it once it is on the disk, so that there is never half a file.
 * @throws FileError if that fails; the temporary file is removed.
 */
export async function writeAtomically(operation: string, path: string, bytes: Uint8Array): Promise<void> {
  const { open, rename, rm } = builtin(operation, "node:fs/promises");
  const temporary = `${path}.${builtin(operation, "node:crypto").randomUUID()}.tmp`;
  try {
    const file = await open(temporary, "wx");
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new FileError(operation, "write", path, cause);
  }
}
