import type { Stats } from "node:fs";
import { appendFile, readdir, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { isTemporaryName, LockError, makeFolder, removeStaleTemporaries, systemReason, takeLock, type ProcessLock } from "@nn/files";
import { recordFileName } from "@nn/records/node";
import type { CheckpointStorage } from "@nn/train";
import { folderStorage } from "@nn/train/node";
import { Failure, isSystemError, UsageFailure } from "../failure.js";
import { savedSettings, type PartialSettings, type ResolvedSettings } from "../settings/merge.js";
import { readText, writeWhole } from "./file.js";
import { parseFolds, type FoldsRecord } from "./folds-record.js";
import { metricsText, type EpochMetrics } from "./metrics-file.js";

/** The names of the files in the folder of a run or a search. */
export const fileNames = {
  settings: "config.json",
  metrics: "metrics.jsonl",
  records: recordFileName,
  checkpoints: "checkpoints",
  model: "model.safetensors",
  report: "report.html",
  folds: "folds.json",
  search: "search.json",
  study: "study.jsonl",
  best: "best.json",
} as const;

/** The parent folder of runs without a folder of their own choice. */
export const runsFolder = "runs";

/** The parent folder of searches without a folder of their own choice. */
export const searchesFolder = "searches";

/** The checkpoint of earlier versions. */
const earlierCheckpoint = "checkpoint.safetensors";

/** The file in the folder of a run that names the process which uses it. */
export const lockName = ".lock";

/**
 * The folder that holds everything about one run. Every file in it is complete at any time, except for lines being appended. One
 * process at a time uses it: {@link create} and {@link open} take its lock, {@link release} releases it.
 */
export class RunFolder {
  readonly path: string;
  readonly #lock: ProcessLock;

  private constructor(path: string, lock: ProcessLock) {
    this.path = path;
    this.#lock = lock;
  }

  /**
   * Makes the folder of a new run and writes its settings.
   * @throws Failure if there is something in the folder already, or it cannot be written.
   */
  static async create(path: string, settings: ResolvedSettings): Promise<RunFolder> {
    await claim(path);
    return RunFolder.#locked(path, async (folder) => {
      await requireEmpty(path);
      await folder.writeSettings(settings);
    });
  }

  /**
   * Makes the folder of a new run under a name of its own: `runs/<date-time>-<data>`.
   * @throws Failure if it cannot be written.
   */
  static async createNamed(parent: string, data: string, settings: ResolvedSettings, now = new Date()): Promise<RunFolder> {
    const name = `${timestamp(now)}-${slug(data)}`;
    for (let attempt = 1; ; attempt++) {
      const path = join(parent, attempt === 1 ? name : `${name}-${attempt}`);
      if (await isMade(path)) return RunFolder.create(path, settings);
    }
  }

  /**
   * The folder of an earlier run.
   * @throws Failure if it is none.
   */
  static async open(path: string): Promise<RunFolder> {
    await requireFound(path);
    if (!(await exists(join(path, fileNames.settings)))) throw new Failure(`${path} is not the folder of a run: it has no ${fileNames.settings}`);
    return RunFolder.#locked(path, async () => undefined);
  }

  /** Takes the lock, removes the remains of ended processes, and runs the first step. */
  static async #locked(path: string, first: (folder: RunFolder) => Promise<void>): Promise<RunFolder> {
    const folder = new RunFolder(path, await locked(path));
    try {
      await removeStaleTemporaries(path);
      await first(folder);
      return folder;
    } catch (error) {
      await folder.release();
      throw error;
    }
  }

  /** Lets other processes work in the folder. */
  async release(): Promise<void> {
    this.#lock.release();
  }

  /** The settings of the run, with some of them changed. @throws UsageFailure if the file is damaged. */
  async readSettings(changes?: PartialSettings): Promise<ResolvedSettings> {
    return readSettings(this.path, changes);
  }

  async writeSettings(settings: ResolvedSettings): Promise<void> {
    await writeWhole(this.#at("settings"), `${JSON.stringify(settings, null, 2)}\n`);
  }

  /** The number of epochs in `metrics.jsonl`, including damaged lines. */
  async countMetrics(): Promise<number> {
    const path = this.#at("metrics");
    return (await exists(path)) ? (await readText(path)).split("\n").filter((line) => line !== "").length : 0;
  }

  async appendMetrics(metrics: EpochMetrics): Promise<void> {
    const path = this.#at("metrics");
    try {
      await appendFile(path, `${JSON.stringify(metrics)}\n`);
    } catch (cause) {
      throw new Failure(`cannot write ${path}: ${systemReason(cause)}`, { cause });
    }
  }

  /** Replaces the metrics of all epochs. */
  async writeMetrics(metrics: readonly EpochMetrics[]): Promise<void> {
    await writeWhole(this.#at("metrics"), metricsText(metrics));
  }

  /** The checkpoints of the run. */
  get checkpoints(): CheckpointStorage {
    return folderStorage(this.#at("checkpoints"));
  }

  /** @throws Failure if the run was made by a version of the program whose checkpoints this one does not read. */
  async requireReadable(): Promise<void> {
    const path = join(this.path, earlierCheckpoint);
    if (await exists(path)) throw new Failure(`${path} was written by an earlier version of nn-mlp, and this version cannot continue from it; start a new run with --config ${this.#at("settings")}`);
  }

  async writeModel(bytes: Uint8Array): Promise<void> {
    await writeWhole(this.#at("model"), bytes);
  }

  /** Removes the records of epochs that begin again. */
  async removeRecords(): Promise<void> {
    await rm(this.#at("records"), { force: true });
  }

  async writeReport(html: string): Promise<void> {
    await writeWhole(this.#at("report"), html);
  }

  /** Writes the scores of a cross-validation, or what is searched, or the best settings that were found. */
  async writeJson(file: "folds" | "search" | "best", content: object): Promise<void> {
    await writeWhole(this.#at(file), `${JSON.stringify(content, null, 2)}\n`);
  }

  /** The scores of its cross-validation; `undefined` if it has none. @throws Failure if their file is damaged. */
  async readFolds(): Promise<FoldsRecord | undefined> {
    const path = this.#at("folds");
    return (await exists(path)) ? parseFolds(path, await readText(path)) : undefined;
  }

  /** Where a file of the run is. */
  pathOf(file: keyof typeof fileNames): string {
    return this.#at(file);
  }

  #at(file: keyof typeof fileNames): string {
    return join(this.path, fileNames[file]);
  }
}

/** The settings in the folder of a run or a search, which another process may use. @throws UsageFailure if the file is damaged. */
export async function readSettings(folder: string, changes: PartialSettings = {}): Promise<ResolvedSettings> {
  const path = join(folder, fileNames.settings);
  return savedSettings(await readText(path), path, changes);
}

/** Takes the lock of a folder. @throws Failure with the process that holds it, or the reason why it cannot be taken. */
async function locked(path: string): Promise<ProcessLock> {
  const lock = join(path, lockName);
  return takeLock("RunFolder", lock, "uses the folder").catch((cause: unknown) => {
    if (cause instanceof LockError) throw new Failure(`${path} is in use by ${cause.holder}; ${cause.fix}, or choose another folder`, { cause });
    throw new Failure(`cannot write ${lock}: ${systemReason(cause)}`, { cause });
  });
}

/** Makes the folder of a run, or takes an empty one. */
async function claim(path: string): Promise<void> {
  if (!(await isMade(path))) await requireEmpty(path);
}

/** Makes a folder, unless something has its name: of two processes that begin in the same second only one makes it. */
async function isMade(path: string): Promise<boolean> {
  try {
    return await makeFolder("RunFolder", path);
  } catch (cause) {
    if (await exists(path)) return false;
    throw new Failure(`cannot create the folder ${path}: ${systemReason(cause)}`, { cause });
  }
}

async function requireEmpty(path: string): Promise<void> {
  let names: readonly string[];
  try {
    names = await readdir(path);
  } catch (cause) {
    throw new Failure(`cannot use ${path} as the folder of the run: ${isSystemError(cause, "ENOTDIR") ? "it is a file" : systemReason(cause)}`, { cause });
  }
  if (names.includes(fileNames.settings)) throw new UsageFailure(`${path} holds a run already; continue it with --resume ${path}, or choose another --out`);
  if (names.some((name) => name !== lockName && !isTemporaryName(name))) throw new UsageFailure(`${path} is not empty; choose another --out`);
}

/** The model file that a path means: the file itself, the one in the folder of a run, or in that of a run in `runs`. @throws Failure if there is none. */
export async function findModel(given: string): Promise<string> {
  const path = await folderNamed(given, runsFolder);
  const status = await requireFound(path);
  if (!status.isDirectory()) return path;
  const model = join(path, fileNames.model);
  if (await exists(model)) return model;
  if (await exists(join(path, fileNames.metrics))) throw new Failure(`${model} is missing, though the run completed an epoch; restore it, or train again with --config ${join(path, fileNames.settings)}`);
  if (await exists(join(path, fileNames.folds))) throw new Failure(`the run in ${path} has the scores of its folds, but no model; train it with --resume ${path}`);
  if (await exists(join(path, fileNames.settings))) throw new Failure(`the run in ${path} has no model yet: it ended before its first epoch did`);
  throw new Failure(`${path} is not the folder of a run: it has no ${fileNames.model}`);
}

async function requireFound(path: string): Promise<Stats> {
  return stat(path).catch((cause: unknown) => {
    throw new Failure(`cannot read ${path}: ${systemReason(cause)}`, { cause });
  });
}

/** A folder that is given by its path or by its name in the folder of its kind, such as `runs`. A path that exists takes precedence. */
export async function folderNamed(given: string, parent: string): Promise<string> {
  const named = join(parent, given);
  return !(await exists(given)) && (await exists(named)) ? named : given;
}

/** Whether there is something at a path. */
export async function exists(path: string): Promise<boolean> {
  return stat(path).then(() => true, () => false);
}

/** `2026-03-01-142530`, in local time: sorts by age and is a good name on every system. */
function timestamp(time: Date): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const date = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${date}-${two(time.getHours())}${two(time.getMinutes())}${two(time.getSeconds())}`;
}

/** The name of a data source as a part of a folder's name. */
function slug(data: string): string {
  return basename(data).replace(/\.(csv|tsv|gz)$/gi, "").replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-+|-+$/g, "") || "data";
}
