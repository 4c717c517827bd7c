import { FileError } from "@nn/files";
import { decodeRecord, RecordError, type RunState } from "@nn/records";
import { open, readdir, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";

/** A run, as the list of runs shows it. */
export interface RunSummary {
  /** The path of its folder below the folder of runs, with `/`. */
  readonly id: string;
  readonly state: RunState;
  /** The last step with a record. */
  readonly step: number;
  /** When its file last changed, in milliseconds since 1970. */
  readonly updated: number;
}

/** A run and its folder, which no page is told. */
export interface FoundRun {
  readonly summary: RunSummary;
  readonly folder: string;
}

/** How deep below the folder of runs a run may lie, and how many are shown: the newest. */
const most = { depth: 3, runs: 500, entries: 20_000 };

/** How much of the end of a file is looked at, to know the state of its run. */
const tailLength = 64 * 1024;

const fileName = "records.jsonl";

/**
 * The runs below a folder, those that began or were resumed last first: folders that hold `records.jsonl`. The folder itself may be one. Links are not followed.
 * @throws FileError if the folder cannot be read.
 */
export async function findRuns(root: string): Promise<FoundRun[]> {
  const found: { readonly id: string; readonly folder: string; readonly began: number; readonly updated: number; readonly size: number }[] = [];
  const budget = { entries: most.entries };
  const visit = async (folder: string, id: string, depth: number): Promise<void> => {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if ((budget.entries -= 1) < 0) return;
      const path = join(folder, entry.name);
      if (entry.isFile() && entry.name === fileName) {
        const { birthtimeMs, mtimeMs, size } = await stat(path);
        // Not every file system knows when a file was made.
        found.push({ id: id === "" ? basename(resolve(root)) : id, folder, began: birthtimeMs > 0 ? birthtimeMs : mtimeMs, updated: mtimeMs, size });
      } else if (entry.isDirectory() && depth < most.depth && entry.name !== "node_modules") {
        await visit(path, id === "" ? entry.name : `${id}/${entry.name}`, depth + 1).catch(() => undefined);
      }
    }
  };
  try {
    await visit(root, "", 0);
  } catch (cause) {
    throw new FileError("serve", "read", root, cause);
  }
  const newest = found.toSorted((a, b) => b.began - a.began).slice(0, most.runs);
  // A file that cannot be read, or has just gone, hides no other run.
  const runs = await Promise.all(newest.map(async ({ id, folder, updated, size }): Promise<readonly FoundRun[]> => {
    const state = await stateOf(join(folder, fileName), size).catch(() => undefined);
    return state === undefined ? [] : [{ folder, summary: { id, updated, ...state } }];
  }));
  return runs.flat();
}

/** The state and the last step of a run, from the end of its file: a run ends with a status. */
async function stateOf(path: string, size: number): Promise<{ readonly state: RunState; readonly step: number }> {
  const lines = (await tailOf(path, size)).split("\n").slice(0, -1);
  for (const line of lines.toReversed()) {
    try {
      const record = decodeRecord(line, path);
      return { state: record.type === "status" ? record.state : "running", step: record.step };
    } catch (error) {
      // The first line of the file is no record, and the first of the tail may be cut.
      if (!(error instanceof RecordError)) throw error;
    }
  }
  return { state: "running", step: 0 };
}

async function tailOf(path: string, size: number): Promise<string> {
  const file = await open(path, "r");
  try {
    const length = Math.min(size, tailLength);
    const bytes = new Uint8Array(length);
    const { bytesRead } = await file.read(bytes, 0, length, size - length);
    return new TextDecoder().decode(bytes.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}
