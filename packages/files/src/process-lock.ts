import { requireKind } from "@nn/tensor/extend";
import { builtin } from "./builtin.js";
import { createAtomically } from "./create-atomically.js";
import { codeOf, FileError } from "./file-error.js";
import { isProcessAlive, namedProcess, processIdentity } from "./process-identity.js";
import { guardPath } from "./temporaries.js";
import { writeAtomically } from "./write-atomically.js";

/** The longest time, in milliseconds, for which a lock may be unreadable: on a file system without hard links, its file is created before it is written. */
const longestUnreadable = 2000;

/** A lock that a process holds; {@link takeLock} makes it. */
export interface ProcessLock {
  /**
   * Releases the lock. If its file was deleted and another process has taken the lock since, that lock stays. @throws FileError if the file cannot be removed.
   */
  release(): void;
}

/** The lock is held already, by another process or by this one. */
export class LockError extends FileError {
  override readonly name = "LockError";
  /** The holder: `process 12`, `process 12 on otherhost`, `this process`. */
  readonly holder: string;
  /** What the user can do. */
  readonly fix: string;

  constructor(operation: string, path: string, what: string, { holder, fix }: { readonly holder: string; readonly fix: string }) {
    super(operation, "write", path, new Error(`${holder} ${what}; ${fix}`));
    this.holder = holder;
    this.fix = fix;
  }
}

/**
 * Takes a lock for this process: creates a file that names the process, complete from the beginning. The lock of a process that has ended, even by a crash, does not count; files
 * that such a process left while it took the lock are removed. A process of another machine cannot be checked and counts as running.
 * @param what - the activity of the holder, such as `writes the records of this run`.
 * @throws LockError if a process holds it, including this one; FileError if the file cannot be written.
 */
export async function takeLock(operation: string, path: string, what: string): Promise<ProcessLock> {
  requireKind(operation, "path", path, "string");
  requireKind(operation, "what its holder does", what, "string");
  const lock = { release: () => release(operation, path) };
  for (let attempt = 0; attempt < 3; attempt++) {
    if (await createAtomically(operation, path, processIdentity(operation))) {
      await removeAbandonedGuard(operation, path);
      return lock;
    }
    const content = (await lockHolder(operation, path)) ?? "";
    if (await isHeld(operation, path, content)) throw new LockError(operation, path, what, describe(operation, path, content));
    if (await isTakenOver(operation, path, content)) return lock;
  }
  throw new LockError(operation, path, what, { holder: "another process", fix: "wait until it has ended" });
}

/** The process that holds a lock, in the form of {@link processIdentity}; `undefined` if none does. @throws FileError if the file cannot be read. */
export async function lockHolder(operation: string, path: string): Promise<string | undefined> {
  requireKind(operation, "path", path, "string");
  try {
    return await builtin(operation, "node:fs/promises").readFile(path, "utf8");
  } catch (cause) {
    if (codeOf(cause) === "ENOENT") return undefined;
    throw new FileError(operation, "read", path, cause);
  }
}

/** Whether a process holds a lock: one that is running, or one of another machine, which cannot be checked. @throws FileError if the file cannot be read. */
export async function isLocked(operation: string, path: string): Promise<boolean> {
  const content = await lockHolder(operation, path);
  return content !== undefined && (await isHeld(operation, path, content));
}

function release(operation: string, path: string): void {
  const { existsSync, readFileSync, rmSync } = builtin(operation, "node:fs");
  try {
    if (existsSync(path) && readFileSync(path, "utf8") === processIdentity(operation)) rmSync(path, { force: true });
  } catch (cause) {
    throw new FileError(operation, "write", path, cause);
  }
}

/** Whether the process that a lock names is running, or may be running. */
async function isHeld(operation: string, path: string, content: string): Promise<boolean> {
  if (namedProcess(content) !== undefined) return isProcessAlive(operation, content) ?? true;
  const status = await builtin(operation, "node:fs/promises").stat(path).catch(() => undefined);
  return status !== undefined && Date.now() - status.mtimeMs < longestUnreadable;
}

/** Replaces the lock of a process that has ended. Resolves to `false` if another process does this first. */
async function isTakenOver(operation: string, path: string, content: string): Promise<boolean> {
  const { rm } = builtin(operation, "node:fs/promises");
  // Of several processes that found the same lock, one at a time replaces it.
  const guard = guardPath(operation, path);
  if (!(await createAtomically(operation, guard, processIdentity(operation)))) {
    await removeAbandonedGuard(operation, path);
    return false;
  }
  try {
    if ((await lockHolder(operation, path)) !== content) return false;
    await writeAtomically(operation, path, processIdentity(operation));
    return true;
  } finally {
    await rm(guard, { force: true });
  }
}

/** Removes the guard of a process that was killed while it replaced a lock. */
async function removeAbandonedGuard(operation: string, path: string): Promise<void> {
  const guard = guardPath(operation, path);
  if (!(await isLocked(operation, guard))) await builtin(operation, "node:fs/promises").rm(guard, { force: true });
}

function describe(operation: string, path: string, content: string): { readonly holder: string; readonly fix: string } {
  if (content === processIdentity(operation)) return { holder: "this process", fix: "end or close that first" };
  const named = namedProcess(content);
  if (named === undefined) return { holder: "another process", fix: "wait until it has ended" };
  const isHere = named.host === builtin(operation, "node:os").hostname();
  return isHere ? { holder: `process ${named.pid}`, fix: "wait until it has ended" } : { holder: `process ${named.pid} on ${named.host}`, fix: `if it has ended, delete ${path}` };
}
