import { FileError, makeFolder, removeStaleTemporaries, takeLock, writeAtomically } from "@nn/files";
import { ArgumentError, UsageError } from "@nn/tensor";
import { describeValue, quote, requireKind } from "@nn/tensor/extend";
import type { CheckpointStorage } from "../checkpoint/storage.js";
import { readdir, readFile, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";

/** The file that names the process whose run uses the folder. */
const lockFileName = "checkpoints.lock";

/**
 * A folder as a storage of checkpoints. It is created at the first write, and not created again if it is removed later. While a run uses the folder, `checkpoints.lock` names its
 * process, and another run is refused; the lock of a killed process does not count. Files are replaced completely or not at all: a reader finds the old content or the new one, even
 * if the writing process was killed.
 *
 * @example
 * ```ts no-run
 * import { checkpoints } from "@nn/train";
 * import { folderStorage } from "@nn/train/node";
 * const saving = checkpoints(folderStorage("runs/a"));
 * ```
 * @throws ArgumentError for a path that is not a string; when it is used, FileError if the system refuses.
 */
export function folderStorage(folder: string): CheckpointStorage {
  requireKind("folderStorage", "folder", folder, "string");
  if (folder === "") throw new ArgumentError("folderStorage: the path of the folder is empty");
  let isReady = false;
  const prepare = async (): Promise<void> => {
    await makeFolder("folderStorage", folder);
    // What a killed process was writing when it ended.
    await removeStaleTemporaries(folder, "folderStorage");
    isReady = true;
  };
  return {
    read: async (name) => ifFound(pathOf(folder, name), (path) => readFile(path)),
    write: async (name, bytes) => {
      const path = pathOf(folder, name);
      if (!(bytes instanceof Uint8Array)) throw new UsageError(`folderStorage: the content of ${quote(name)} is ${describeValue(bytes)}, expected a Uint8Array`);
      if (!isReady) await prepare();
      await writeAtomically("folderStorage", path, bytes);
    },
    remove: async (name) => {
      const path = pathOf(folder, name);
      await rm(path, { force: true }).catch((cause: unknown) => {
        throw new FileError("folderStorage", "write", path, cause);
      });
    },
    // Temporary files, other hidden ones and the lock are no items.
    list: async () => ((await ifFound(folder, (path) => readdir(path))) ?? []).filter((name) => !name.startsWith(".") && name !== lockFileName),
    lock: async () => {
      const path = join(folder, lockFileName);
      await prepare();
      const lock = await takeLock("folderStorage", path, "has a run with its checkpoints here");
      return async () => {
        lock.release();
        // A folder without anything in it goes again; another one stays.
        await rmdir(folder).then(() => (isReady = false), () => undefined);
      };
    },
  };
}

/** The path of an item. @throws ArgumentError for a name that is not that of a file in the folder. */
function pathOf(folder: string, name: unknown): string {
  if (typeof name !== "string" || !/^[^./\\][^/\\]*$/.test(name)) throw new ArgumentError(`folderStorage: the name is ${describeValue(name)}, expected that of a file in the folder`);
  return join(folder, name);
}

/** The content at a path; `undefined` if there is none. */
async function ifFound<T>(path: string, read: (path: string) => Promise<T>): Promise<T | undefined> {
  try {
    return await read(path);
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return undefined;
    throw new FileError("folderStorage", "read", path, cause);
  }
}
