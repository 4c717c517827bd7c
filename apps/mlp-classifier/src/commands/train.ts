import { resolve } from "node:path";
import { isBuiltIn } from "../data/built-in.js";
import { invocation } from "../cli/invocation.js";
import { sameFingerprint } from "../data/fingerprint.js";
import { loadData, type LoadListener } from "../data/load.js";
import { evaluate, type Evaluation } from "../evaluation/evaluate.js";
import { Failure, Interruption, sentence, UsageFailure } from "../failure.js";
import { countParameters } from "../model/architecture.js";
import { requireMemory } from "../model/memory.js";
import { encodeModel } from "../model/model-file.js";
import type { SavedModel, TestResult } from "../model/saved-model.js";
import { renderReport } from "../report/report.js";
import { readText } from "../run/file.js";
import { decodeCheckpoint, encodeCheckpoint } from "../run/checkpoint.js";
import { damaged } from "../run/damage.js";
import type { EpochMetrics } from "../run/metrics-file.js";
import { RunFolder } from "../run/run-folder.js";
import { flagOf } from "../settings/settings.js";
import { completeSettings, mergeSettings, parseSettings, type MergedSettings, type PartialSettings, type ResolvedSettings } from "../settings/merge.js";
import { grouped } from "../terminal/format.js";
import type { Terminal } from "../terminal/terminal.js";
import { Training, type Outcome } from "../training/training.js";
import type { LoadedData } from "../data/loaded-data.js";
import { HumanTrainOutput } from "./train-output-human.js";
import { JsonTrainOutput } from "./train-output-json.js";
import type { RunSummary, TrainOutput } from "./train-output.js";

/** The command-line options of a training run. */
export interface TrainRequest {
  /** The given settings. */
  readonly flags: PartialSettings;
  readonly config?: string | undefined;
  readonly out?: string | undefined;
  readonly resume?: string | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
}

/** The parent folder of runs without `--out`. */
const runsFolder = "runs";

/** The settings that a continued run may change. */
const changeable = new Set<string>(["epochs", "patience"]);

/** Trains a network, saves it, and evaluates it on the test examples. */
export async function train(request: TrainRequest, terminal: Terminal, signal: AbortSignal): Promise<void> {
  const output: TrainOutput = request.json ? new JsonTrainOutput(terminal, request.quiet) : new HumanTrainOutput(terminal, request.quiet);
  try {
    const listener = untilInterrupted(output, signal);
    const run = request.resume === undefined ? await startRun(request, output, listener) : await resumeRun(request, request.resume, output, listener);
    try {
      await new RunSession(run, output, terminal).complete(signal);
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

interface Run {
  readonly settings: ResolvedSettings;
  readonly data: LoadedData;
  readonly training: Training;
  readonly folder: RunFolder;
  readonly metrics: readonly EpochMetrics[];
}

async function startRun({ flags, config, out }: TrainRequest, output: TrainOutput, reading: LoadListener): Promise<Run> {
  if (out === "") throw new UsageFailure("--out is empty, expected the path of a folder");
  const chosen = mergeSettings(flags, config === undefined ? {} : parseSettings(await readText(config), config));
  const data = await loadData(chosen, { given: flags, reading });
  const settings = completeSettings(located(chosen), data.input.kind);
  output.data(data, settings);
  const training = createTraining(data, settings);
  const folder = out === undefined ? await RunFolder.createNamed(runsFolder, data.name, settings) : await RunFolder.create(out, settings);
  return { settings, data, training, folder, metrics: [] };
}

/** @throws UsageFailure if the network would not fit into the memory. */
function createTraining(data: LoadedData, settings: ResolvedSettings): Training {
  requireMemory({ ...settings, features: data.features, classes: data.classes.length }, settings);
  return new Training(data, settings);
}

/** Makes the path of the data absolute, since the run may be continued from another folder. */
function located(settings: MergedSettings): MergedSettings {
  return isBuiltIn(settings.data) ? settings : { ...settings, data: resolve(settings.data) };
}

async function resumeRun({ flags, config, out }: TrainRequest, path: string, output: TrainOutput, reading: LoadListener): Promise<Run> {
  const refused = config !== undefined ? "--config" : out !== undefined ? "--out" : Object.keys(flags).find((name) => !changeable.has(name));
  if (refused !== undefined) {
    const flag = refused.startsWith("--") ? refused : flagOf(refused as keyof PartialSettings);
    throw new UsageFailure(`${flag} cannot be given with --resume: a run continues with its own settings; only --epochs and --patience can change`);
  }
  const folder = await RunFolder.open(path);
  try {
    return await continueRun(folder, flags, output, reading);
  } catch (error) {
    await folder.release();
    throw error;
  }
}

async function continueRun(folder: RunFolder, flags: PartialSettings, output: TrainOutput, reading: LoadListener): Promise<Run> {
  const settings = completeSettings(mergeSettings(flags, await folder.readSettings()), "image");
  const data = await loadData(settings, { given: {}, reading });
  output.data(data, settings);
  const training = createTraining(data, settings);
  const metrics = (await folder.hasCheckpoint()) ? await restore(folder, training, data) : await startOver(folder, output);
  if (training.finished && (await folder.hasReport())) {
    const reason = training.epochs >= settings.epochs ? `is complete with ${training.epochs} epochs` : `stopped early after epoch ${training.epochs}`;
    throw new UsageFailure(`the run in ${folder.path} ${reason}; to continue, give a larger ${training.epochs >= settings.epochs ? "--epochs" : "--patience"}`);
  }
  await folder.writeMetrics(metrics);
  await folder.writeSettings(settings);
  return { settings, data, training, folder, metrics };
}

/** Restores the training from the checkpoint. @throws Failure if the checkpoint is damaged, or the data have changed. */
async function restore(folder: RunFolder, training: Training, { source }: LoadedData): Promise<readonly EpochMetrics[]> {
  const path = folder.pathOf("checkpoint");
  const checkpoint = decodeCheckpoint(await folder.readCheckpoint(), path);
  if (checkpoint.source !== null && source !== null && !sameFingerprint(checkpoint.source, source)) {
    const sizes = checkpoint.source.bytes === source.bytes ? "" : ` (${grouped(checkpoint.source.bytes)} bytes then, ${grouped(source.bytes)} now)`;
    throw new Failure(`the data have changed since the run in ${folder.path} began${sizes}, so it cannot continue with the same results; restore the old file, or start a new run with --config ${folder.pathOf("settings")}`);
  }
  try {
    training.loadStateDict(checkpoint.state);
  } catch (cause) {
    throw damaged(path, sentence(cause), cause);
  }
  return checkpoint.metrics;
}

/** Starts again if no epoch is complete. @throws Failure if some are complete, but the checkpoint is missing. */
async function startOver(folder: RunFolder, output: TrainOutput): Promise<readonly EpochMetrics[]> {
  const epochs = await folder.countMetrics();
  if (epochs > 1) {
    throw new Failure(`${folder.pathOf("checkpoint")} is missing, though the run had ${epochs} epochs, so it cannot continue; start a new run with --config ${folder.pathOf("settings")}`);
  }
  output.remark(`The run in ${folder.path} has no complete epoch to continue from: it starts again.`);
  return [];
}

/** Trains a run from start to end, and saves its results. */
class RunSession {
  readonly #run: Run;
  readonly #output: TrainOutput;
  readonly #metrics: EpochMetrics[];
  readonly #parameters: number;
  readonly #terminal: Terminal;
  #toldUnread = false;
  /** The epoch of the model in the folder. */
  #savedEpoch = 0;

  constructor(run: Run, output: TrainOutput, terminal: Terminal) {
    this.#run = run;
    this.#terminal = terminal;
    this.#output = output;
    this.#metrics = [...run.metrics];
    this.#parameters = countParameters(run.training.network);
    this.#savedEpoch = this.#run.training.keptEpoch;
  }

  async complete(signal: AbortSignal): Promise<void> {
    const { settings, data, training, folder } = this.#run;
    this.#output.begin({ settings, data, architecture: training.architecture, parameters: this.#parameters, out: folder.path, metrics: this.#metrics, stepsPerEpoch: training.stepsPerEpoch });
    const outcome = await this.#train(signal);
    if (outcome === "interrupted") {
      await this.#save();
      const where = training.stateDict().position.progress === null ? `after epoch ${training.epochs}` : `in epoch ${training.epochs + 1}`;
      const why = signal.reason instanceof Failure ? `${signal.reason.message}; ` : "";
      throw new Interruption(`${why}interrupted ${where}; the run is saved, continue it with: ${invocation()} train --resume ${folder.path}`, signal.reason);
    }
    const evaluation = await evaluate(training.predictor, data.test, data.classes);
    const test = { accuracy: evaluation.report.accuracy, loss: evaluation.loss, examples: evaluation.examples };
    await folder.writeModel(encodeModel(this.#model(test)));
    await this.#report(outcome, evaluation);
    this.#output.end(this.#summary(outcome, evaluation));
  }

  async #train(signal: AbortSignal): Promise<Outcome> {
    const { training, folder } = this.#run;
    try {
      return await training.run(
        {
          step: (progress, epoch) => this.#output.step(progress, epoch),
          epoch: async (metrics, best) => {
            await folder.appendMetrics(metrics);
            this.#metrics.push(metrics);
            await this.#save();
            this.#output.epoch(metrics, best);
            this.#tellUnread();
          },
        },
        signal,
      );
    } catch (cause) {
      if (!(cause instanceof Failure)) throw cause;
      const kept = this.#savedEpoch === 0 ? "" : `; the model of epoch ${this.#savedEpoch} is kept in ${folder.path}`;
      throw new Failure(`${cause.message}${kept}`, { exitCode: cause.exitCode, cause });
    }
  }

  /** Reports on the standard error that training continues, if the reader of the standard output has ended, as `head` does. */
  #tellUnread(): void {
    if (this.#toldUnread || !this.#terminal.isUnread) return;
    this.#toldUnread = true;
    this.#output.remark(`The reader of the results has ended; training continues and is saved in ${this.#run.folder.path}. Ctrl-C stops it.`);
  }

  /** Writes the checkpoint last, when the files that it refers to are complete. */
  async #save(): Promise<void> {
    const { training, folder, data } = this.#run;
    await folder.writeModel(encodeModel(this.#model(null)));
    await folder.writeCheckpoint(encodeCheckpoint({ state: training.stateDict(), metrics: this.#metrics, source: data.source }));
    this.#savedEpoch = this.#run.training.keptEpoch;
  }

  #model(test: TestResult | null): SavedModel {
    const { training, data, settings } = this.#run;
    const { architecture, weightsToKeep: weights } = training;
    return { architecture, classes: data.classes, input: data.input, settings, source: data.source, epoch: this.#run.training.keptEpoch, test, weights };
  }

  async #report(outcome: Outcome, evaluation: Evaluation): Promise<void> {
    const { settings, data, training, folder } = this.#run;
    const { seconds, stepsPerSecond } = this.#pace;
    const html = renderReport({
      settings, data, architecture: training.architecture, parameters: this.#parameters, metrics: this.#metrics, bestEpoch: training.bestEpoch,
      keptEpoch: this.#run.training.keptEpoch, outcome: outcome === "stopped early" ? "Stopped early." : "", evaluation, predictor: training.predictor,
      seconds, stepsPerSecond, finished: new Date(),
    });
    await folder.writeReport(html);
  }

  #summary(outcome: Outcome, evaluation: Evaluation): RunSummary {
    const { settings, training, folder } = this.#run;
    return {
      outcome, evaluation, epochs: this.#metrics.length, keptEpoch: this.#run.training.keptEpoch, keep: settings.keep, patience: settings.patience, ...this.#pace, parameters: this.#parameters,
      out: folder.path, model: folder.pathOf("model"), report: folder.pathOf("report"), stepsPerEpoch: training.stepsPerEpoch,
    };
  }

  /** The time of all training steps. */
  get #pace(): { readonly seconds: number; readonly stepsPerSecond: number } {
    const seconds = this.#metrics.reduce((sum, metrics) => sum + metrics.seconds, 0);
    return { seconds, stepsPerSecond: (this.#metrics.length * this.#run.training.stepsPerEpoch) / seconds };
  }
}
