import type { DownloadListener } from "../data/built-in.js";
import type { LoadedData } from "../data/loaded-data.js";
import { evaluationFields } from "../evaluation/fields.js";
import type { EpochMetrics } from "../run/metrics-file.js";
import { LoadingProgress } from "../terminal/loading-progress.js";
import type { Terminal } from "../terminal/terminal.js";
import type { RunStart, RunSummary, TrainOutput } from "./train-output.js";

/** Prints the progress and result of a run for a program: one JSON object per line, the summary last. */
export class JsonTrainOutput implements TrainOutput {
  readonly #terminal: Terminal;
  readonly #progress: LoadingProgress;

  constructor(terminal: Terminal, quiet: boolean) {
    this.#terminal = terminal;
    this.#progress = new LoadingProgress(terminal, quiet);
  }

  downloading(progress: Parameters<DownloadListener>[0]): void {
    this.#progress.downloading(progress);
  }

  reading(path: string, bytes: number, total: number | undefined): void {
    this.#progress.reading(path, bytes, total);
  }

  data({ name, summary }: LoadedData): void {
    this.#progress.clear();
    if (summary !== undefined) this.#terminal.event("data", { name, ...summary });
  }

  remark(text: string): void {
    this.#progress.clear();
    this.#terminal.event("remark", { text });
    this.#terminal.note(text);
  }

  dashboard(address: string): void {
    this.#terminal.event("dashboard", { address });
    this.#terminal.note(`dashboard: ${address}`);
  }

  begin({ settings, data, architecture, parameters, out, epochsBefore, stepsPerEpoch }: RunStart): void {
    const { name, train, validation, test, classes } = data;
    this.#terminal.event("config", {
      settings,
      data: { name, train: train.length, validation: validation?.length ?? 0, test: test.length, classes },
      architecture, parameters, stepsPerEpoch, out, epochsBefore,
    });
  }

  epoch(metrics: EpochMetrics, best: boolean): void {
    this.#terminal.event("epoch", { ...metrics, best });
  }

  pause(): void {
    this.#progress.clear();
  }

  end({ evaluation, outcome, epochs, kept, seconds, stepsPerSecond, parameters, out, model, report }: RunSummary): void {
    const { accuracy, loss, ...details } = evaluationFields(evaluation);
    this.#terminal.event("evaluation", { split: "test", accuracy, loss, ...details });
    this.#terminal.event("summary", { testAccuracy: accuracy, testLoss: loss, epochs, keptEpoch: kept?.epoch ?? 0, outcome, seconds, stepsPerSecond, parameters, out, model, report });
  }
}
