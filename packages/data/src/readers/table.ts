import { ArgumentError, allocate, DTypeError, Tensor, type FloatDType } from "@nn/tensor";
import { Dataset, requireIndex } from "../dataset.js";

/** Numbers; NaN where the value is missing. */
export interface NumericColumn {
  readonly name: string;
  readonly type: "numeric";
  readonly values: Float64Array;
}

/** Texts; null where the value is missing. */
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
 * Named columns of equal length: what a CSV file holds. It is a data set of its rows, and can be split like one.
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
  readonly #length: number;

  /** @throws ArgumentError if columns differ in length or two have one name. */
  constructor(columns: readonly Column[]) {
    super();
    const length = columns[0]?.values.length ?? 0;
    for (const column of columns) {
      if (column.values.length !== length) {
        throw new ArgumentError(`Table: column ${JSON.stringify(column.name)} has ${column.values.length} values, the first has ${length}`);
      }
    }
    const names = columns.map(({ name }) => name);
    const twice = names.find((name, at) => names.indexOf(name) !== at);
    if (twice !== undefined) throw new ArgumentError(`Table: two columns have the name ${JSON.stringify(twice)}`);
    this.columns = columns;
    this.#length = length;
  }

  /** Number of rows. */
  override get length(): number {
    return this.#length;
  }

  /** Names of the columns, in their order. */
  get names(): readonly string[] {
    return this.columns.map(({ name }) => name);
  }

  override get(index: number): TableRow {
    requireIndex("Table.get", index, this.#length);
    return Object.fromEntries(this.columns.map(({ name, values }) => [name, values[index] ?? null]));
  }

  /** The rows at `indices`. */
  override subset(indices: ArrayLike<number>): Table {
    Array.from(indices, (index) => requireIndex("Table.subset", index, this.#length));
    return new Table(
      this.columns.map((column) =>
        column.type === "numeric"
          ? { ...column, values: Float64Array.from(indices, (index) => column.values[index] as number) }
          : { ...column, values: Array.from(indices, (index) => column.values[index] ?? null) },
      ),
    );
  }

  /**
   * The column of a name.
   * @throws ArgumentError listing the columns that there are.
   */
  column(name: string): Column {
    const column = this.columns.find((each) => each.name === name);
    if (column === undefined) {
      throw new ArgumentError(`Table: there is no column ${JSON.stringify(name)}; there are ${this.names.map((each) => JSON.stringify(each)).join(", ")}`);
    }
    return column;
  }

  /**
   * The values of a numeric column; NaN where missing.
   * @throws DTypeError if it is categorical.
   */
  numeric(name: string): Float64Array {
    const column = this.column(name);
    if (column.type === "numeric") return column.values;
    throw new DTypeError(`Table: column ${JSON.stringify(name)} is categorical, expected numbers; encode it with a OneHotEncoder or a LabelEncoder`);
  }

  /** The values of a column as texts; null where missing. Numbers are written out. */
  categorical(name: string): readonly (string | null)[] {
    const column = this.column(name);
    if (column.type === "categorical") return column.values;
    return Array.from(column.values, (value) => (Number.isNaN(value) ? null : String(value)));
  }

  /**
   * Numeric columns side by side: `[rows, columns]`. Default: all numeric columns, float32.
   * @throws DTypeError if a named column is categorical.
   */
  tensor(names?: readonly string[], { dtype = "float32" }: { readonly dtype?: FloatDType } = {}): Tensor {
    const chosen = (names ?? this.columns.filter(({ type }) => type === "numeric").map(({ name }) => name)).map((name) => this.numeric(name));
    const data = allocate(dtype, this.#length * chosen.length);
    chosen.forEach((values, at) => values.forEach((value, row) => (data[row * chosen.length + at] = value)));
    return new Tensor([this.#length, chosen.length], dtype, data);
  }
}
