import { link, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { isProcessAlive, processIdentity, systemReason } from "@nn/files";
import { Failure, isSystemError } from "../failure.js";

/** The lock file in the folder of a run. It holds the process that uses the folder. */
export const lockName = ".lock";

/** What a lock holds: the name of its process by {@link processIdentity}, of which messages show the number and the machine. */
const holderSchema = z.object({ pid: z.int().positive(), host: z.string() });

interface Holder extends z.infer<typeof holderSchema> {
  readonly identity: string;
}

/** How long, in milliseconds, a lock may be empty: in a file system without hard links, its file is created before it is written. */
const longestEmpty = 2000;

/** The lock of a folder, which only this process uses. The lock of a process that has ended, even by a crash, does not count. */
export class FolderLock {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /**
   * Takes the lock of a folder.
   * @throws Failure with the process that holds it, or the reason why the file cannot be written.
   */
  static async take(folder: string): Promise<FolderLock> {
    const path = join(folder, lockName);
    for (let attempt = 0; attempt < 3; attempt++) {
      if (await created(path)) return new FolderLock(path);
      const text = await readFile(path, "utf8").catch(() => "");
      const holder = parseHolder(text);
      if (holder === undefined ? await isYoung(path) : isAlive(holder)) throw inUse(folder, path, holder);
      await removeStale(path, text);
    }
    throw inUse(folder, path, undefined);
  }

  /** Whether a process uses the folder. */
  static async isHeld(folder: string): Promise<boolean> {
    const holder = parseHolder(await readFile(join(folder, lockName), "utf8").catch(() => ""));
    return holder !== undefined && isAlive(holder);
  }

  /** Releases the lock. */
  async release(): Promise<void> {
    const holder = parseHolder(await readFile(this.#path, "utf8").catch(() => ""));
    if (holder?.identity === self()) await rm(this.#path, { force: true }).catch(() => undefined);
  }
}

const self = (): string => processIdentity("FolderLock");

/** Creates the lock, complete from the beginning: a killed process leaves nothing, or a lock that names it. */
async function created(path: string): Promise<boolean> {
  const text = self();
  const complete = `${path}.${process.pid}`;
  const failed = (cause: unknown): never => {
    throw new Failure(`cannot write ${path}: ${systemReason(cause)}`, { cause });
  };
  await writeFile(complete, text).catch(failed);
  try {
    await link(complete, path).catch(async (error: unknown) => {
      if (!isSystemError(error, "EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS")) throw error;
      // A file system without hard links.
      await writeFile(path, text, { flag: "wx" });
    });
    return true;
  } catch (cause) {
    // ENOENT: the process that has the lock took the complete file for a remnant of an ended process.
    return isSystemError(cause, "EEXIST", "ENOENT") ? false : failed(cause);
  } finally {
    await rm(complete, { force: true }).catch(() => undefined);
  }
}

function parseHolder(text: string): Holder | undefined {
  try {
    return { ...holderSchema.parse(JSON.parse(text)), identity: text };
  } catch {
    return undefined;
  }
}

async function isYoung(path: string): Promise<boolean> {
  const status = await stat(path).catch(() => undefined);
  return status !== undefined && Date.now() - status.mtimeMs < longestEmpty;
}

/** Whether the process still runs. A process of another machine cannot be asked and counts as running. */
function isAlive({ identity }: Holder): boolean {
  return isProcessAlive("FolderLock", identity) ?? true;
}

/** Removes the lock of a dead process, but not a lock that another process has taken in the meantime. */
async function removeStale(path: string, content: string): Promise<void> {
  const aside = `${path}.${process.pid}`;
  try {
    await rename(path, aside);
    if ((await readFile(aside, "utf8")) !== content) await rename(aside, path);
    else await rm(aside, { force: true });
  } catch (cause) {
    if (!isSystemError(cause, "ENOENT")) throw new Failure(`cannot remove ${path}, which an ended process left: ${systemReason(cause)}`, { cause });
  }
}

function inUse(folder: string, path: string, holder: Holder | undefined): Failure {
  const who = holder === undefined ? "another process" : `process ${holder.pid}${holder.host === hostname() ? "" : ` on ${holder.host}`}`;
  const fix = holder === undefined || holder.host === hostname() ? "wait until it has ended, or choose another folder" : `if it has ended, delete ${path}`;
  return new Failure(`${folder} is in use by ${who}; ${fix}`);
}
