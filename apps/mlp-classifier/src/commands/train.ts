import { loadData, type LoadListener } from "../data/load.js";
import { Failure, Interruption, UsageFailure } from "../failure.js";
import { requireMemory } from "../model/memory.js";
import { readText } from "../run/file.js";
import { folderNamed, RunFolder, runsFolder } from "../run/run-folder.js";
import { located } from "../settings/located.js";
import { flagOf } from "../settings/settings.js";
import { completeSettings, mergeSettings, parseSettings, type PartialSettings, type ResolvedSettings } from "../settings/merge.js";
import type { Terminal } from "../terminal/terminal.js";
import { Training } from "../training/training.js";
import type { LoadedData } from "../data/loaded-data.js";
import { isComplete, type CompleteFolds, type FoldsRecord } from "../run/folds-record.js";
import { foldsOfData, runFolds } from "./folds.js";
import { HumanTrainOutput } from "./train-output-human.js";
import { JsonTrainOutput } from "./train-output-json.js";
import type { TrainOutput } from "./train-output.js";
import { TrainingSession, type Run } from "./training-session.js";

/** The command-line options of a training run. */
export interface TrainRequest {
  /** The given settings. */
  readonly flags: PartialSettings;
  readonly config?: string | undefined;
  readonly out?: string | undefined;
  readonly resume?: string | undefined;
  readonly dashboard: boolean;
  /** The number of folds of a cross-validation before the training; none if undefined. */
  readonly folds?: number | undefined;
  /** Whether there is only the cross-validation. */
  readonly foldsOnly: boolean;
  readonly json: boolean;
  readonly quiet: boolean;
}

/** The settings that a continued run may change. */
const changeable = new Set<string>(["epochs", "patience"]);

/** Trains a network, saves it, and evaluates it on the test examples. */
export async function train(request: TrainRequest, terminal: Terminal, signal: AbortSignal): Promise<void> {
  const output: TrainOutput = request.json ? new JsonTrainOutput(terminal, request.quiet) : new HumanTrainOutput(terminal, request.quiet);
  try {
    const listener = untilInterrupted(output, signal);
    if (request.foldsOnly && request.folds === undefined && request.resume === undefined) throw new UsageFailure("--folds-only needs the number of folds: add --folds 5");
    const run: StartedRun = request.resume === undefined ? await startRun(request, output, listener) : await resumeRun(request, request.resume, output, listener);
    try {
      const folds = await completeFolds(run, request, terminal, signal);
      if (!request.foldsOnly) await new TrainingSession({ ...run, folds }, output, terminal, request).complete(signal);
    } finally {
      await run.folder.release();
    }
  } finally {
    output.pause();
  }
}

/** Stops reading at the signal; there is nothing to save yet. */
function untilInterrupted(output: TrainOutput, signal: AbortSignal): LoadListener {
  return {
    downloading: (progress) => output.downloading(progress),
    reading: (path, bytes, total) => {
      if (signal.aborted) throw new Interruption("interrupted while reading the data; nothing is saved yet", signal.reason);
      output.reading(path, bytes, total);
    },
  };
}

/** A run, and the cross-validation before it, perhaps not done yet. */
interface StartedRun extends Omit<Run, "folds"> {
  readonly folds?: FoldsRecord | undefined;
}

/** The cross-validation of a run, if it has one: what is not done yet is done. */
async function completeFolds(run: StartedRun, request: TrainRequest, terminal: Terminal, signal: AbortSignal): Promise<CompleteFolds | undefined> {
  const { folds } = run;
  return folds === undefined || isComplete(folds) ? folds : runFolds(folds, run, request, terminal, signal);
}

async function startRun({ flags, config, out, folds: foldCount }: TrainRequest, output: TrainOutput, reading: LoadListener): Promise<StartedRun> {
  if (out === "") throw new UsageFailure("--out is empty, expected the path of a folder");
  const chosen = mergeSettings(flags, config === undefined ? {} : parseSettings(await readText(config), config));
  const data = await loadData(chosen, { given: flags, reading });
  const settings = completeSettings(located(chosen), data.input.kind);
  output.data(data, settings);
  // Folds that cannot be made are refused before there is a folder.
  if (foldCount !== undefined) foldsOfData(data, foldCount);
  const folds = foldCount === undefined ? undefined : { count: foldCount, source: data.source, folds: [] };
  const training = createTraining(data, settings);
  const folder = out === undefined ? await RunFolder.createNamed(runsFolder, data.name, settings) : await RunFolder.create(out, settings);
  return { settings, data, training, folder, isContinued: false, folds };
}

/** @throws UsageFailure if the network would not fit into the memory. */
function createTraining(data: LoadedData, settings: ResolvedSettings): Training {
  requireMemory({ ...settings, features: data.features, classes: data.classes.length }, settings);
  return new Training(data, settings);
}

async function resumeRun({ flags, config, out, folds, foldsOnly }: TrainRequest, path: string, output: TrainOutput, reading: LoadListener): Promise<StartedRun> {
  const refused = config !== undefined ? "--config" : out !== undefined ? "--out" : folds !== undefined ? "--folds" : Object.keys(flags).find((name) => !changeable.has(name));
  if (refused !== undefined) {
    const flag = refused.startsWith("--") ? refused : flagOf(refused as keyof PartialSettings);
    throw new UsageFailure(`${flag} cannot be given with --resume: a run continues with its own settings; only --epochs and --patience can change`);
  }
  const folder = await RunFolder.open(await folderNamed(path, runsFolder));
  try {
    return await continueRun(folder, flags, await foldsToContinue(folder, flags, foldsOnly), output, reading);
  } catch (error) {
    await folder.release();
    throw error;
  }
}

/** The cross-validation of a run that continues, if it has one. @throws UsageFailure if the options do not fit it. */
async function foldsToContinue(folder: RunFolder, flags: PartialSettings, foldsOnly: boolean): Promise<FoldsRecord | undefined> {
  const folds = await folder.readFolds();
  if (foldsOnly && folds === undefined) throw new UsageFailure(`--folds-only: the run in ${folder.path} has no cross-validation`);
  if (foldsOnly && isComplete(folds)) throw new UsageFailure(`the cross-validation in ${folder.path} is complete; to train its model, leave out --folds-only`);
  const [changed] = Object.keys(flags);
  if (folds !== undefined && !isComplete(folds) && changed !== undefined) {
    throw new UsageFailure(`${flagOf(changed as keyof PartialSettings)} cannot be given while the cross-validation is not complete, since its folds could not be compared; continue without it`);
  }
  return folds;
}

async function continueRun(folder: RunFolder, flags: PartialSettings, folds: FoldsRecord | undefined, output: TrainOutput, reading: LoadListener): Promise<StartedRun> {
  const settings = await folder.readSettings(flags);
  const data = await loadData(settings, { given: {}, reading });
  output.data(data, settings);
  const training = createTraining(data, settings);
  await folder.requireReadable();
  // After a cross-validation, the training may not have begun.
  const hasBegun = folds === undefined || (await folder.countMetrics()) > 0;
  if (hasBegun && (await folder.checkpoints.list()).length === 0) await requireNothingLost(folder, output);
  return { settings, data, training, folder, isContinued: true, folds };
}

/** Remarks that a run without a checkpoint starts again. @throws Failure if some epochs were complete, so that it should have one. */
async function requireNothingLost(folder: RunFolder, output: TrainOutput): Promise<void> {
  const epochs = await folder.countMetrics();
  if (epochs > 1) {
    throw new Failure(`${folder.pathOf("checkpoints")} holds no checkpoint, though the run had ${epochs} epochs, so it cannot continue; start a new run with --config ${folder.pathOf("settings")}`);
  }
  await folder.removeRecords();
  output.remark(`The run in ${folder.path} has no complete epoch to continue from: it starts again.`);
}
