import { ArgumentError, Tensor } from "@nn/tensor";
import { requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import type { Collated } from "../collate.js";
import { Dataset, requireIndex, requireIndices } from "../dataset.js";
import { FormatError } from "../format-error.js";
import type { Table } from "../readers/table.js";
import { columnsOf, requireTable } from "../table/missing.js";
import { seriesOf } from "./series-of.js";
import type { TimeOptions } from "./times.js";

/** Options of {@link SeriesWindows}. */
export interface SeriesWindowOptions extends TimeOptions {
  /** Names of the columns that are the input. */
  readonly inputs: readonly string[];
  /** Names of the columns that are predicted. */
  readonly targets: readonly string[];
  /** Rows of an input. */
  readonly length: number;
  /** Rows of a target, which follow those of the input. */
  readonly horizon: number;
  /** Rows from one window to the next. Default 1. */
  readonly stride?: number;
  /** Name of the column with the time of each row: dates, or numbers of any unit. Within a series they must increase, and no window crosses a gap. */
  readonly time?: string;
  /** The longest step between neighbouring times that is no gap, in seconds, or in the unit of a numeric column. Default: 1.5 times the median step. */
  readonly maxStep?: number;
  /** Name of the column that says which series a row belongs to, such as a station. No window crosses from one to another; their rows may alternate. */
  readonly group?: string;
  /** What happens to a window with a missing value: `"error"` refuses the table, `"skip"` leaves the window out. Default `"error"`. */
  readonly missing?: "error" | "skip";
}

const windowOptions: OptionKinds<SeriesWindowOptions> = {
  inputs: "list", targets: "list", length: "count", horizon: "count", stride: "count", time: "string", maxStep: "number", group: "string", missing: ["error", "skip"], format: ["ymd", "dmy", "mdy"],
};

/** A window: `[length, inputs]` and `[horizon, targets]`. */
export type SeriesWindow = readonly [input: Tensor, target: Tensor];

/**
 * A data set of windows over a series, or over several, for forecasting: `length` rows as the input, and the `horizon` rows after them as the target. Batches are
 * `[batch, length, inputs]` and `[batch, horizon, targets]`, float32.
 *
 * Windows lie within a table. So split the table first ({@link timeSplit}, {@link groupSplit}), and then make windows of each part: none sees rows of another.
 *
 * @example
 * ```ts
 * import { SeriesWindows, tableFromRecords } from "@nn/data";
 * const table = tableFromRecords([10, 11, 12, 13, 14].map((load, hour) => ({ hour, load })));
 * const windows = new SeriesWindows(table, { inputs: ["load", "hour"], targets: ["load"], length: 2, horizon: 1, time: "hour" });
 * windows.length; // => 3
 * const [inputs, targets] = windows.batch([0, 2]);
 * inputs.toArray(); // => [[[10, 0], [11, 1]], [[12, 2], [13, 3]]]
 * targets.toArray(); // => [[[12]], [[14]]]
 * ```
 */
export class SeriesWindows extends Dataset<SeriesWindow> {
  readonly #columns: { readonly inputs: readonly Float64Array[]; readonly targets: readonly Float64Array[] };
  readonly #inputRows: number;
  readonly #targetRows: number;
  /** The rows of all series, one after another. */
  readonly #rows: Int32Array;
  /** Where each window begins among these rows. */
  readonly #starts: Int32Array;

  /**
   * @throws ArgumentError if there is no such column, or no window.
   * @throws FormatError if times do not increase, or values are missing although `missing` does not allow it.
   */
  constructor(table: Table, options: SeriesWindowOptions) {
    super();
    const operation = "SeriesWindows";
    requireTable(operation, table);
    requireOptions(operation, options, windowOptions);
    if (options === undefined) throw new ArgumentError(`${operation}: there are no options, expected { inputs, targets, length, horizon }`);
    const { inputs, targets, length, horizon, stride = 1, missing = "error" } = options;
    for (const [name, value] of Object.entries({ inputs, targets })) {
      requireKind(operation, name, value, "list");
      if (value.length === 0) throw new ArgumentError(`${operation}: ${name} is empty, expected names of columns`);
      columnsOf(operation, table, value);
    }
    for (const [name, value] of Object.entries({ length, horizon })) requireKind(operation, name, value, "count");
    this.#columns = { inputs: inputs.map((name) => table.numeric(name)), targets: targets.map((name) => table.numeric(name)) };
    this.#inputRows = length;
    this.#targetRows = horizon;
    const series = seriesOf(operation, table, options);
    this.#rows = Int32Array.from(series.flat());
    const starts: number[] = [];
    let offset = 0;
    for (const { length: rows } of series) {
      for (let start = 0; start + length + horizon <= rows; start += stride) starts.push(offset + start);
      offset += rows;
    }
    if (starts.length === 0) throw new ArgumentError(`${operation}: no series has ${length + horizon} rows without a gap, which a window needs; the longest has ${Math.max(0, ...series.map((rows) => rows.length))}`);
    const complete = starts.filter((start) => {
      const lacking = this.#missingIn(start, [...inputs, ...targets]);
      if (lacking === undefined) return true;
      if (missing === "skip") return false;
      throw new FormatError(operation, `row ${lacking.row} has no value`, { column: lacking.column }, { fix: 'use missing: "skip" to leave such windows out' });
    });
    if (complete.length === 0) throw new ArgumentError(`${operation}: every window has a missing value`);
    this.#starts = Int32Array.from(complete);
  }

  override get length(): number {
    return this.#starts.length;
  }

  override get(index: number): SeriesWindow {
    requireIndex("SeriesWindows.get", index, this.length);
    const [inputs, targets] = this.#gathered([index]);
    return [inputs.reshape(inputs.shape.slice(1)), targets.reshape(targets.shape.slice(1))];
  }

  override batch(indices: ArrayLike<number>): Collated<SeriesWindow> {
    requireIndices("SeriesWindows.batch", indices, this.length);
    if (indices.length === 0) throw new ArgumentError("SeriesWindows.batch: a batch needs at least one index");
    return this.#gathered(indices);
  }

  /** The rows of the table that a window has: for each prediction the row that it is about. */
  rows(index: number): { readonly input: Int32Array; readonly target: Int32Array } {
    requireIndex("SeriesWindows.rows", index, this.length);
    const start = this.#starts[index] as number;
    const middle = start + this.#inputRows;
    return { input: this.#rows.slice(start, middle), target: this.#rows.slice(middle, middle + this.#targetRows) };
  }

  #gathered(indices: ArrayLike<number>): readonly [Tensor, Tensor] {
    const { inputs, targets } = this.#columns;
    return [this.#stacked(indices, inputs, 0, this.#inputRows), this.#stacked(indices, targets, this.#inputRows, this.#targetRows)];
  }

  #stacked(indices: ArrayLike<number>, columns: readonly Float64Array[], offset: number, count: number): Tensor {
    const data = new Float32Array(indices.length * count * columns.length);
    let at = 0;
    for (let item = 0; item < indices.length; item++) {
      const start = (this.#starts[indices[item] as number] as number) + offset;
      for (let step = 0; step < count; step++) for (const values of columns) data[at++] = values[this.#rows[start + step] as number] as number;
    }
    return new Tensor([indices.length, count, columns.length], "float32", data);
  }

  #missingIn(start: number, names: readonly string[]): { readonly row: number; readonly column: string } | undefined {
    const { inputs, targets } = this.#columns;
    for (const [at, values] of [...inputs, ...targets].entries()) {
      const [from, count] = at < inputs.length ? [start, this.#inputRows] : [start + this.#inputRows, this.#targetRows];
      for (let step = from; step < from + count; step++) {
        const row = this.#rows[step] as number;
        if (Number.isNaN(values[row])) return { row, column: names[at] as string };
      }
    }
    return undefined;
  }

  override toString(): string {
    const { inputs, targets } = this.#columns;
    return `SeriesWindows of ${this.length} items: [${this.#inputRows}, ${inputs.length}], [${this.#targetRows}, ${targets.length}]`;
  }
}
