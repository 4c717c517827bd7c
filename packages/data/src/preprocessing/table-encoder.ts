import { concat, type Tensor } from "@nn/tensor";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { FormatError } from "../format-error.js";
import type { ColumnType } from "../readers/csv-columns.js";
import type { Table } from "../readers/table.js";
import { requireTable } from "../table/missing.js";
import type { MissingPolicy } from "./features.js";
import { MinMaxScaler, type MinMaxState } from "./min-max-scaler.js";
import { encodingOptions, OneHotEncoder, type EncodingOptions, type OneHotEncoderState } from "./one-hot-encoder.js";
import { Standardizer, type StandardizerState } from "./standardizer.js";
import { StateReader } from "./state.js";

/** Options of {@link TableEncoder}. */
export interface TableEncoderOptions {
  /** The columns that become features. Default: all except those in `exclude`. */
  readonly features?: readonly string[];
  /** Columns that do not become features, such as the target. */
  readonly exclude?: readonly string[];
  /** How numeric columns are scaled. Default `"standardize"`. */
  readonly numeric?: "standardize" | "minMax";
  /** What happens to missing numbers. Default `"error"`. */
  readonly missing?: MissingPolicy;
  /**
   * What happens to a category that is missing or did not occur in the fit: `"error"` refuses it, `"zeros"` makes all its features 0.
   * `TableEncoder.unseen` counts such categories. Default `"error"`.
   */
  readonly unseen?: "error" | "zeros";
}

/** The JSON form of a {@link TableEncoder}. */
export interface TableEncoderState {
  readonly type: "TableEncoder";
  readonly numeric: readonly string[];
  readonly scaler: StandardizerState | MinMaxState | null;
  readonly categorical: readonly { readonly name: string; readonly encoder: OneHotEncoderState }[];
}

const tableEncoderOptions: OptionKinds<TableEncoderOptions> = {
  features: "list", exclude: "list", numeric: ["standardize", "minMax"], missing: ["error", "keep", "mean"], unseen: ["error", "zeros"],
};

/** A category that did not occur in the fit, and how often a table has it. */
export interface UnseenCategory {
  readonly column: string;
  /** Null where the value is missing. */
  readonly value: string | null;
  readonly count: number;
}

type Scaler = Standardizer | MinMaxScaler;

/** A categorical column of a {@link TableEncoder}. */
export interface EncodedCategory {
  readonly name: string;
  readonly encoder: OneHotEncoder;
}

/**
 * Encodes the rows of a table as features for a network: it scales numeric columns and one-hot encodes categorical ones, with the
 * statistics and categories of the table that it was fitted on. Numeric columns come first. Save it as JSON with the model, so that
 * new tables are encoded in the same way.
 *
 * @example
 * ```ts
 * import { randomSplit, readCsv, TableEncoder } from "@nn/data";
 * const table = await readCsv("width,color,kind\n1,red,a\n3,blue,b\n1,red,b\n3,blue,a\n");
 * const encoder = TableEncoder.fit(table, { exclude: ["kind"] });
 * encoder.featureNames; // => ["width", "color=blue", "color=red"]
 * encoder.transform(table.subset([0, 1])).toArray(); // => [[-1, 0, 1], [1, 1, 0]]
 * ```
 */
export class TableEncoder {
  /** The numeric columns. */
  readonly numeric: readonly string[];
  /** The scaler of the numeric columns; undefined if there are none. */
  readonly scaler: Scaler | undefined;
  /** The categorical columns, each with its encoder. */
  readonly categorical: readonly EncodedCategory[];

  private constructor(numeric: readonly string[], scaler: Scaler | undefined, categorical: readonly EncodedCategory[]) {
    this.numeric = numeric;
    this.scaler = scaler;
    this.categorical = categorical;
  }

  /** @throws FormatError if a value is missing and the options do not allow it. */
  static fit(table: Table, options: TableEncoderOptions = {}): TableEncoder {
    requireOptions("TableEncoder.fit", options, tableEncoderOptions);
    requireTable("TableEncoder.fit", table);
    const { features = table.names, exclude = [], missing = "error", unseen = "error" } = options;
    for (const name of exclude) table.column(name);
    const left = new Set(exclude);
    const columns = features.filter((name) => !left.has(name)).map((name) => table.column(name));
    const numeric = columns.filter(({ type }) => type === "numeric").map(({ name }) => name);
    const matrix = table.tensor(numeric, { dtype: "float64" });
    const fit = options.numeric === "minMax" ? MinMaxScaler : Standardizer;
    const scaler = numeric.length === 0 ? undefined : located(numeric, () => fit.fit(matrix, { missing }));
    const categorical = columns.flatMap(({ name, type, values }) =>
      type === "categorical" ? [{ name, encoder: located([name], () => OneHotEncoder.fit(values, { unseen, missing: unseen })) }] : [],
    );
    return new TableEncoder(numeric, scaler, categorical);
  }

  /** The names of the features: the name of a numeric column, or `column=category`. */
  get featureNames(): readonly string[] {
    return [...this.numeric, ...this.categorical.flatMap(({ name, encoder }) => encoder.categories.map((category) => `${name}=${category}`))];
  }

  /** The types of the columns. Pass them to `readCsv` to read a new file in the same way. */
  get columnTypes(): Readonly<Record<string, ColumnType>> {
    return Object.fromEntries([
      ...this.numeric.map((name) => [name, "numeric"] as const),
      ...this.categorical.map(({ name }) => [name, "categorical"] as const),
    ]);
  }

  /**
   * `[rows, features]`.
   * @throws ArgumentError if the table lacks a column.
   * @throws FormatError if a value is missing or did not occur in the fit, and the options do not allow it.
   */
  transform(table: Table, options: EncodingOptions = {}): Tensor {
    requireOptions("TableEncoder.transform", options, encodingOptions);
    requireTable("TableEncoder.transform", table);
    const { dtype = "float32" } = options;
    const matrix = table.tensor(this.numeric, { dtype: "float64" });
    const scaler = this.scaler;
    const scaled = scaler === undefined ? matrix : located(this.numeric, () => scaler.transform(matrix));
    const encoded = this.categorical.map(({ name, encoder }) => located([name], () => encoder.transform(table.categorical(name), { dtype })));
    return concat([scaled.cast(dtype), ...encoded], 1);
  }

  /**
   * The categories of a table that are missing or did not occur in the fit, with their counts. They become zeros if `unseen` allows it.
   * @throws ArgumentError if the table lacks a column.
   */
  unseen(table: Table): UnseenCategory[] {
    requireTable("TableEncoder.unseen", table);
    return this.categorical.flatMap(({ name, encoder }) => {
      const known = new Set<string | number | null>(encoder.categories);
      const counts = new Map<string | null, number>();
      for (const value of table.categorical(name)) if (value === null || !known.has(value)) counts.set(value, (counts.get(value) ?? 0) + 1);
      return Array.from(counts, ([value, count]) => ({ column: name, value, count }));
    });
  }

  /** The fitted state as plain data for a file; pass it to `fromJSON`. */
  toJSON(): TableEncoderState {
    return {
      type: "TableEncoder",
      numeric: this.numeric,
      scaler: this.scaler?.toJSON() ?? null,
      categorical: this.categorical.map(({ name, encoder }) => ({ name, encoder: encoder.toJSON() })),
    };
  }

  /** Restores an encoder from its JSON, as text or parsed. */
  static fromJSON(value: unknown): TableEncoder {
    const state = new StateReader("TableEncoder", value);
    const numeric = state.strings("numeric");
    const categorical = state.list("categorical").map((each) => {
      const entry = new StateReader("TableEncoder", each, false);
      return { name: entry.string("name"), encoder: OneHotEncoder.fromJSON(entry.get("encoder")) };
    });
    const scaler = state.get("scaler");
    return new TableEncoder(numeric, scaler === null ? undefined : scalerFromJSON(scaler), categorical);
  }
}

function scalerFromJSON(value: unknown): Scaler {
  const isMinMax = typeof value === "object" && value !== null && "type" in value && value.type === "MinMaxScaler";
  return isMinMax ? MinMaxScaler.fromJSON(value) : Standardizer.fromJSON(value);
}

/** Adds the name of the table's column to the errors of a step, which only number the features. */
function located<T>(names: readonly string[], step: () => T): T {
  try {
    return step();
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    const feature = names.length === 1 ? 0 : Number(/feature (\d+)/.exec(cause.problem)?.[1]);
    const column = names[feature];
    throw new FormatError("TableEncoder", cause.problem, column === undefined ? {} : { column }, { cause, ...(cause.fix === undefined ? {} : { fix: cause.fix }) });
  }
}
