import { decodeRecord, RecordError, type RunRecord, type RunState } from "@nn/records";
import { findRuns, isWriterAlive, recordFileName, type FoundRun as RunFile } from "@nn/records/node";
import { open, type FileHandle } from "node:fs/promises";
import { basename, join, relative, resolve, sep } from "node:path";

/** The state of a run, or `"killed"` if its process ended without a last record. */
export type ListedState = RunState | "killed";

/** A run, as the list of runs shows it. */
export interface RunSummary {
  /** The path of its folder below the folder of runs, with `/`. */
  readonly id: string;
  readonly state: ListedState;
  /** The last step with a record. */
  readonly step: number;
  /** The time of the last change of its file, in milliseconds since 1970. */
  readonly updated: number;
}

/** A run, and its folder. Pages do not get the path of the folder. */
export interface FoundRun {
  readonly summary: RunSummary;
  readonly folder: string;
}

/** The number of runs that are shown: the newest. */
const mostRuns = 500;

/** The number of bytes at the end of a file that are read to find the state of its run: at first, and at most, if the last record is larger. */
const tail = { first: 64 * 1024, longest: 64 * 1024 * 1024 };

/** The state and the step of a run's last record. */
interface LastRecord {
  readonly state: RunState;
  readonly step: number;
}

/** Finds the runs below a folder. When called again, it does not read unchanged files again. */
export class RunFinder {
  readonly #root: string;
  #known: ReadonlyMap<string, { readonly file: RunFile; readonly last: LastRecord }> = new Map();

  constructor(root: string) {
    this.#root = root;
  }

  /**
   * The runs: folders that hold `records.jsonl`. Those that began or were resumed last come first. The folder itself may be a run. Links are not
   * followed.
   * @throws FileError if the folder cannot be read.
   */
  async find(): Promise<FoundRun[]> {
    const newest = (await findRuns(this.#root)).toSorted((a, b) => b.began - a.began).slice(0, mostRuns);
    // A file that cannot be read, or has just gone, hides no other run.
    const read = await Promise.all(newest.map((file) => this.#read(file).catch(() => undefined)));
    const found = read.filter((each) => each !== undefined);
    this.#known = new Map(found.map((each) => [each.file.folder, each]));
    return Promise.all(found.map(async ({ file: { folder, updated }, last }) => ({ folder, summary: { id: this.#idOf(folder), updated, step: last.step, state: await stateOf(folder, last.state) } })));
  }

  /** The path of a run below the folder, and for the folder itself its name. */
  #idOf(folder: string): string {
    return relative(this.#root, folder).split(sep).join("/") || basename(resolve(this.#root));
  }

  async #read(file: RunFile): Promise<{ readonly file: RunFile; readonly last: LastRecord }> {
    const known = this.#known.get(file.folder);
    const isSame = known?.file.size === file.size && known.file.updated === file.updated && known.file.began === file.began;
    return { file, last: isSame ? known.last : await lastRecord(join(file.folder, recordFileName), file.size) };
  }
}

/** The state of a run. A killed run could not record its end. */
async function stateOf(folder: string, state: RunState): Promise<ListedState> {
  const isOn = state === "running" || state === "paused";
  return isOn && (await isWriterAlive(folder).catch(() => undefined)) === false ? "killed" : state;
}

/** The state and the step of the last record, from the end of a file: a run ends with a status. */
async function lastRecord(path: string, size: number): Promise<LastRecord> {
  const file = await open(path, "r");
  try {
    for (let length = tail.first; ; length *= 8) {
      const record = lastIn(await endOf(file, size, length), path);
      if (record !== undefined) return { state: record.type === "status" ? record.state : "running", step: record.step };
      if (length >= size || length > tail.longest) return { state: "running", step: 0 };
    }
  } finally {
    await file.close();
  }
}

/** The last line that is a record. The first line of a file is not a record, and the first line of the text may be incomplete. */
function lastIn(text: string, path: string): RunRecord | undefined {
  for (const line of text.split("\n").slice(0, -1).toReversed()) {
    try {
      return decodeRecord(line, path);
    } catch (error) {
      if (!(error instanceof RecordError)) throw error;
    }
  }
  return undefined;
}

async function endOf(file: FileHandle, size: number, longest: number): Promise<string> {
  const length = Math.min(size, longest);
  const bytes = new Uint8Array(length);
  const { bytesRead } = await file.read(bytes, 0, length, size - length);
  return new TextDecoder().decode(bytes.subarray(0, bytesRead));
}
