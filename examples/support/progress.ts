import { Presets, SingleBar } from "cli-progress";

/** A progress bar in the terminal. It draws nothing if the output is not a terminal. */
export class Progress {
  readonly #bar: SingleBar;

  constructor(title: string, total: number) {
    this.#bar = new SingleBar({ format: `${title}  {bar}  {value}/{total}  {note}`, hideCursor: true, stream: process.stderr, clearOnComplete: true }, Presets.shades_classic);
    this.#bar.start(total, 0, { note: "" });
  }

  /** Advances by one step; `note`, such as the loss, is shown beside the bar. */
  advance(note: string): void {
    this.#bar.increment(1, { note });
  }

  end(): void {
    this.#bar.stop();
  }
}
