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
  /** The text of a value, such as `"97.50%"` for an accuracy. Default: the number in few digits. */
  readonly format?: ((name: string, value: number) => string) | undefined;
  /**
   * Whether the bar leaves its line after every epoch, so that whoever writes then finds a free one; it is back after the next step. With `false` it stays, without flickering where epochs
   * are short; call `clear()` before you write to the terminal. Default true.
   */
  readonly leaveLine?: boolean | undefined;
}

const progressBarOptions: OptionKinds<ProgressBarOptions> = { ...terminalOptions, label: "string", format: "function", leaveLine: "boolean" };

/** The plugin that {@link progressBar} makes. */
export interface ProgressBar extends Plugin {
  /** Clears the line of the bar, so that others can write there. The bar is drawn again after the next step. */
  clear(): void;
}

/** Values of an epoch, as texts. */
interface Values {
  readonly epoch: number;
  readonly texts: readonly string[];
}

/** What the bar shows. */
export interface Moment extends Position {
  readonly label?: string | undefined;
  readonly epochs: number;
  /** Steps of the whole run, if their number is known. */
  readonly steps: number | undefined;
  /** The latest values: those of this epoch so far, or, if there are none yet, those of the last one. */
  readonly values: Values | undefined;
  /** Recent steps in a second. */
  readonly rate: number;
}

/** The widths of the bar. On a narrow terminal it is the shortest one, and the last parts of the line are left out. */
const widths = { most: 30, least: 10 } as const;

/** What stands before values that are not of this epoch. */
const ofLastEpoch = "last epoch: ";

/** The line of a moment, in at most `columns` characters: the least important parts are left out first. */
export function describeMoment({ label, epoch, epochs, step, steps, values, rate }: Moment, columns: number, style: Style): string {
  const head = `${label === undefined ? "" : `${label}  `}epoch ${String(epoch).padStart(String(epochs).length)}/${epochs}`;
  const left = steps === undefined || Number.isNaN(rate) ? [] : [`${duration((steps - step) / rate)} left`];
  const speed = Number.isNaN(rate) ? [] : [`${rate >= 10 ? Math.round(rate) : short(rate)} steps/s`];
  const isOld = values !== undefined && values.epoch !== epoch;
  const shown = (values?.texts ?? []).map((text, at) => (at === 0 && isOld ? `${ofLastEpoch}${text}` : text));
  const parts = [...shown, ...left, ...speed];
  const around = steps === undefined ? `step ${step}`.length + 2 : widths.least + 7;
  // Old values leave no less room than new ones, so that parts and bar stay as they are when these come.
  const reserved = shown.length === 0 || isOld ? 0 : ofLastEpoch.length;
  while (parts.length > 0 && [head, ...parts].join("  ").length + around + reserved > columns) parts.pop();
  if (steps === undefined) return [style.bold(head), `step ${step}`, ...parts].join("  ");
  const fraction = steps === 0 ? 1 : Math.min(1, step / steps);
  const width = Math.max(0, Math.min(widths.most, columns - (parts.length === 0 ? 0 : reserved) - [head, ...parts].join("  ").length - 7));
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
export function progressBar(options: ProgressBarOptions = {}): ProgressBar {
  requireOptions("progressBar", options, progressBarOptions);
  const stream = streamOf("progressBar", options.stream);
  if (stream.isTTY !== true) return { name: "progressBar", clear: () => undefined };
  const shown = new Shown(stream, options);
  return { name: "progressBar", on: (event) => shown.see(event), clear: () => shown.clear() };
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
  readonly #format: (name: string, value: number) => string;
  readonly #leavesLine: boolean;
  #start: StartEvent | undefined;
  #pace = new Pace(0, 0);
  #values: Values | undefined;
  #line = "";
  #drawn = -Infinity;
  #isOnScreen = false;

  constructor(stream: TerminalStream, { label, format = (_, value) => short(value), leaveLine = true }: ProgressBarOptions) {
    this.#stream = stream;
    this.#label = label;
    this.#format = format;
    this.#leavesLine = leaveLine;
    this.#style = styleOf(stream);
  }

  see(event: TrainingEvent): void {
    switch (event.type) {
      case "start":
        [this.#start, this.#pace, this.#values] = [event, new Pace(event.step, performance.now() / 1000), undefined];
        break;
      case "progress": this.#values = this.#valuesOf(event.epoch, event.values); break;
      case "step":
        if (performance.now() - this.#drawn >= interval) this.#draw(event);
        else if (!this.#isOnScreen && this.#line !== "") this.#show();
        break;
      case "epoch":
        this.#values = this.#valuesOf(event.epoch, event.values.training);
        if (this.#leavesLine) this.clear();
        break;
      case "end": this.clear();
    }
  }

  clear(): void {
    if (this.#isOnScreen) this.#stream.write(clearLine);
    this.#isOnScreen = false;
  }

  #valuesOf(epoch: number, values: object): Values {
    return { epoch, texts: numbersOf(values).map(([name, value]) => `${name} ${this.#format(name, value)}`) };
  }

  #draw(position: Position): void {
    const { epochs = 0, stepsPerEpoch } = this.#start ?? {};
    this.#drawn = performance.now();
    this.#pace.record(position.step, this.#drawn / 1000);
    const steps = stepsPerEpoch === undefined ? undefined : stepsPerEpoch * epochs;
    this.#line = describeMoment({ ...position, label: this.#label, epochs, steps, values: this.#values, rate: this.#pace.rate }, columnsOf(this.#stream) - free, this.#style);
    this.#show();
  }

  #show(): void {
    this.#stream.write(`${clearLine}${this.#line}`);
    this.#isOnScreen = true;
  }
}
