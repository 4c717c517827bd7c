import { SingleBar } from "cli-progress";
import type { EpochProgress } from "../training/training.js";
import { duration, loss, percent } from "./format.js";
import { columnsOf, widthOf, type Style } from "./style.js";
import type { NoteStream } from "./terminal.js";

/** The values that the bar shows. */
export interface Moment {
  readonly epoch: number;
  readonly epochs: number;
  /** Steps that are done, of all epochs. */
  readonly step: number;
  readonly steps: number;
  readonly progress: EpochProgress;
  /** Recent steps per second. */
  readonly rate: number;
  /** The estimated seconds until the last epoch ends. */
  readonly secondsLeft: number;
}

/** Widths of the bar; on a narrow screen it is the shortest one, and the last parts of the line are omitted. */
const barColumns = { most: 30, least: 10 } as const;

/** The progress line, in at most `columns` characters: the least important parts are omitted first. */
export function describeMoment(moment: Moment, columns: number, style: Style): string {
  const { epoch, epochs, step, steps, progress, rate, secondsLeft } = moment;
  const fraction = steps === 0 ? 1 : step / steps;
  const head = `epoch ${String(epoch).padStart(String(epochs).length)}/${epochs}`;
  const parts = [
    `loss ${loss(progress.loss / progress.examples)}`,
    `${percent(progress.correct / progress.examples, 1)} correct`,
    `${duration(secondsLeft)} left`,
    `${Math.round(rate)} steps/s`,
  ];
  while (parts.length > 0 && columnsOf([head, ...parts].join("  ")) + barColumns.least + 9 > columns) parts.pop();
  const rest = columns - columnsOf([head, ...parts].join("  ")) - 9;
  const width = Math.max(0, Math.min(barColumns.most, rest));
  const full = Math.round(width * fraction);
  const bar = style.accent("━".repeat(full)) + style.dim("─".repeat(width - full));
  return [style.bold(head), `${bar} ${percent(fraction, 0).padStart(4)}`, ...parts].join("  ");
}

/** A progress bar on the last line of the screen; nothing if there is no screen. */
export class ProgressBar {
  readonly #bar: SingleBar | undefined;
  #shown = false;

  constructor(stream: NoteStream, style: Style) {
    if (stream.isTTY !== true) return;
    this.#bar = new SingleBar({
      stream,
      clearOnComplete: true,
      hideCursor: true,
      gracefulExit: false,
      emptyOnZero: true,
      fps: 12,
      format: (_options, _parameters, { moment }: { moment?: Moment }) =>
        moment === undefined ? "" : describeMoment(moment, widthOf(stream) - 1, style),
    });
  }

  /** Shows a moment. */
  update(moment: Moment): void {
    if (this.#bar === undefined) return;
    if (!this.#shown) this.#bar.start(moment.steps, moment.step, { moment });
    this.#shown = true;
    this.#bar.update(moment.step, { moment });
  }

  /** Removes the bar from the screen, so that a line can be written. The next update shows it again. */
  clear(): void {
    if (!this.#shown) return;
    this.#bar?.stop();
    this.#shown = false;
  }
}
