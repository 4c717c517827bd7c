import { ArgumentError, DTypeError, Tensor, type FloatDType } from "@nn/tensor";
import { allocate, describeValue, quote, requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { acceptedIndices, Dataset, requireIndex, requireIndices } from "../dataset.js";
import { noColumn } from "../format-error.js";
import { requireDistinct } from "./distinct.js";
import type { NumberStyle } from "./number.js";

/** Numbers; NaN where the value is missing. */
export interface NumericColumn {
  readonly name: string;
  readonly type: "numeric";
  readonly values: Float64Array;
  /** How the numbers were written in the file, if not as 1234.5. */
  readonly style?: NumberStyle;
}

/** Strings; null where the value is missing. */
export interface CategoricalColumn {
  readonly name: string;
  readonly type: "categorical";
  readonly values: readonly (string | null)[];
}

/** A column of a {@link Table}. */
export type Column = NumericColumn | CategoricalColumn;

/** One row of a {@link Table}, by the names of its columns. */
export type TableRow = Readonly<Record<string, number | string | null>>;

/**
 * Named columns of equal length, such as the content of a CSV file. A table can be split by rows like a data set.
 *
 * @example
 * ```ts
 * import { randomSplit, readCsv } from "@nn/data";
 * const table = await readCsv("width,height,kind\n1,2,a\n3,4,b\n5,6,a\n7,8,b\n");
 * table.tensor(["width", "height"]).shape; // => [4, 2]
 * table.categorical("kind"); // => ["a", "b", "a", "b"]
 * const [train, test] = randomSplit(table, [0.75, 0.25], { seed: 1 });
 * [train.length, test.length]; // => [3, 1]
 * ```
 */
export class Table extends Dataset<TableRow> {
  readonly columns: readonly Column[];
  /** The rows that the reader dropped because values were missing. */
  readonly dropped: DroppedRows;
  readonly #length: number;
  readonly #byName: ReadonlyMap<string, Column>;

  /** @throws ArgumentError if columns differ in length, two have the same name, or values are not of the column's type. */
  constructor(columns: readonly Column[], dropped: DroppedRows = { rows: 0, missing: {} }) {
    super();
    requireColumns("Table", columns);
    requireOptions("Table", dropped, { rows: "size", missing: "any" });
    requireKind("Table", "dropped.rows", dropped.rows, "size");
    this.columns = columns;
    this.dropped = dropped;
    this.#length = columns[0]?.values.length ?? 0;
    this.#byName = new Map(columns.map((column) => [column.name, column]));
  }

  /** Number of rows. */
  override get length(): number {
    return this.#length;
  }

  /** Names of the columns, in their order. */
  get names(): readonly string[] {
    return this.columns.map(({ name }) => name);
  }

  /** The type of each column, by name. Pass it to `readCsv` as `columns` to read another file in the same way. */
  get columnTypes(): Readonly<Record<string, Column["type"]>> {
    return Object.fromEntries(this.columns.map(({ name, type }) => [name, type]));
  }

  override get(index: number): TableRow {
    requireIndex("Table.get", index, this.#length);
    return Object.fromEntries(this.columns.map(({ name, values }) => [name, values[index] ?? null]));
  }

  /** The rows at `indices`. */
  override subset(indices: ArrayLike<number>): Table {
    requireIndices("Table.subset", indices, this.#length);
    return new Table(
      this.columns.map((column) =>
        column.type === "numeric"
          ? { ...column, values: Float64Array.from(indices, (index) => column.values[index] as number) }
          : { ...column, values: Array.from(indices, (index) => column.values[index] ?? null) },
      ),
    );
  }

  /** The first `count` rows, or all if there are fewer. */
  override take(count: number): Table {
    requireKind("Table.take", "count", count, "size");
    return this.#slice(0, count);
  }

  /** All but the first `count` rows. */
  override skip(count: number): Table {
    requireKind("Table.skip", "count", count, "size");
    return this.#slice(count, this.#length);
  }

  /** The rows that `predicate` accepts. */
  override filter(predicate: (row: TableRow, index: number) => boolean): Table {
    return this.subset(acceptedIndices("Table.filter", this, predicate));
  }

  /**
   * A table of the columns with these names, in this order.
   * @throws ArgumentError if there is no such column.
   */
  select(names: readonly string[]): Table {
    requireKind("Table.select", "names", names, "list");
    return new Table(names.map((name) => this.column(name)), this.dropped);
  }

  /**
   * A table of all columns except those with these names.
   * @throws ArgumentError if there is no such column.
   */
  without(names: readonly string[]): Table {
    requireKind("Table.without", "names", names, "list");
    const left = new Set(names.map((name) => this.column(name)));
    return new Table(this.columns.filter((column) => !left.has(column)), this.dropped);
  }

  /**
   * A table with these columns too. They replace columns of the same names; new ones are added at the end.
   * @throws ArgumentError if a column is invalid, or two have the same name.
   */
  with(columns: readonly Column[]): Table {
    requireColumns("Table.with", columns);
    const changed = new Map(columns.map((column) => [column.name, column]));
    return new Table([...this.columns.map((column) => changed.get(column.name) ?? column), ...columns.filter(({ name }) => !this.#byName.has(name))], this.dropped);
  }

  /**
   * The column with this name.
   * @throws ArgumentError, with the names of all columns, if there is no such column.
   */
  column(name: string): Column {
    const column = this.#byName.get(name);
    if (column !== undefined) return column;
    requireKind("Table.column", "name", name, "string");
    throw new ArgumentError(`Table: ${noColumn(name, this.names)}`);
  }

  /**
   * The values of a numeric column; NaN where missing.
   * @throws DTypeError if it is categorical.
   */
  numeric(name: string): Float64Array {
    const column = this.column(name);
    if (column.type === "numeric") return column.values;
    throw new DTypeError(`Table: column ${quote(name)} is categorical, expected numbers; encode it with a OneHotEncoder or a LabelEncoder`);
  }

  /** The values of a column as strings; null where missing. Numbers are converted to strings. */
  categorical(name: string): readonly (string | null)[] {
    const column = this.column(name);
    if (column.type === "categorical") return column.values;
    return Array.from(column.values, (value) => (Number.isNaN(value) ? null : String(value)));
  }

  /**
   * Numeric columns side by side: `[rows, columns]`. Default: all numeric columns, float32.
   * @throws DTypeError if a named column is categorical, or a number is too large for the dtype.
   */
  tensor(names?: readonly string[], options: TableTensorOptions = {}): Tensor {
    requireOptions("Table.tensor", options, tensorOptions);
    if (names !== undefined) requireKind("Table.tensor", "names", names, "list");
    const { dtype = "float32" } = options;
    const chosen = names ?? this.columns.filter(({ type }) => type === "numeric").map(({ name }) => name);
    const data = allocate(dtype, this.#length * chosen.length);
    for (const [at, name] of chosen.entries()) {
      this.numeric(name).forEach((value, row) => {
        const index = row * chosen.length + at;
        data[index] = value;
        if (Math.abs(value) > largestFloat32 && !Number.isFinite(data[index])) {
          throw new DTypeError(`Table.tensor: row ${row} of column ${quote(name)} is ${value}, too large for ${dtype}; use dtype: "float64", or scale the column first`);
        }
      });
    }
    return new Tensor([this.#length, chosen.length], dtype, data);
  }

  /** The rows as an array of objects. */
  toJSON(): TableRow[] {
    return [...this].map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Number.isNaN(value) ? null : value])));
  }

  /** A description: length, names and types. */
  override toString(): string {
    const columns = this.columns.slice(0, 20).map(({ name, type }) => `${quote(name)} ${type}`).join(", ");
    return `Table of ${this.#length} rows: ${columns}${this.columns.length > 20 ? `, … ${this.columns.length} columns in all` : ""}`;
  }

  #slice(start: number, end: number): Table {
    return new Table(
      this.columns.map((column) => (column.type === "numeric" ? { ...column, values: column.values.slice(start, end) } : { ...column, values: column.values.slice(start, end) })),
    );
  }
}

/** Options of {@link Table.tensor}. */
export interface TableTensorOptions {
  /** Default `"float32"`. */
  readonly dtype?: FloatDType;
}

const tensorOptions: OptionKinds<TableTensorOptions> = { dtype: ["float32", "float64"] };

const largestFloat32 = 3.4028234663852886e38;

/** The number of rows that were dropped because values were missing. */
export interface DroppedRows {
  readonly rows: number;
  /** For each column, the number of dropped rows that lack its value. A row may lack several values. */
  readonly missing: Readonly<Record<string, number>>;
}

/** Counts dropped rows. */
export class DropCounter {
  #rows = 0;
  readonly #missing = new Map<string, number>();

  /** Counts a row that lacks the values of these columns. */
  add(columns: Iterable<string>): void {
    this.#rows++;
    for (const column of columns) this.#missing.set(column, (this.#missing.get(column) ?? 0) + 1);
  }

  get result(): DroppedRows {
    return { rows: this.#rows, missing: Object.fromEntries(this.#missing) };
  }
}

function requireColumns(operation: string, columns: readonly Column[]): void {
  requireKind(operation, "columns", columns, "list");
  for (const [at, column] of columns.entries()) {
    const { name, type, values } = typeof column === "object" && column !== null ? column : {};
    requireKind(operation, `the name of column ${at}`, name, "string");
    requireKind(operation, `the type of column ${at}`, type, ["numeric", "categorical"]);
    if (type === "numeric" ? !(values instanceof Float64Array) : !Array.isArray(values)) {
      throw new ArgumentError(`${operation}: the values of column ${quote(column.name)} are ${describeValue(values)}, expected ${type === "numeric" ? "a Float64Array" : "an array of strings"}`);
    }
    if (column.values.length !== columns[0]?.values.length) {
      throw new ArgumentError(`${operation}: column ${quote(column.name)} has ${column.values.length} values, the first has ${String(columns[0]?.values.length)}`);
    }
  }
  requireDistinct(operation, "two columns have", columns.map(({ name }) => name));
}
