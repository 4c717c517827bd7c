import type { DownloadListener } from "../data/built-in.js";
import type { EpochProgress } from "../training/training.js";
import { Pace } from "./pace.js";
import { ProgressBar } from "./progress.js";
import { ReadingProgress } from "./reading.js";
import type { Terminal } from "./terminal.js";

/** Sizes of a run that the bar shows. */
interface RunSize {
  readonly epochs: number;
  readonly stepsPerEpoch: number;
  /** Steps that an earlier process completed. */
  readonly stepsBefore: number;
}

/** The number of bytes between two messages about a download. */
const downloadStep = 1 << 21;

/** The progress of a run on the error stream: a live bar on a screen, nothing elsewhere. */
export class RunProgress {
  readonly #terminal: Terminal;
  readonly #bar: ProgressBar | undefined;
  readonly #reading: ReadingProgress | undefined;
  #size: RunSize = { epochs: 0, stepsPerEpoch: 0, stepsBefore: 0 };
  #pace = new Pace(0, 0);
  #told = 0;

  constructor(terminal: Terminal, quiet: boolean) {
    this.#terminal = terminal;
    this.#bar = quiet ? undefined : new ProgressBar(terminal.stderr, terminal.noteStyle);
    this.#reading = quiet ? undefined : new ReadingProgress(terminal.stderr, terminal.noteStyle);
  }

  begin(size: RunSize): void {
    this.#size = size;
    this.#pace = new Pace(size.stepsBefore, performance.now() / 1000);
  }

  step(progress: EpochProgress, epoch: number): void {
    if (this.#bar === undefined) return;
    const { epochs, stepsPerEpoch } = this.#size;
    const step = (epoch - 1) * stepsPerEpoch + progress.steps;
    const steps = epochs * stepsPerEpoch;
    this.#pace.record(step, performance.now() / 1000);
    this.#bar.update({ epoch, epochs, step, steps, progress, rate: this.#pace.rate, secondsLeft: this.#pace.secondsLeft(steps - step) });
  }

  reading(path: string, bytes: number, total: number | undefined): void {
    this.#reading?.update(path, bytes, total);
  }

  clear(): void {
    this.#reading?.clear();
    this.#bar?.clear();
  }

  downloading({ file, received, total }: Parameters<DownloadListener>[0]): void {
    if (this.#bar === undefined || (received - this.#told < downloadStep && received !== total && received >= this.#told)) return;
    this.#told = received;
    const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
    this.#terminal.note(`downloading ${file}: ${megabytes(received)}${total === undefined ? "" : ` of ${megabytes(total)}`} MB`);
  }
}
