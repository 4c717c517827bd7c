import type { DownloadListener } from "../data/built-in.js";
import { describeForm } from "../data/images/image-file.js";
import type { LoadedData } from "../data/loaded-data.js";
import { describeArchitecture, keptSentence } from "../model/describe.js";
import type { EpochMetrics } from "../run/metrics-file.js";
import { describeColumns } from "../terminal/data-text.js";
import { EpochTable, type Mark } from "../terminal/epoch-table.js";
import { describeEvaluation } from "../terminal/evaluation-text.js";
import { describeFacts, wrap } from "../terminal/facts.js";
import { counted, duration, grouped, short } from "../terminal/format.js";
import { LoadingProgress } from "../terminal/loading-progress.js";
import { escapeControls } from "@nn/tensor/extend";
import type { Terminal } from "../terminal/terminal.js";
import type { ResolvedSettings } from "../settings/merge.js";
import type { RunStart, RunSummary, TrainOutput } from "./train-output.js";

/** The approximate number of lines of a long run, which shows only every n-th epoch. */
const shownEpochs = 30;

/** Prints the progress and result of a run for a person. */
export class HumanTrainOutput implements TrainOutput {
  readonly #terminal: Terminal;
  readonly #progress: LoadingProgress;
  readonly #table: EpochTable;
  #stride = 1;
  #last: { readonly metrics: EpochMetrics; readonly best: boolean } | undefined;
  #epochs = 0;
  /** The epochs that have a line. */
  readonly #shown = new Set<number>();

  constructor(terminal: Terminal, quiet: boolean) {
    this.#terminal = terminal;
    this.#progress = new LoadingProgress(terminal, quiet);
    this.#table = new EpochTable(terminal.style, terminal.columns);
  }

  downloading(progress: Parameters<DownloadListener>[0]): void {
    this.#progress.downloading(progress);
  }

  reading(path: string, bytes: number, total: number | undefined): void {
    this.#progress.reading(path, bytes, total);
  }

  data({ summary }: LoadedData): void {
    this.#progress.clear();
    if (summary !== undefined) this.#terminal.print(...describeColumns(summary, this.#terminal.style, this.#terminal.columns), "");
  }

  remark(text: string): void {
    this.#progress.clear();
    this.#terminal.note(text);
  }

  dashboard(address: string): void {
    this.#terminal.note(`dashboard: ${address}`);
  }

  begin({ settings, data, architecture, parameters, out, epochsBefore }: RunStart): void {
    const { style } = this.#terminal;
    this.#epochs = settings.epochs;
    this.#stride = Math.max(1, Math.ceil(settings.epochs / shownEpochs));
    const facts = [
      ["data", describeData(data)],
      ...(data.remark === undefined ? [] : [["", data.remark] as const]),
      ["model", `${describeArchitecture(architecture)}, ${counted(parameters, "parameter")}`],
      ["training", describeTraining(settings)],
      ["run", epochsBefore === 0 ? out : `${out}, continued after epoch ${epochsBefore}`],
    ] as const;
    this.#terminal.print(...describeFacts(facts, style, this.#terminal.columns));
  }

  epoch(metrics: EpochMetrics, best: boolean): void {
    this.#last = { metrics, best };
    if (metrics.epoch === 1 || metrics.epoch % this.#stride === 0 || metrics.epoch === this.#epochs) this.#printLast();
  }

  pause(): void {
    this.#progress.clear();
  }

  end({ evaluation, why, epochs, kept, keep, seconds, stepsPerSecond, model, report }: RunSummary): void {
    this.#printLast();
    if (kept !== undefined && !this.#shown.has(kept.epoch)) this.#printLine(kept, "kept");
    const { style } = this.#terminal;
    this.#terminal.print(
      "",
      ...wrap(`${why} ${keptSentence(keep, kept, epochs)}`.trim(), this.#terminal.columns),
      "",
      ...describeEvaluation("test", evaluation, style, this.#terminal.columns),
      "",
      ...describeFacts(
        [
          ["time", `${duration(seconds)} for ${counted(epochs, "epoch")}, ${grouped(Math.round(stepsPerSecond))} steps/s`],
          ["model", model],
          ["report", report],
        ],
        style,
        this.#terminal.columns,
      ),
    );
  }

  /** Prints the line of the last epoch, unless it is printed already. */
  #printLast(): void {
    if (this.#last === undefined) return;
    const { metrics, best } = this.#last;
    this.#last = undefined;
    this.#printLine(metrics, best ? "best" : undefined);
  }

  #printLine(metrics: EpochMetrics, mark: Mark | undefined): void {
    if (this.#shown.size === 0) this.#terminal.print("", this.#table.header);
    this.#shown.add(metrics.epoch);
    this.#terminal.print(this.#table.line(metrics, mark));
  }
}

function describeData({ name, train, validation, test, input, features, classes }: LoadedData): string {
  const form = input.kind === "image" ? describeForm(input) : counted(features, "feature");
  const parts = [`${grouped(train.length)} to train on`, ...(validation === undefined ? [] : [`${grouped(validation.length)} to validate`]), `${grouped(test.length)} to test`];
  return `${escapeControls(name)}: ${parts.join(", ")}; ${form}, ${counted(classes.length, "class", "classes")}`;
}

function describeTraining({ optimizer, learningRate, schedule, batchSize, epochs, patience, classWeights, seed }: ResolvedSettings): string {
  const stop = patience > 0 ? `, patience ${patience}` : "";
  return `${optimizer}, rate ${short(learningRate)}${schedule === "constant" ? "" : ` ${schedule}`}, batches of ${batchSize}, ${counted(epochs, "epoch")}${stop}${classWeights === "none" ? "" : ", balanced classes"}, seed ${seed}`;
}
