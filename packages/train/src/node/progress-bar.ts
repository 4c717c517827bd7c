import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import type { Position, StartEvent, TrainingEvent } from "../fit/events.js";
import type { Plugin } from "../fit/plugin.js";
import { Pace } from "./pace.js";
import { clearLine, columnsOf, duration, numbersOf, short, streamOf, styleOf, type Style, type TerminalStream } from "./terminal.js";

/** Options of `progressBar` and `epochTable`. */
export interface TerminalOptions {
  /** The stream to write to. Nothing is written if it is not a terminal. Default: the standard error. */
  readonly stream?: TerminalStream | undefined;
}

export const terminalOptions: OptionKinds<TerminalOptions> = { stream: "any" };

/** Options of {@link progressBar}. */
export interface ProgressBarOptions extends TerminalOptions {
  /** What stands before the epoch, such as `"fold 2/5"` or `"trial 7"` where one of several runs is shown. */
  readonly label?: string | undefined;
}

const progressBarOptions: OptionKinds<ProgressBarOptions> = { ...terminalOptions, label: "string" };

/** What the bar shows. */
export interface Moment extends Position {
  readonly label?: string | undefined;
  readonly epochs: number;
  /** Steps of the whole run, if their number is known. */
  readonly steps: number | undefined;
  readonly values: readonly (readonly [name: string, value: number])[];
  /** Recent steps in a second. */
  readonly rate: number;
}

/** The widths of the bar. On a narrow terminal it is the shortest one, and the last parts of the line are left out. */
const widths = { most: 30, least: 10 } as const;

/** The line of a moment, in at most `columns` characters: the least important parts are left out first. */
export function describeMoment({ label, epoch, epochs, step, steps, values, rate }: Moment, columns: number, style: Style): string {
  const head = `${label === undefined ? "" : `${label}  `}epoch ${String(epoch).padStart(String(epochs).length)}/${epochs}`;
  const left = steps === undefined || Number.isNaN(rate) ? [] : [`${duration((steps - step) / rate)} left`];
  const speed = Number.isNaN(rate) ? [] : [`${rate >= 10 ? Math.round(rate) : short(rate)} steps/s`];
  const parts = [...values.map(([name, value]) => `${name} ${short(value)}`), ...left, ...speed];
  const around = steps === undefined ? `step ${step}`.length + 2 : widths.least + 7;
  while (parts.length > 0 && [head, ...parts].join("  ").length + around > columns) parts.pop();
  if (steps === undefined) return [style.bold(head), `step ${step}`, ...parts].join("  ");
  const fraction = steps === 0 ? 1 : Math.min(1, step / steps);
  const width = Math.max(0, Math.min(widths.most, columns - [head, ...parts].join("  ").length - 7));
  const full = Math.round(width * fraction);
  const bar = style.accent("━".repeat(full)) + style.dim("─".repeat(width - full));
  return [style.bold(head), `${bar} ${String(Math.floor(fraction * 100)).padStart(3)}%`, ...parts].join("  ");
}

/**
 * A progress bar for terminals: epoch, values so far, time left, speed. Without a terminal it writes nothing.
 *
 * @example
 * ```ts
 * import { progressBar } from "@nn/train/node";
 * progressBar().name; // => "progressBar"
 * ```
 * @throws ArgumentError, UsageError for options of a wrong kind.
 */
export function progressBar(options: ProgressBarOptions = {}): Plugin {
  requireOptions("progressBar", options, progressBarOptions);
  const stream = streamOf("progressBar", options.stream);
  if (stream.isTTY !== true) return { name: "progressBar" };
  const shown = new Shown(stream, options.label);
  return { name: "progressBar", on: (event) => shown.see(event) };
}

/** The columns after the bar that stay free, so that a `^C` that is typed there does not begin a new line. */
const free = 3;

/** The shortest time between two drawings of the bar, in milliseconds. */
const interval = 80;

/** The bar of a run, on the last line of the terminal. */
class Shown {
  readonly #stream: TerminalStream;
  readonly #style: Style;
  readonly #label: string | undefined;
  #start: StartEvent | undefined;
  #pace = new Pace(0, 0);
  #values: Moment["values"] = [];
  #drawn = -Infinity;

  constructor(stream: TerminalStream, label: string | undefined) {
    this.#stream = stream;
    this.#label = label;
    this.#style = styleOf(stream);
  }

  see(event: TrainingEvent): void {
    if (event.type === "start") {
      this.#start = event;
      this.#pace = new Pace(event.step, performance.now() / 1000);
    }
    if (event.type === "progress") this.#values = numbersOf(event.values);
    if (event.type === "step" && performance.now() - this.#drawn >= interval) this.#draw(event);
    if (event.type === "epoch") this.#values = numbersOf(event.values.training);
    // Whoever writes after an epoch finds a free line.
    if (event.type === "epoch" || event.type === "end") this.#stream.write(clearLine);
  }

  #draw(position: Position): void {
    const { epochs = 0, stepsPerEpoch } = this.#start ?? {};
    this.#drawn = performance.now();
    this.#pace.record(position.step, this.#drawn / 1000);
    const steps = stepsPerEpoch === undefined ? undefined : stepsPerEpoch * epochs;
    const line = describeMoment({ ...position, label: this.#label, epochs, steps, values: this.#values, rate: this.#pace.rate }, columnsOf(this.#stream) - free, this.#style);
    this.#stream.write(`${clearLine}${line}`);
  }
}
