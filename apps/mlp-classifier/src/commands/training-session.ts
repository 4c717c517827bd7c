import { CheckpointError, checkpoints, type Controls, type EndEvent, type EpochEvent, type Plugin, type StartEvent, type TrainingResult } from "@nn/train";
import { progressBar } from "@nn/train/node";
import { invocation } from "../cli/invocation.js";
import type { LoadedData } from "../data/loaded-data.js";
import { unchangedData } from "../data/unchanged-data.js";
import { evaluate } from "../evaluation/evaluate.js";
import { Failure, Interruption, UsageFailure } from "../failure.js";
import { countParameters } from "../model/architecture.js";
import { encodeModel } from "../model/model-file.js";
import { createPredictor } from "../model/predictor.js";
import type { TestResult } from "../model/saved-model.js";
import { renderReport } from "../report/report.js";
import { metricsOf, type EpochMetrics } from "../run/metrics-file.js";
import type { RunFolder } from "../run/run-folder.js";
import type { ResolvedSettings } from "../settings/merge.js";
import type { Terminal } from "../terminal/terminal.js";
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
}

type Result = TrainingResult<EpochValues>;

/** Trains a run from start to end, and saves its results. */
export class TrainingSession {
  readonly #run: Run;
  readonly #output: TrainOutput;
  readonly #terminal: Terminal;
  readonly #quiet: boolean;
  /** Whether the weights of the best epoch are kept, and not the last ones. */
  readonly #keepsBest: boolean;
  readonly #metrics: EpochMetrics[] = [];
  #end: EndEvent | undefined;
  #toldUnread = false;

  constructor(run: Run, output: TrainOutput, terminal: Terminal, quiet: boolean) {
    this.#run = run;
    this.#output = output;
    this.#terminal = terminal;
    this.#quiet = quiet;
    this.#keepsBest = run.settings.keep === "best" && run.data.validation !== undefined;
  }

  async complete(signal: AbortSignal): Promise<void> {
    const result = await this.#train(signal);
    this.#run.training.network.eval();
    switch (result.outcome) {
      case "diverged": throw this.#diverged(result);
      case "interrupted": throw await this.#interrupted(result, signal.reason);
      default: await this.#finish(result);
    }
  }

  async #train(signal: AbortSignal): Promise<Result> {
    const { training, folder, data } = this.#run;
    const session: Plugin<EpochValues> = {
      name: "session",
      on: (event, controls) => {
        if (event.type === "start") return this.#begin(event, controls, signal);
        if (event.type === "epoch") return this.#endEpoch(event);
        if (event.type === "end") this.#end = event;
        return undefined;
      },
    };
    try {
      // The checkpoint is saved last, when the files that it refers to are complete.
      return await training.fit({
        signal, plugins: [...(this.#quiet ? [] : [progressBar({ stream: this.#terminal.stderr })]), session, checkpoints(folder.checkpoints, { keepBest: false })],
        state: { data: unchangedData(data.source, folder.path, `start a new run with --config ${folder.pathOf("settings")}`) },
      });
    } catch (error) {
      throw error instanceof CheckpointError && error.cause instanceof Failure ? error.cause : error;
    }
  }

  async #begin({ history }: StartEvent<EpochValues>, { isEnding }: Controls, signal: AbortSignal): Promise<void> {
    const { settings, data, training, folder, isContinued } = this.#run;
    const { network, architecture, stepsPerEpoch } = training;
    const isTrained = history.length >= settings.epochs;
    if ((isTrained || (isEnding && !signal.aborted)) && (await folder.hasReport())) {
      const reason = isTrained ? `is complete with ${history.length} epochs` : `stopped early after epoch ${history.length}`;
      throw new UsageFailure(`the run in ${folder.path} ${reason}; to continue, give a larger ${isTrained ? "--epochs" : "--patience"}`);
    }
    this.#metrics.push(...history.map((record) => metricsOf(record, stepsPerEpoch)));
    if (isContinued) {
      await folder.writeMetrics(this.#metrics);
      await folder.writeSettings(settings);
    }
    this.#output.begin({ settings, data, architecture, parameters: countParameters(network), out: folder.path, epochsBefore: history.length, stepsPerEpoch });
  }

  async #endEpoch(event: EpochEvent<EpochValues>): Promise<void> {
    const { training, folder, data } = this.#run;
    const metrics = metricsOf(event, training.stepsPerEpoch);
    const best = event.best && data.validation !== undefined;
    this.#metrics.push(metrics);
    await folder.appendMetrics(metrics);
    if (best || !this.#keepsBest) await this.#saveModel(event.epoch, null);
    this.#output.epoch(metrics, best);
    this.#tellUnread();
  }

  /** Reports on the standard error that training continues, if the reader of the standard output has ended, as `head` does. */
  #tellUnread(): void {
    if (this.#toldUnread || !this.#terminal.isUnread) return;
    this.#toldUnread = true;
    this.#output.remark(`The reader of the results has ended; training continues and is saved in ${this.#run.folder.path}. Ctrl-C stops it.`);
  }

  #diverged(result: Result): Failure {
    const { training, settings, folder } = this.#run;
    const fixes = [`a lower --learning-rate (it was ${Number(training.learningRate.toPrecision(3))})`, ...(settings.clipNorm === null ? ["--clip-norm 1"] : [])];
    const epoch = this.#keptEpoch(result);
    return new Failure(`${result.reason}; try ${fixes.join(" or ")}${epoch === 0 ? "" : `; the model of epoch ${epoch} is kept in ${folder.path}`}`);
  }

  async #interrupted(result: Result, reason: unknown): Promise<Interruption> {
    await this.#saveModel(this.#keptEpoch(result), null);
    const { epoch = 0, stepInEpoch = 0 } = this.#end ?? {};
    const why = reason instanceof Failure ? `${reason.message}; ` : "";
    return new Interruption(`${why}interrupted ${stepInEpoch === 0 ? "after" : "in"} epoch ${epoch}; the run is saved, continue it with: ${invocation()} train --resume ${this.#run.folder.path}`, reason);
  }

  async #finish(result: Result): Promise<void> {
    const { settings, data, training, folder } = this.#run;
    const { network, architecture, stepsPerEpoch } = training;
    const predictor = createPredictor(network, settings);
    const evaluation = await evaluate(predictor, data.test, data.classes);
    const { examples, loss, report: { accuracy } } = evaluation;
    const [keptEpoch, epochs, parameters] = [this.#keptEpoch(result), this.#metrics.length, countParameters(network)];
    await this.#saveModel(keptEpoch, { accuracy, loss, examples });
    const seconds = this.#metrics.reduce((sum, metrics) => sum + metrics.seconds, 0);
    const stepsPerSecond = result.steps / seconds;
    const isStopped = result.outcome === "stopped";
    await folder.writeReport(renderReport({
      settings, data, architecture, parameters, metrics: this.#metrics, bestEpoch: data.validation === undefined ? null : (result.best?.epoch ?? null), keptEpoch,
      outcome: isStopped ? "Stopped early." : "", evaluation, predictor, seconds, stepsPerSecond, finished: new Date(),
    }));
    this.#output.end({
      outcome: isStopped ? "stopped early" : "complete", evaluation, epochs, keptEpoch, keep: settings.keep, patience: settings.patience, seconds, stepsPerSecond,
      stepsPerEpoch, parameters, out: folder.path, model: folder.pathOf("model"), report: folder.pathOf("report"),
    });
  }

  /** The epoch whose weights are kept; 0 before the first one is complete. */
  #keptEpoch({ best, history }: Result): number {
    return (this.#keepsBest ? best?.epoch : undefined) ?? history.length;
  }

  async #saveModel(epoch: number, test: TestResult | null): Promise<void> {
    const { training: { architecture, network }, data: { classes, input, source }, settings, folder } = this.#run;
    await folder.writeModel(encodeModel({ architecture, classes, input, settings, source, epoch, test, weights: network.stateDict() }));
  }
}
