import { requireKind } from "@nn/tensor/extend";
import { builtin } from "./builtin.js";
import { codeOf, FileError } from "./file-error.js";
import { removeStale, temporaryPath } from "./temporaries.js";

/** The error codes of file systems without hard links. */
const withoutLinks: ReadonlySet<string | undefined> = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"]);

/**
 * Creates a complete file, unless it exists: if several processes call this, only one succeeds. Resolves to `false`, and writes nothing, if there is a file already. A killed process
 * leaves nothing or the complete file; on a file system without hard links, the file may exist before its content. Temporary files that crashed processes left for this file are
 * removed.
 * @throws FileError in the name of `operation`; the temporary file is removed.
 */
export async function createAtomically(operation: string, path: string, content: string | Uint8Array): Promise<boolean> {
  requireKind(operation, "path", path, "string");
  const { link, rm, writeFile } = builtin(operation, "node:fs/promises");
  const complete = temporaryPath(operation, path);
  const isCreated = await writeFile(complete, content, { flag: "wx" })
    .then(() => link(complete, path))
    .catch(async (cause: unknown) => {
      if (!withoutLinks.has(codeOf(cause))) throw cause;
      await writeFile(path, content, { flag: "wx" });
    })
    .then(() => true, (cause: unknown) => {
      if (codeOf(cause) === "EEXIST") return false;
      throw new FileError(operation, "write", path, cause);
    })
    .finally(() => rm(complete, { force: true }).catch(() => undefined));
  await removeStale(operation, path);
  return isCreated;
}
