import { basename, join, relative, resolve } from "node:path";
import { FileError, isLocked, systemReason } from "@nn/files";
import { RecordError, TrainingClock, type RunRecord, type RunState, type ScalarsRecord, type SettingValue } from "@nn/records";
import { findRuns, readRecordFile, recordFileName } from "@nn/records/node";
import { Failure } from "../failure.js";
import { hasLostPatience } from "./metrics-file.js";
import { lockName } from "./run-folder.js";
import { testNames } from "./test-record.js";

/**
 * What a run does or did: `"stopped early"` is a run that lost its patience, `"stopped by hand"` one that was stopped through the dashboard, `"killed"` one that ended without saying so,
 * and `"unreadable"` one whose records are damaged.
 */
export type RecordedState = Exclude<RunState, "stopped"> | "stopped early" | "stopped by hand" | "killed" | "unreadable";

/** Numbers by name, such as `{ "validation.accuracy": 0.9 }`. */
export type Values = ScalarsRecord["values"];

/** A run as its records tell. */
export interface RecordedRun {
  readonly path: string;
  readonly state: RecordedState;
  readonly settings: Readonly<Record<string, SettingValue>>;
  /** The values of each complete epoch. */
  readonly epochs: readonly Values[];
  /** The epoch whose weights are kept, from 1; 0 before the first one is complete. */
  readonly keptEpoch: number;
  /** The result on the test examples, once the run has ended. */
  readonly test: { readonly loss: number; readonly accuracy: number } | undefined;
  /** How long it has run: from its beginning, and that of every continuation, to the last record of each. */
  readonly seconds: number;
  /** When it last recorded something, in milliseconds since 1970. */
  readonly updated: number;
}

/**
 * The folders of runs in a folder, which may be one itself, by their names.
 * @throws Failure if it cannot be read.
 */
export async function foldersOfRuns(folder: string): Promise<readonly string[]> {
  const found = await findRuns(folder).catch((cause: unknown) => {
    throw new Failure(`cannot read ${folder}: ${systemReason(cause)}`, { cause });
  });
  return found.map((each) => each.folder).toSorted();
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
  const keptEpoch = keptEpochOf(epochs, settings);
  const state = records.findLast((record) => record.type === "status")?.state ?? "running";
  const isActive = state === "running" || state === "paused";
  const isKilled = isActive && !(await isLocked("RecordedRun", join(path, lockName)));
  return {
    path, settings, epochs, keptEpoch,
    state: isKilled ? "killed" : state === "stopped" ? (hasLostPatience(epochs.length, keptEpoch, settings["patience"]) ? "stopped early" : "stopped by hand") : state,
    test: loss === undefined || accuracy === undefined ? undefined : { loss, accuracy },
    seconds: secondsOf(records),
    updated: records.at(-1)?.time ?? 0,
  };
}

/** The epoch whose weights a run keeps: with `--keep best` the first one with the lowest validation loss, else the last one. */
function keptEpochOf(epochs: readonly Values[], settings: RecordedRun["settings"]): number {
  if (settings["keep"] !== "best") return epochs.length;
  const losses = epochs.map((values) => values["validation.loss"] ?? Number.NaN);
  const lowest = losses.reduce((a, b) => (b < a ? b : a), Infinity);
  return lowest === Infinity ? epochs.length : losses.indexOf(lowest) + 1;
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
    if (error instanceof RecordError || error instanceof FileError) return { path, state: "unreadable", settings: {}, epochs: [], keptEpoch: 0, test: undefined, seconds: 0, updated: 0 };
    throw error;
  });
}

/** A value of the epoch whose weights are kept; `undefined` if it has none. */
export function keptValue({ epochs, keptEpoch }: RecordedRun, name: string): number | undefined {
  const value = epochs[keptEpoch - 1]?.[name];
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}

/** The name of a run in the folder of runs. */
export function nameIn(folder: string, path: string): string {
  return relative(folder, path) || basename(resolve(path));
}
