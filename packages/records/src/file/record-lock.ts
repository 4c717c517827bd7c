import { isProcessAlive, lockHolder, takeLock, type ProcessLock } from "@nn/files";
import { builtin } from "@nn/files/builtin";
import { requireKind } from "@nn/tensor/extend";

/** The file of a run's folder that names the process that writes its records. It exists while the records are open. */
const lockFileName = "records.lock";

const pathIn = (operation: string, folder: string): string => builtin(operation, "node:path").join(folder, lockFileName);

/**
 * Locks the records of a folder for this process.
 * @throws LockError if a process already writes them, including this one; FileError if the file cannot be written.
 */
export async function lockRecords(operation: string, folder: string): Promise<ProcessLock> {
  return takeLock(operation, pathIn(operation, folder), "writes the records of this run");
}

/**
 * Whether the process that writes the records of a run's folder is still running. `false`: it ended without closing the file, for example because it was killed.
 * `undefined`: the file was closed, or its writer is on another machine.
 * @throws FileError if the folder cannot be read.
 *
 * @example
 * ```ts
 * import { mkdtemp, rm } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { isWriterAlive, openRecordFile } from "@nn/records/node";
 *
 * const folder = await mkdtemp(join(tmpdir(), "run-"));
 * const file = await openRecordFile(folder);
 * await isWriterAlive(folder); // => true
 * file.close();
 * await isWriterAlive(folder); // => undefined
 * await rm(folder, { recursive: true });
 * ```
 */
export async function isWriterAlive(folder: string): Promise<boolean | undefined> {
  requireKind("isWriterAlive", "the folder", folder, "string");
  const writer = await lockHolder("isWriterAlive", pathIn("isWriterAlive", folder));
  return writer === undefined ? undefined : isProcessAlive("isWriterAlive", writer);
}
