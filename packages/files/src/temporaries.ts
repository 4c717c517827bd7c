import { requireKind } from "@nn/tensor/extend";
import { builtin } from "./builtin.js";
import { FileError } from "./file-error.js";
import { isRunning } from "./process-identity.js";

/** A temporary file of another machine, whose processes cannot be checked, counts as stale after this time. */
const abandonedAfter = 24 * 3600 * 1000;

/** `.<name>.<machine>-<process>-<random>.tmp`: names the owner. */
const pattern = /^\.(.+)\.([0-9a-f]{8})-(\d+)-[0-9a-f]{8}\.tmp$/;

/** `.<name>.takeover`: names what it guards. */
const guardPattern = /^\..+\.takeover$/;

/** The file of the process that replaces the lock `path` of an ended one. */
export function guardPath(operation: string, path: string): string {
  const { basename, dirname, join } = builtin(operation, "node:path");
  return join(dirname(path), `.${basename(path)}.takeover`);
}

/** A new name for the temporary file of `path`, in the same folder: a rename between folders may not be atomic. */
export function temporaryPath(operation: string, path: string): string {
  const { basename, dirname, join } = builtin(operation, "node:path");
  const random = builtin(operation, "node:crypto").randomBytes(4).toString("hex");
  return join(dirname(path), `.${basename(path)}.${machine(operation)}-${builtin(operation, "node:process").pid}-${random}.tmp`);
}

/** Whether the name of a file, without its folder, is one under which this package writes: a killed process may leave such a file, and it holds no data of the user. */
export function isTemporaryName(name: string): boolean {
  requireKind("isTemporaryName", "name", name, "string");
  return pattern.test(name) || guardPattern.test(name);
}

/** The machine's name as eight hexadecimal digits. It is needed because process numbers are unique on one machine only. */
function machine(operation: string): string {
  const name = builtin(operation, "node:os").hostname();
  return builtin(operation, "node:crypto").createHash("sha256").update(name).digest("hex").slice(0, 8);
}

/**
 * Removes the temporary files that `writeAtomically` left in a folder because its process was killed: those of processes of this machine that are no
 * longer running, and those of other machines that are a day old.
 * @throws FileError if the folder cannot be read.
 */
export async function removeStaleTemporaries(folder: string, operation = "removeStaleTemporaries"): Promise<void> {
  requireKind(operation, "folder", folder, "string");
  try {
    await removeIn(operation, folder, () => true);
  } catch (cause) {
    throw new FileError(operation, "read", folder, cause);
  }
}

/** The same for the temporary files of one file. If they cannot be removed, it does not fail. */
export async function removeStale(operation: string, path: string): Promise<void> {
  const { basename, dirname } = builtin(operation, "node:path");
  await removeIn(operation, dirname(path), (name) => name === basename(path)).catch(() => undefined);
}

async function removeIn(operation: string, folder: string, accept: (name: string) => boolean): Promise<void> {
  const { readdir, rm, stat } = builtin(operation, "node:fs/promises");
  const { join } = builtin(operation, "node:path");
  for (const entry of await readdir(folder)) {
    const [, name, host, process] = pattern.exec(entry) ?? [];
    if (name === undefined || !accept(name)) continue;
    const path = join(folder, entry);
    const age = await stat(path).then(({ mtimeMs }) => Date.now() - mtimeMs, () => 0);
    if (age > abandonedAfter || (host === machine(operation) && !isRunning(operation, Number(process)))) await rm(path, { force: true });
  }
}
