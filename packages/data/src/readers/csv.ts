import { ArgumentError } from "@nn/tensor";
import { quote, requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { FormatError, noColumn } from "../format-error.js";
import { ColumnBuilder, type ColumnType } from "./csv-columns.js";
import { NamedRecords, type CsvHeader } from "./csv-header.js";
import { requireMarks, type CsvSyntax } from "./csv-syntax.js";
import { evidenceOf } from "./infer-columns.js";
import { reading, refusePath, streaming, type TextReaderOptions, type TextSource } from "./input.js";
import type { NumberStyle } from "./number.js";
import { DropCounter, Table } from "./table.js";

/** Options of {@link streamCsv}. */
export interface CsvStreamOptions extends TextReaderOptions, CsvSyntax {
  /**
   * `true`: the first record holds the names of the columns. `false`: there is no header, and the columns are called "0", "1", ….
   * A list: there is no header, and these are the names. Default: the first record holds the names, and is refused if it looks like values.
   */
  readonly header?: CsvHeader;
}

/** The type of each column, by name; or a function from the names to these types. */
export type ColumnTypes = Readonly<Record<string, ColumnType>> | ((names: readonly string[]) => Readonly<Record<string, ColumnType>>);

/** Options of {@link readCsv}. */
export interface CsvOptions extends CsvStreamOptions {
  /**
   * The types of columns, such as `Table.columnTypes`. A column without a type here is numeric if at least nine tenths of its first
   * 1000 known values are numbers (any other value is then an error), otherwise categorical. Numbers that float64 cannot represent as
   * written count as texts: whole numbers with leading zeros (`007`), numbers beyond 2⁵³ with too many digits, and those that are too
   * large or too small (`1e-400`).
   */
  readonly columns?: ColumnTypes;
  /**
   * How numbers are written. `"auto"` detects it for each column. If a column can be read in two ways (`1,037`), the other columns are the
   * first evidence, then the delimiter: thousands if fields are separated by commas, a decimal comma if by semicolons. Without evidence
   * the column is refused, and a column that holds both `1,037` and `1.037` is refused if only the delimiter is evidence. Default `"auto"`.
   */
  readonly numbers?: NumberStyle | "auto";
  /** Texts that mean a missing value, without surrounding spaces. Default: {@link defaultMissingValues}. */
  readonly missingValues?: readonly string[];
  /**
   * What happens to a missing value. `"error"`: the file is refused. `"keep"`: it is NaN in a numeric column, null in a categorical one.
   * `"dropRow"`: its row is dropped, and counted in `Table.dropped`. Default `"error"`.
   */
  readonly missing?: "error" | "keep" | "dropRow";
}

const streamOptions: OptionKinds<CsvStreamOptions> = {
  name: "string", maxBytes: "count", encoding: "string", delimiter: "string", quote: "string", comment: "string", skipLines: "size", trim: "boolean",
  maxColumns: "count", maxRecordLength: "count", header: "any",
};

const tableOptions: OptionKinds<Omit<CsvOptions, keyof CsvStreamOptions>> = {
  columns: "any", numbers: ["auto", "point", "comma", "thousands"], missingValues: "list", missing: ["error", "keep", "dropRow"],
};

const columnTypes: readonly ColumnType[] = ["numeric", "categorical", "skip"];

/** Texts that mean a missing value in CSV files by default. */
export const defaultMissingValues: readonly string[] = ["", "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "null", "NULL", "?"];

/**
 * Reads CSV (RFC 4180: quoted fields may hold delimiters, line breaks and doubled quotes) into a table. The input is read as a
 * stream; only the values are kept. A CSV file does not hold the types of its columns: they are detected, or given with `columns`. Blank lines
 * are ignored; but in a file of one column, each between the header and the last record is a missing value.
 *
 * @example
 * ```ts
 * import { readCsv } from "@nn/data";
 * const table = await readCsv("age;city;height\n31;Bonn;1,65\n?;Graz;1,7\n", { missing: "keep" });
 * table.columns.map(({ type }) => type); // => ["numeric", "categorical", "numeric"]
 * [...table.numeric("age")]; // => [31, NaN]
 * [...table.numeric("height")]; // => [1.65, 1.7]
 * ```
 * @throws FormatError, with line and column, if a record has the wrong number of fields, a value is missing or not a number,
 * numbers can be read in two ways, quotes are misplaced, there is no header, or a limit is exceeded.
 * @throws ArgumentError if an option is wrong, or the input is the name of a file.
 */
export async function readCsv(input: TextSource, options: CsvOptions = {}): Promise<Table> {
  return readCsvAs("readCsv", input, options);
}

/** {@link readCsv} with the name of another function in its errors. */
export async function readCsvAs(operation: string, input: TextSource, options: CsvOptions): Promise<Table> {
  requireOptions(operation, options, { ...streamOptions, ...tableOptions });
  requireStreamOptions(operation, options);
  options.missingValues?.forEach((text, at) => requireKind(operation, `missingValues[${at}]`, text, "string"));
  refusePath(operation, input);
  const how = reading(operation, input, options);
  const { missing = "error", missingValues = defaultMissingValues, numbers = "auto" } = options;
  const absent = new Set(missingValues);
  let builders: readonly ColumnBuilder[] = [];
  let types: readonly (ColumnType | undefined)[] = [];
  const dropped = new DropCounter();
  const records = new NamedRecords(input, how, options, (names) => {
    types = typesOf(operation, options.columns ?? {}, names);
    builders = names.map((name, at) => new ColumnBuilder(name, how.source, types[at], numbers));
  });
  for await (const { line, fields } of records) {
    const values = fields.map((field) => (absent.has(field.trim()) ? null : field));
    const hole = values.findIndex((value, at) => value === null && types[at] !== "skip");
    if (hole >= 0 && missing === "dropRow") {
      dropped.add(records.names.filter((_, at) => values[at] === null && types[at] !== "skip"));
      continue;
    }
    if (hole >= 0 && missing === "error") {
      const found = fields[hole] === "" ? "the value is missing" : `${quote(fields[hole] ?? "")} stands for a missing value`;
      throw new FormatError(how.source, found, { line, column: records.names[hole] ?? "" }, { fix: 'use missing: "keep" or "dropRow" to allow it' });
    }
    values.forEach((value, at) => builders[at]?.add(value, line));
  }
  const evidence = { ...evidenceOf(builders.flatMap((builder) => builder.fit ?? [])), delimiter: builders.length > 1 ? records.delimiter : undefined };
  return new Table(builders.flatMap((builder) => builder.finish(evidence) ?? []), dropped.result);
}

/**
 * Reads CSV one record after another, with fields as texts, for files that do not fit into memory. See {@link readCsv}.
 *
 * @example
 * ```ts
 * import { streamCsv } from "@nn/data";
 * const cities: string[] = [];
 * for await (const { values } of streamCsv("age,city\n31,Bonn\n35,Graz\n")) cities.push(values.city ?? "");
 * cities; // => ["Bonn", "Graz"]
 * ```
 * @throws FormatError, while iterating, at a record with the wrong number of fields or misplaced quotes.
 */
export function streamCsv(input: TextSource, options: CsvStreamOptions = {}): CsvStream {
  return streamCsvAs("streamCsv", input, options);
}

/** {@link streamCsv} with the name of another function in its errors. */
export function streamCsvAs(operation: string, input: TextSource, options: CsvStreamOptions): CsvStream {
  requireOptions(operation, options, streamOptions);
  requireStreamOptions(operation, options);
  refusePath(operation, input);
  return new RowStream(new NamedRecords(input, streaming(operation, input, options), options, () => undefined));
}

/** The records of a CSV text. Iterate over them once, with `for await`. */
export interface CsvStream extends AsyncIterable<CsvRow> {
  /** The names of the columns, in their order; empty until the iteration has begun. */
  readonly names: readonly string[];
  /** The character between fields; undefined until it is known. */
  readonly delimiter: string | undefined;
}

class RowStream implements CsvStream {
  readonly #records: NamedRecords;

  constructor(records: NamedRecords) {
    this.#records = records;
  }

  get names(): readonly string[] {
    return this.#records.names;
  }

  get delimiter(): string | undefined {
    return this.#records.delimiter;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<CsvRow, void, undefined> {
    for await (const { line, fields } of this.#records) {
      yield { line, fields, values: Object.fromEntries(this.names.map((name, at) => [name, fields[at] ?? ""])) };
    }
  }
}

/** A record of {@link streamCsv}. */
export interface CsvRow {
  /** The line that the record begins on, counted from 1. */
  readonly line: number;
  /** The fields, in the order of the columns. */
  readonly fields: readonly string[];
  /** The fields by column name. */
  readonly values: Readonly<Record<string, string>>;
}

function requireStreamOptions(operation: string, options: CsvStreamOptions): void {
  requireMarks(operation, options);
  const { header } = options;
  if (header === undefined || typeof header === "boolean") return;
  requireKind(operation, "header", header, "list");
  header.forEach((name, at) => requireKind(operation, `header[${at}]`, name, "string"));
}

/** The declared type of each column. */
function typesOf(operation: string, columns: ColumnTypes, names: readonly string[]): readonly (ColumnType | undefined)[] {
  const declared: unknown = typeof columns === "function" ? columns(names) : columns;
  if (typeof declared !== "object" || declared === null || Array.isArray(declared)) {
    throw new ArgumentError(`${operation}: columns gives no types by the names of columns, expected an object such as { "${names[0] ?? "x"}": "categorical" }`);
  }
  const types = new Map<string, unknown>(Object.entries(declared));
  const known = new Set(names);
  for (const [name, type] of types) {
    if (!known.has(name)) throw new ArgumentError(`${operation}: ${noColumn(name, names)}`);
    if (type !== undefined) requireKind(operation, `the type of column ${quote(name)}`, type, columnTypes);
  }
  return names.map((name) => columnTypes.find((type) => type === types.get(name)));
}
