import { readdir } from "node:fs/promises";
import { basename, join, relative, resolve } from "node:path";
import { FileError, isLocked, systemReason } from "@nn/files";
import { RecordError, TrainingClock, type RunRecord, type RunState, type ScalarsRecord, type SettingValue } from "@nn/records";
import { readRecordFile, recordFileName } from "@nn/records/node";
import { Failure } from "../failure.js";
import { lockName } from "./run-folder.js";
import { testNames } from "./test-record.js";

/** What a run does or did: `"killed"` is a run that ended without saying so, `"unreadable"` one whose records are damaged. */
export type RecordedState = RunState | "killed" | "unreadable";

/** Numbers by name, such as `{ "validation.accuracy": 0.9 }`. */
export type Values = ScalarsRecord["values"];

/** A run as its records tell. */
export interface RecordedRun {
  readonly path: string;
  readonly state: RecordedState;
  readonly settings: Readonly<Record<string, SettingValue>>;
  /** The values of each complete epoch. */
  readonly epochs: readonly Values[];
  /** The result on the test examples, once the run has ended. */
  readonly test: { readonly loss: number; readonly accuracy: number } | undefined;
  /** How long it has run: from its beginning, and that of every continuation, to the last record of each. */
  readonly seconds: number;
  /** When it last recorded something, in milliseconds since 1970. */
  readonly updated: number;
}

/** How deep below a folder runs are looked for. */
const deepest = 3;

/**
 * The folders of runs in a folder, which may be one itself, by their names.
 * @throws Failure if it cannot be read.
 */
export async function findRuns(folder: string, depth = deepest): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw new Failure(`cannot read ${folder}: ${systemReason(cause)}`, { cause });
  });
  if (entries.some((entry) => entry.name === recordFileName && entry.isFile())) return [folder];
  if (depth === 0) return [];
  const inner = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith(".") && entry.name !== "node_modules").map(({ name }) => join(folder, name));
  // A folder that cannot be read hides no run beside it.
  return (await Promise.all(inner.map((each) => findRuns(each, depth - 1).catch(() => [])))).flat().toSorted();
}

/**
 * Reads the records of a run.
 * @throws Failure if there are none; RecordError if they are damaged.
 */
export async function readRun(path: string): Promise<RecordedRun> {
  const records = await readRecordFile(path).catch((error: unknown) => {
    if (error instanceof FileError && error.code === "ENOENT") throw new Failure(`${path} is not the folder of a run: it has no ${recordFileName}`, { cause: error });
    throw error;
  });
  const scalars = records.flatMap((record) => (record.type === "scalars" ? [record.values] : []));
  const epochs = scalars.filter((values) => Object.hasOwn(values, "epoch"));
  // A run that went on after its test has none until it ends again.
  const latest = scalars.findLast((values) => Object.hasOwn(values, "epoch") || Object.hasOwn(values, testNames.accuracy));
  const [loss, accuracy] = [latest?.[testNames.loss], latest?.[testNames.accuracy]];
  const settings = records.findLast((record) => record.type === "settings")?.settings ?? {};
  const state = records.findLast((record) => record.type === "status")?.state ?? "running";
  const isActive = state === "running" || state === "paused";
  return {
    path, settings, epochs,
    state: isActive && !(await isLocked("RecordedRun", join(path, lockName))) ? "killed" : state,
    test: loss === undefined || accuracy === undefined ? undefined : { loss, accuracy },
    seconds: secondsOf(records),
    updated: records.at(-1)?.time ?? 0,
  };
}

/** The time that a run has trained. */
function secondsOf(records: readonly RunRecord[]): number {
  const clock = new TrainingClock();
  for (const record of records) clock.add(record);
  return clock.seconds;
}

/** Reads the records of a run for a list, in which a damaged one hides no other. */
export async function readForList(path: string): Promise<RecordedRun> {
  return readRun(path).catch((error: unknown): RecordedRun => {
    if (error instanceof RecordError || error instanceof FileError) return { path, state: "unreadable", settings: {}, epochs: [], test: undefined, seconds: 0, updated: 0 };
    throw error;
  });
}

/** The number that is best over the epochs; `undefined` if no epoch has one. */
export function bestOf({ epochs }: RecordedRun, name: string, best: "max" | "min"): number | undefined {
  const values = epochs.flatMap((epoch) => (Number.isFinite(epoch[name]) ? [epoch[name] as number] : []));
  return values.length === 0 ? undefined : values.reduce((a, b) => (best === "max" ? Math.max(a, b) : Math.min(a, b)));
}

/** The name of a run in the folder of runs. */
export function nameIn(folder: string, path: string): string {
  return relative(folder, path) || basename(resolve(path));
}
