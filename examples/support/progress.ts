import { Presets, SingleBar } from "cli-progress";

/** A bar in the terminal that says how far a training is. Piped, nothing is drawn. */
export class Progress {
  readonly #bar: SingleBar;

  constructor(title: string, total: number) {
    this.#bar = new SingleBar({ format: `${title}  {bar}  {value}/{total}  {note}`, hideCursor: true, stream: process.stderr, clearOnComplete: true }, Presets.shades_classic);
    this.#bar.start(total, 0, { note: "" });
  }

  /** One more is done; `note` is shown beside the bar, such as the loss. */
  advance(note: string): void {
    this.#bar.increment(1, { note });
  }

  end(): void {
    this.#bar.stop();
  }
}
