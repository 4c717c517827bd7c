import { requireKind } from "@nn/tensor/extend";
import { builtin } from "./builtin.js";
import { FileError } from "./file-error.js";
import { isProcessAlive, processIdentity } from "./process-identity.js";
import { temporaryPath } from "./temporaries.js";
import { writeAtomically } from "./write-atomically.js";

/** File systems without hard links answer so. */
const withoutLinks: ReadonlySet<string | undefined> = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"]);

/**
 * Takes a lock for this process: a file that names it, complete from the beginning. The lock of a process that has ended, even by a crash, of this process, or of
 * another machine, which cannot be asked, is taken over.
 * @param what - what its holder does, such as `writes the records of this run`.
 * @throws FileError if another process of this machine holds it, or the file cannot be written.
 */
export async function takeLock(operation: string, path: string, what: string): Promise<void> {
  requireKind(operation, "path", path, "string");
  requireKind(operation, "what its holder does", what, "string");
  if (await isCreated(operation, path)) return;
  const holder = await lockHolder(operation, path);
  if (holder !== undefined && holder !== processIdentity(operation) && isProcessAlive(operation, holder) === true) {
    throw new FileError(operation, "write", path, new Error(`another process ${what}: ${holder}; wait until it ends, or delete this file if that is another program by now`));
  }
  await writeAtomically(operation, path, processIdentity(operation));
}

/** Ends what {@link takeLock} began. A lock that another process has taken meanwhile stays. */
export function releaseLock(operation: string, path: string): void {
  requireKind(operation, "path", path, "string");
  const { existsSync, readFileSync, rmSync } = builtin(operation, "node:fs");
  try {
    if (existsSync(path) && readFileSync(path, "utf8") === processIdentity(operation)) rmSync(path, { force: true });
  } catch (cause) {
    throw new FileError(operation, "write", path, cause);
  }
}

/** The process that holds a lock, as {@link processIdentity} names it; `undefined` if none does. @throws FileError if the file cannot be read. */
export async function lockHolder(operation: string, path: string): Promise<string | undefined> {
  requireKind(operation, "path", path, "string");
  try {
    return await builtin(operation, "node:fs/promises").readFile(path, "utf8");
  } catch (cause) {
    const error = new FileError(operation, "read", path, cause);
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** Creates the file of a lock, of two processes only for one. False if there is a file, or the file system has no hard links. */
async function isCreated(operation: string, path: string): Promise<boolean> {
  const { link, rm, writeFile } = builtin(operation, "node:fs/promises");
  const complete = temporaryPath(operation, path);
  try {
    await writeFile(complete, processIdentity(operation), { flag: "wx" });
    await link(complete, path);
    return true;
  } catch (cause) {
    const error = new FileError(operation, "write", path, cause);
    if (error.code === "EEXIST" || withoutLinks.has(error.code)) return false;
    throw error;
  } finally {
    await rm(complete, { force: true }).catch(() => undefined);
  }
}
