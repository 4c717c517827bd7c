import { basename, dirname, resolve } from "node:path";
import { dashboard, recording } from "@nn/dashboard";
import type { Recorder } from "@nn/records";
import { CheckpointError, checkpoints, type Controls, type EndEvent, type EpochEvent, type Plugin, type Position, type StartEvent, type TrainingResult } from "@nn/train";
import { invocation } from "../cli/invocation.js";
import type { LoadedData } from "../data/loaded-data.js";
import { unchangedData } from "../data/unchanged-data.js";
import { evaluate } from "../evaluation/evaluate.js";
import { Failure, Interruption, sentence, UsageFailure } from "../failure.js";
import { countParameters } from "../model/architecture.js";
import { encodeModel } from "../model/model-file.js";
import { createPredictor } from "../model/predictor.js";
import type { TestResult } from "../model/saved-model.js";
import { renderReport, type TestResults } from "../report/report.js";
import { recordConfusion } from "../run/confusion-record.js";
import type { CompleteFolds } from "../run/folds-record.js";
import { bestEpochOf, hasLostPatience, metricsOf, type EpochMetrics } from "../run/metrics-file.js";
import { runsFolder, type RunFolder } from "../run/run-folder.js";
import { isTested, recordTest } from "../run/test-record.js";
import type { ResolvedSettings } from "../settings/merge.js";
import { counted, short } from "../terminal/format.js";
import type { Terminal } from "../terminal/terminal.js";
import { TrainingTime } from "../training/training-time.js";
import type { EpochValues, Training } from "../training/training.js";
import type { TrainOutput } from "./train-output.js";

/** A run that can begin or continue. */
export interface Run {
  readonly settings: ResolvedSettings;
  readonly data: LoadedData;
  readonly training: Training;
  readonly folder: RunFolder;
  /** Whether an earlier process began it. */
  readonly isContinued: boolean;
  /** The scores of its cross-validation, if it has one. */
  readonly folds?: CompleteFolds | undefined;
}

/** How a run is shown. */
export interface SessionOptions {
  /** Whether the run is shown in the browser. */
  readonly dashboard: boolean;
  /** Whether there is no progress bar. */
  readonly quiet: boolean;
}

type Result = TrainingResult<EpochValues>;

/** While a run trains, model and checkpoint are saved no sooner than this after the last time, the report is written, and the confusion matrix recorded, in milliseconds: each takes a while. */
const intervals = { save: 1000, report: 2000, confusion: 1000 } as const;

/** Trains a run from start to end, and saves its results. */
export class TrainingSession {
  readonly #run: Run;
  readonly #output: TrainOutput;
  readonly #terminal: Terminal;
  readonly #options: SessionOptions;
  /** Whether the weights of the best epoch are kept, and not the last ones. */
  readonly #keepsBest: boolean;
  readonly #metrics: EpochMetrics[] = [];
  #end: EndEvent | undefined;
  #toldUnread = false;
  #reportedAt = -Infinity;
  #savedAt = -Infinity;
  #confusionAt = -Infinity;
  /** The model of the latest epoch to keep, if it is not saved yet. */
  #unsaved: Uint8Array | undefined;
  readonly #time = new TrainingTime();
  /** The time of the training when it ended. */
  #trained: { readonly seconds: number } | undefined;

  constructor(run: Run, output: TrainOutput, terminal: Terminal, options: SessionOptions) {
    this.#run = run;
    this.#output = output;
    this.#terminal = terminal;
    this.#options = options;
    this.#keepsBest = run.settings.keep === "best" && run.data.validation !== undefined;
  }

  async complete(signal: AbortSignal): Promise<void> {
    const result = await this.#train(signal);
    this.#run.training.network.eval();
    switch (result.outcome) {
      case "diverged":
        await this.#saveUnsaved();
        throw this.#diverged(result);
      case "interrupted": throw await this.#interrupted(signal.reason);
      default: await this.#finish(result);
    }
  }

  async #train(signal: AbortSignal): Promise<Result> {
    const { training, folder, data } = this.#run;
    const session: Plugin<EpochValues> = {
      name: "session",
      on: (event, controls) => {
        if (event.type === "start") return this.#begin(event, controls, signal);
        if (event.type === "epoch") return this.#endEpoch(event, controls);
        return event.type === "end" ? this.#noteEnd(event) : undefined;
      },
    };
    try {
      return await training.fit({
        signal,
        confusion: true,
        // The checkpoint is saved last, when the files that it refers to are complete. The session says after which epochs.
        plugins: [...(this.#options.quiet ? [] : [this.#terminal.progressBar()]), session, this.#recording(), checkpoints(folder.checkpoints, { every: { epochs: Number.MAX_SAFE_INTEGER }, keepBest: false })],
        state: { time: this.#time, data: unchangedData(data.source, folder.path, `start a new run with --config ${folder.pathOf("settings")}`) },
      });
    } catch (error) {
      await this.#saveUnsaved().catch(() => undefined);
      throw error instanceof CheckpointError && error.cause instanceof Failure ? error.cause : error;
    }
  }

  /** Records the run in its folder, and shows it in the browser if that is asked for: with the runs beside it if it is in a folder of runs. */
  #recording(): Plugin {
    const { folder: { path }, settings } = this.#run;
    const recorded = { settings: { ...settings }, record: (recorder: Recorder, event: EpochEvent) => this.#recordConfusion(recorder, event) };
    if (!this.#options.dashboard) return recording(path, recorded);
    const parent = dirname(resolve(path));
    const place = basename(parent) === runsFolder ? { runs: parent, name: basename(resolve(path)) } : { runs: path, name: "." };
    return dashboard({ ...recorded, ...place, onAddress: (address) => this.#output.dashboard(address) });
  }

  async #begin({ history, step }: StartEvent<EpochValues>, { isEnding }: Controls, signal: AbortSignal): Promise<void> {
    const { settings, data, training, folder, isContinued } = this.#run;
    const { network, architecture, stepsPerEpoch } = training;
    const isTrained = history.length >= settings.epochs;
    if ((isTrained || (isEnding && !signal.aborted)) && (await isTested(folder.path, step))) {
      const reason = isTrained ? `is complete with ${history.length} epochs` : `stopped early after epoch ${history.length}`;
      throw new UsageFailure(`the run in ${folder.path} ${reason}; to continue, give a larger ${isTrained ? "--epochs" : "--patience"}`);
    }
    this.#metrics.push(...history.map((record, at) => metricsOf({ ...record, seconds: this.#time.epochs[at] ?? record.seconds }, stepsPerEpoch)));
    if (isContinued) {
      await folder.writeMetrics(this.#metrics);
      await folder.writeSettings(settings);
    }
    this.#output.begin({ settings, data, architecture, parameters: countParameters(network), out: folder.path, epochsBefore: history.length, stepsPerEpoch });
    this.#time.start();
  }

  async #endEpoch(event: EpochEvent<EpochValues>, controls: Controls): Promise<void> {
    const { training, folder, data } = this.#run;
    const metrics = metricsOf({ ...event, seconds: this.#time.endEpoch() }, training.stepsPerEpoch);
    const best = event.best && data.validation !== undefined;
    this.#metrics.push(metrics);
    await folder.appendMetrics(metrics);
    if (best || !this.#keepsBest) this.#unsaved = this.#encoded(event.epoch, null);
    if (performance.now() - this.#savedAt >= intervals.save) {
      await this.#saveUnsaved();
      controls.save();
      this.#savedAt = performance.now();
    }
    if (performance.now() - this.#reportedAt >= intervals.report) await this.#report("Still training when this was written.");
    this.#output.epoch(metrics, best);
    this.#tellUnread();
  }

  /** Records the confusion matrix of the validation examples now and then, and after the last epoch. */
  #recordConfusion(recorder: Recorder, { step, epoch }: EpochEvent): void {
    const { training: { confusion }, data: { classes }, settings: { epochs } } = this.#run;
    if (confusion === undefined || (performance.now() - this.#confusionAt < intervals.confusion && epoch < epochs)) return;
    this.#confusionAt = performance.now();
    recordConfusion(recorder, step, "validation", classes, confusion);
  }

  async #noteEnd(event: EndEvent): Promise<void> {
    this.#end = event;
    this.#trained = { seconds: this.#time.seconds };
    const { outcome, reason, error } = event;
    if (outcome === "completed" || outcome === "stopped" || this.#metrics.length === 0) return;
    const states = { interrupted: `Interrupted ${this.#placeOf(event)}`, diverged: `Diverged: ${reason}`, failed: `Failed: ${sentence(error)}` };
    await this.#report(`${states[outcome]}.`);
  }

  /** Reports on the standard error that training continues, if the reader of the standard output has ended, as `head` does. */
  #tellUnread(): void {
    if (this.#toldUnread || !this.#terminal.isUnread) return;
    this.#toldUnread = true;
    this.#output.remark(`The reader of the results has ended; training continues and is saved in ${this.#run.folder.path}. Ctrl-C stops it.`);
  }

  #diverged({ reason }: Result): Failure {
    const { training, settings, folder } = this.#run;
    const fixes = [`a lower --learning-rate (it was ${short(training.learningRate)})`, ...(settings.clipNorm === null ? ["--clip-norm 1"] : [])];
    const epoch = this.#keptEpoch;
    return new Failure(`${reason}; try ${fixes.join(" or ")}${epoch === 0 ? "" : `; the model of epoch ${epoch} is kept in ${folder.path}`}`);
  }

  async #interrupted(reason: unknown): Promise<Interruption> {
    await this.#saveModel(this.#keptEpoch, null);
    const place = this.#end === undefined ? "" : this.#placeOf(this.#end);
    const why = reason instanceof Failure ? `${reason.message}; ` : "";
    return new Interruption(`${why}interrupted ${place}; the run is saved, continue it`, reason, `${invocation()} train --resume ${this.#run.folder.path}`);
  }

  async #finish({ outcome, reason = "", steps }: Result): Promise<void> {
    const { settings, data, training, folder } = this.#run;
    const predictor = createPredictor(training.network, settings);
    const evaluation = await evaluate(predictor, data.test, data.classes);
    const { examples, loss, report: { accuracy } } = evaluation;
    const epochs = this.#metrics.length;
    const isEarly = hasLostPatience(epochs, bestEpochOf(this.#metrics) ?? 0, settings.patience);
    const why = outcome === "completed" ? "" : isEarly ? `Stopped early: no lower validation loss for ${counted(settings.patience, "epoch")}.` : `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`;
    await this.#saveModel(this.#keptEpoch, { accuracy, loss, examples });
    await this.#report(why, { evaluation, predictor });
    await recordTest(folder.path, steps, { state: outcome === "completed" ? "completed" : "stopped", message: reason }, evaluation);
    this.#output.end({
      outcome: outcome === "completed" ? "completed" : isEarly ? "stopped early" : "stopped", why, evaluation, epochs, kept: this.#metrics[this.#keptEpoch - 1], keep: settings.keep,
      ...this.#pace, stepsPerEpoch: training.stepsPerEpoch, parameters: countParameters(training.network),
      out: folder.path, model: folder.pathOf("model"), report: folder.pathOf("report"),
    });
  }

  /** Writes the report on the epochs so far, and on the test if it is made. */
  async #report(state: string, test?: TestResults): Promise<void> {
    const { settings, data, training: { architecture, network }, folder, folds } = this.#run;
    await folder.writeReport(await renderReport({
      settings, data, folds, architecture, parameters: countParameters(network), metrics: this.#metrics, bestEpoch: bestEpochOf(this.#metrics), keptEpoch: this.#keptEpoch,
      state, test, ...this.#pace, written: new Date(),
    }));
    this.#reportedAt = performance.now();
  }

  /** The wall time of the training, and the steps of complete epochs in it. */
  get #pace(): { readonly seconds: number; readonly stepsPerSecond: number } {
    const { seconds } = this.#trained ?? this.#time;
    return { seconds, stepsPerSecond: seconds === 0 ? 0 : (this.#metrics.length * this.#run.training.stepsPerEpoch) / seconds };
  }

  /** The epoch whose weights are kept; 0 before the first one is complete. */
  get #keptEpoch(): number {
    return (this.#keepsBest ? bestEpochOf(this.#metrics) : null) ?? this.#metrics.length;
  }

  async #saveModel(epoch: number, test: TestResult | null): Promise<void> {
    this.#unsaved = this.#encoded(epoch, test);
    await this.#saveUnsaved();
  }

  #encoded(epoch: number, test: TestResult | null): Uint8Array {
    const { training: { architecture, network }, data: { classes, input, source }, settings } = this.#run;
    return encodeModel({ architecture, classes, input, settings, source, epoch, test, weights: network.stateDict() });
  }

  async #saveUnsaved(): Promise<void> {
    const bytes = this.#unsaved;
    this.#unsaved = undefined;
    if (bytes !== undefined) await this.#run.folder.writeModel(bytes);
  }

  #placeOf({ epoch, stepInEpoch }: Position): string {
    if (stepInEpoch > 0) return `in epoch ${epoch}`;
    return this.#metrics.length === 0 ? "before the first step" : `after epoch ${this.#metrics.length}`;
  }
}
