import { ArgumentError, type Tensor } from "@nn/tensor";
import { describeValue, requireKind, requireOptions } from "@nn/tensor/extend";
import { requireRecord } from "./encode.js";
import { RecordError } from "./record-error.js";
import { imageOf, type ImageOptions } from "./summaries/image.js";
import { histogramOf, type HistogramOptions } from "./summaries/histogram.js";
import type { ConfusionExample, RunRecord, RunState, ScalarsRecord, SettingsRecord, StatusRecord, ProgramRecord } from "./run-record.js";

/** A destination of records: a file, a page, a worker, a list. */
export interface RecordSink {
  /** Takes a valid record. If an asynchronous sink rejects, the next call of the recorder throws the error. */
  write(record: RunRecord): void;
  /** Finishes writing. No record follows. */
  close?(): void;
}

/** Options of {@link Recorder}. */
export interface RecorderOptions {
  /** Returns the time of a record, in milliseconds since 1970. Default: `Date.now`. */
  readonly clock?: () => number;
}

/**
 * Makes records of a run and passes them to sinks. Every record is checked before it is written, so a sink holds only records that can be read back.
 *
 * @example
 * ```ts
 * import { Recorder, type RunRecord } from "@nn/records";
 *
 * const records: RunRecord[] = [];
 * const recorder = new Recorder([{ write: (record) => void records.push(record) }], { clock: () => 0 });
 * recorder.settings(0, { learningRate: 0.001 });
 * recorder.scalars(100, { "training.loss": 0.5, "validation.loss": 0.7 });
 * recorder.status(100, "completed");
 * records.map(({ type }) => type); // => ["settings", "scalars", "status"]
 * ```
 */
export class Recorder {
  readonly #sinks: readonly RecordSink[];
  readonly #clock: () => number;
  /** Errors of asynchronous sinks that are not thrown yet. */
  #rejections: unknown[] = [];

  /** @throws ArgumentError if a sink has no `write`. */
  constructor(sinks: readonly RecordSink[], options: RecorderOptions = {}) {
    requireKind("Recorder", "the first argument", sinks, "list");
    requireOptions("Recorder", options, { clock: "function" });
    for (const sink of sinks) {
      if (typeof sink?.write !== "function") throw new ArgumentError(`Recorder: a sink is ${describeValue(sink)}, expected an object with a function write`);
    }
    this.#sinks = [...sinks];
    this.#clock = options.clock ?? Date.now;
  }

  /** Records numbers by their names, such as `{ "training.loss": 0.3 }`. Names with the same last part share a chart. */
  scalars(step: number, values: ScalarsRecord["values"]): void {
    this.write({ type: "scalars", ...this.#at(step), values });
  }

  /** Records a histogram of numbers or of a tensor's elements; see {@link histogramOf}. */
  histogram(step: number, name: string, values: Tensor | ArrayLike<number>, options: HistogramOptions = {}): void {
    this.write({ type: "histogram", ...this.#at(step), name, ...histogramOf(values, options) });
  }

  /** Records a confusion matrix: `counts[i][j]` examples of class `i` were predicted to be of class `j`. */
  confusion(step: number, name: string, classes: readonly string[], counts: readonly (readonly number[])[], examples: readonly ConfusionExample[] = []): void {
    this.write({ type: "confusion", ...this.#at(step), name, classes, counts, examples });
  }

  /** Records images, a tensor for each; see {@link imageOf}. */
  images(step: number, name: string, images: readonly (Tensor | { readonly pixels: Tensor; readonly caption: string })[], options: ImageOptions = {}): void {
    requireKind("Recorder.images", "images", images, "list");
    const encoded = images.map((each) => ("pixels" in each ? { ...imageOf(each.pixels, options), caption: each.caption } : imageOf(each, options)));
    this.write({ type: "images", ...this.#at(step), name, images: encoded });
  }

  /** Records a text, such as the output of a language model. */
  text(step: number, name: string, text: string): void {
    this.write({ type: "text", ...this.#at(step), name, text });
  }

  /** Records a new state of the run: it began, paused, resumed or ended. */
  status(step: number, state: RunState, details: Pick<StatusRecord, "message" | "totalSteps" | "commands"> = {}): void {
    this.write({ type: "status", ...this.#at(step), state, ...details });
  }

  /** Records the settings of the run. */
  settings(step: number, settings: SettingsRecord["settings"]): void {
    this.write({ type: "settings", ...this.#at(step), settings });
  }

  /** Records the text of `explain()` or `profile()` of a compiled function. */
  program(step: number, name: string, view: ProgramRecord["view"], text: string): void {
    this.write({ type: "program", ...this.#at(step), name, view, text });
  }

  /**
   * Writes a record to every sink.
   * @throws ArgumentError if the record is not valid; then no sink gets it. The error of an asynchronous sink that rejected an earlier record.
   */
  write(record: RunRecord): void {
    const valid = requireRecord("Recorder.write", record);
    const [rejection] = this.#rejections.splice(0);
    if (rejection !== undefined) throw rejection;
    for (const sink of this.#sinks) this.#listenTo(sink.write(valid));
  }

  /** Closes every sink, even if one of them throws. */
  close(): void {
    const errors: unknown[] = this.#rejections.splice(0);
    for (const sink of this.#sinks) {
      try {
        this.#listenTo(sink.close?.());
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }

  #listenTo(result: unknown): void {
    if (result instanceof Promise) result.catch((error: unknown) => this.#rejections.push(error ?? new RecordError("Recorder", "a sink rejected a record")));
  }

  #at(step: number): { readonly step: number; readonly time: number } {
    return { step, time: this.#clock() };
  }
}
