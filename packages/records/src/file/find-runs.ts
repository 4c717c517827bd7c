import { FileError } from "@nn/files";
import { builtin } from "@nn/files/builtin";
import { requireKind } from "@nn/tensor/extend";
import { recordFileName } from "./lines.js";

/** A folder that holds the records of a run. */
export interface FoundRun {
  /** Its path. */
  readonly folder: string;
  /** When the file of the records was made, or last changed where the file system does not know, in milliseconds since 1970. */
  readonly began: number;
  /** When the file was last changed, in milliseconds since 1970. */
  readonly updated: number;
  /** Bytes of the file. */
  readonly size: number;
}

/** Limits: the depth of a run below the folder, and the number of entries that are read. */
const most = { depth: 3, entries: 20_000 };

/**
 * Finds the folders with `records.jsonl` in a folder and up to three levels below it; the folder itself may be one. Links, hidden folders and `node_modules` are not followed, and a
 * folder below that cannot be read is left out.
 * @throws FileError if the folder itself cannot be read.
 *
 * @example
 * ```ts
 * import { mkdtemp, rm } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { basename, join } from "node:path";
 * import { findRuns, openRecordFile } from "@nn/records/node";
 *
 * const runs = await mkdtemp(join(tmpdir(), "runs-"));
 * for (const name of ["a", "b"]) (await openRecordFile(join(runs, name))).close();
 * (await findRuns(runs)).map(({ folder }) => basename(folder)).toSorted(); // => ["a", "b"]
 * await rm(runs, { recursive: true });
 * ```
 */
export async function findRuns(folder: string): Promise<FoundRun[]> {
  requireKind("findRuns", "the folder", folder, "string");
  const { join } = builtin("findRuns", "node:path");
  const { readdir, stat } = builtin("findRuns", "node:fs/promises");
  const found: FoundRun[] = [];
  let entries = 0;
  const visit = async (place: string, depth: number): Promise<void> => {
    for (const entry of await readdir(place, { withFileTypes: true })) {
      if ((entries += 1) > most.entries) return;
      const path = join(place, entry.name);
      if (entry.isFile() && entry.name === recordFileName) {
        const { birthtimeMs, mtimeMs, size } = await stat(path);
        found.push({ folder: place, began: birthtimeMs > 0 ? birthtimeMs : mtimeMs, updated: mtimeMs, size });
      } else if (entry.isDirectory() && depth < most.depth && !entry.name.startsWith(".") && entry.name !== "node_modules") {
        // A folder that cannot be read hides no run beside it.
        await visit(path, depth + 1).catch(() => undefined);
      }
    }
  };
  try {
    await visit(folder, 0);
  } catch (cause) {
    throw new FileError("findRuns", "read", folder, cause);
  }
  return found;
}
