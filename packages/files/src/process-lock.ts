import { requireKind } from "@nn/tensor/extend";
import { builtin } from "./builtin.js";
import { createAtomically } from "./create-atomically.js";
import { FileError } from "./file-error.js";
import { isProcessAlive, namedProcess, processIdentity } from "./process-identity.js";
import { writeAtomically } from "./write-atomically.js";

/** How long, in milliseconds, a lock may be unreadable: in a file system without hard links, its file is created before it is written. */
const longestUnreadable = 2000;

/** What a process holds so that no other does the same: {@link takeLock}. */
export interface ProcessLock {
  /** Lets others take it. A lock that another process has taken meanwhile, as its file was deleted, stays. @throws FileError if the file cannot be removed. */
  release(): void;
}

/** A process holds the lock that another one, or it itself once more, wants to take. */
export class LockError extends FileError {
  override readonly name = "LockError";
  /** Who holds it: `process 12`, `process 12 on otherhost`, `this process`. */
  readonly holder: string;
  /** What the user may do. */
  readonly fix: string;

  constructor(operation: string, path: string, what: string, { holder, fix }: { readonly holder: string; readonly fix: string }) {
    super(operation, "write", path, new Error(`${holder} ${what}; ${fix}`));
    this.holder = holder;
    this.fix = fix;
  }
}

/**
 * Takes a lock for this process: a file that names it, complete from the beginning. The lock of a process that has ended, even by a crash, does not count; what such a process left
 * while it took the lock is removed. A process of another machine cannot be asked, and counts as running.
 * @param what - what its holder does, such as `writes the records of this run`.
 * @throws LockError if a process holds it, this one too; FileError if the file cannot be written.
 */
export async function takeLock(operation: string, path: string, what: string): Promise<ProcessLock> {
  requireKind(operation, "path", path, "string");
  requireKind(operation, "what its holder does", what, "string");
  const lock = { release: () => release(operation, path) };
  for (let attempt = 0; attempt < 3; attempt++) {
    if (await createAtomically(operation, path, processIdentity(operation))) return lock;
    const content = (await lockHolder(operation, path)) ?? "";
    if (await isHeld(operation, path, content)) throw new LockError(operation, path, what, describe(operation, path, content));
    if (await isTakenOver(operation, path, content)) return lock;
  }
  throw new LockError(operation, path, what, { holder: "another process", fix: "wait until it has ended" });
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

/** Whether a process holds a lock: one that runs, or one of another machine, which cannot be asked. @throws FileError if the file cannot be read. */
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

/** Whether the process that a lock names runs, or may run. */
async function isHeld(operation: string, path: string, content: string): Promise<boolean> {
  if (namedProcess(content) !== undefined) return isProcessAlive(operation, content) ?? true;
  const status = await builtin(operation, "node:fs/promises").stat(path).catch(() => undefined);
  return status !== undefined && Date.now() - status.mtimeMs < longestUnreadable;
}

/** Replaces the lock of a process that has ended. False if another process does so, or has done so. */
async function isTakenOver(operation: string, path: string, content: string): Promise<boolean> {
  const { basename, dirname, join } = builtin(operation, "node:path");
  const { rm } = builtin(operation, "node:fs/promises");
  // Of several processes that found the same lock, one at a time replaces it.
  const guard = join(dirname(path), `.${basename(path)}.takeover`);
  if (!(await createAtomically(operation, guard, processIdentity(operation)))) {
    if (!(await isLocked(operation, guard))) await rm(guard, { force: true });
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

function describe(operation: string, path: string, content: string): { readonly holder: string; readonly fix: string } {
  if (content === processIdentity(operation)) return { holder: "this process", fix: "end or close that first" };
  const named = namedProcess(content);
  if (named === undefined) return { holder: "another process", fix: "wait until it has ended" };
  const isHere = named.host === builtin(operation, "node:os").hostname();
  return isHere ? { holder: `process ${named.pid}`, fix: "wait until it has ended" } : { holder: `process ${named.pid} on ${named.host}`, fix: `if it has ended, delete ${path}` };
}
