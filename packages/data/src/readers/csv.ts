import { ArgumentError } from "@nn/tensor";
import { quote, requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { FormatError, listed, noColumn } from "../format-error.js";
import { ColumnBuilder, type ColumnType } from "./csv-columns.js";
import { CsvRecords } from "./csv-records.js";
import { requireMarks, type CsvSyntax } from "./csv-syntax.js";
import { reading, refusePath, streaming, textChunks, type Reading, type TextReaderOptions, type TextSource } from "./input.js";
import { parseNumber, type NumberStyle } from "./number.js";
import { DropCounter, Table } from "./table.js";

/** How the lines of a CSV text are taken apart. */
export interface CsvStreamOptions extends TextReaderOptions, CsvSyntax {
  /**
   * `true`: the first record has the names of the columns. `false`: there are none, and the columns are called "0", "1", ….
   * A list: there are none, and these are the names. Default: the first record has the names, and is refused if it looks like values.
   */
  readonly header?: boolean | readonly string[];
}

/** What columns are read as, by their names; or a function that says so once the names are known. */
export type ColumnTypes = Readonly<Record<string, ColumnType>> | ((names: readonly string[]) => Readonly<Record<string, ColumnType>>);

/** Options of {@link readCsv}. */
export interface CsvOptions extends CsvStreamOptions {
  /**
   * How columns are read. One that is not named here is taken as numeric if its values are numbers, else as categorical; the first
   * 1000 known values decide. Where more than nine tenths of them are numbers, another value is an error.
   */
  readonly columns?: ColumnTypes;
  /**
   * How numbers are written. `"auto"` finds it for each column: decimal commas and thousands are read where all values fit. Where a column
   * can be read either way (`1,037`), the other columns decide, then the delimiter: with commas between fields it is thousands, otherwise
   * a decimal comma. Default `"auto"`.
   */
  readonly numbers?: NumberStyle | "auto";
  /** Texts that stand for a missing value, spaces around them left out. Default: empty, `NA`, `N/A`, `NaN`, `null`, `?`. */
  readonly missingValues?: readonly string[];
  /**
   * What happens to a missing value: `"error"`; `"keep"` as NaN in a numeric column, null in a categorical one; `"dropRow"` leaves
   * out its row, and counts it in `dropped` of the table. Default `"error"`.
   */
  readonly missing?: "error" | "keep" | "dropRow";
}

const streamOptions: OptionKinds<CsvStreamOptions> = {
  name: "string", maxBytes: "count", encoding: "string", delimiter: "string", quote: "string", comment: "string", trim: "boolean",
  maxColumns: "count", maxRecordLength: "count", header: "any",
};

const tableOptions: OptionKinds<Omit<CsvOptions, keyof CsvStreamOptions>> = {
  columns: "any", numbers: ["auto", "point", "comma", "thousands"], missingValues: "list", missing: ["error", "keep", "dropRow"],
};

const columnTypes: readonly ColumnType[] = ["numeric", "categorical", "skip"];

const standardMissingValues = ["", "NA", "N/A", "NaN", "nan", "null", "?"] as const;

/**
 * Reads CSV (RFC 4180: quoted fields may hold delimiters, line breaks and doubled quotes) into a table. The input is read as a
 * stream; only the values are kept.
 *
 * @example
 * ```ts
 * import { readCsv } from "@nn/data";
 * const table = await readCsv("age;city;height\n31;Bonn;1,65\n?;Graz;1,7\n", { missing: "keep" });
 * table.columns.map(({ type }) => type); // => ["numeric", "categorical", "numeric"]
 * [...table.numeric("age")]; // => [31, NaN]
 * [...table.numeric("height")]; // => [1.65, 1.7]
 * ```
 * @throws FormatError naming line and column where a record has the wrong number of fields, a value is missing or is not a number,
 * quotes do not fit, there is no header, or a limit is passed.
 * @throws ArgumentError if an option is wrong, or the input is the name of a file.
 */
export async function readCsv(input: TextSource, options: CsvOptions = {}): Promise<Table> {
  return readCsvAs("readCsv", input, options);
}

/** {@link readCsv} in the name of another function. */
export async function readCsvAs(operation: string, input: TextSource, options: CsvOptions): Promise<Table> {
  requireOptions(operation, options, { ...streamOptions, ...tableOptions });
  requireStreamOptions(operation, options);
  options.missingValues?.forEach((text, at) => requireKind(operation, `missingValues[${at}]`, text, "string"));
  refusePath(operation, input);
  const how = reading(operation, input, options);
  const { missing = "error", missingValues = standardMissingValues, numbers = "auto" } = options;
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
  const evidence = { styles: new Set(builders.flatMap((builder) => builder.evidence ?? [])), delimiter: records.delimiter };
  return new Table(builders.flatMap((builder) => builder.finish(evidence) ?? []), dropped.result);
}

/**
 * Like {@link readCsv}, one record after another, its fields as texts by the names of their columns: for what is too large to be
 * held at once.
 *
 * @example
 * ```ts
 * import { streamCsv } from "@nn/data";
 * const cities: string[] = [];
 * for await (const { values } of streamCsv("age,city\n31,Bonn\n35,Graz\n")) cities.push(values.city ?? "");
 * cities; // => ["Bonn", "Graz"]
 * ```
 * @throws FormatError when it comes to a record with the wrong number of fields or quotes that do not fit.
 */
export function streamCsv(input: TextSource, options: CsvStreamOptions = {}): AsyncGenerator<CsvRow, void, undefined> {
  return streamCsvAs("streamCsv", input, options);
}

/** {@link streamCsv} in the name of another function. */
export function streamCsvAs(operation: string, input: TextSource, options: CsvStreamOptions): AsyncGenerator<CsvRow, void, undefined> {
  requireOptions(operation, options, streamOptions);
  requireStreamOptions(operation, options);
  refusePath(operation, input);
  return rowsOf(new NamedRecords(input, streaming(operation, input, options), options, () => undefined));
}

async function* rowsOf(records: NamedRecords): AsyncGenerator<CsvRow, void, undefined> {
  for await (const { line, fields } of records) {
    yield { line, values: Object.fromEntries(records.names.map((name, at) => [name, fields[at] ?? ""])) };
  }
}

/** A record of {@link streamCsv}. */
export interface CsvRow {
  /** The line that it begins on, from 1 on. */
  readonly line: number;
  readonly values: Readonly<Record<string, string>>;
}

function requireStreamOptions(operation: string, options: CsvStreamOptions): void {
  requireMarks(operation, options);
  const { header } = options;
  if (header === undefined || typeof header === "boolean") return;
  requireKind(operation, "header", header, "list");
  header.forEach((name, at) => requireKind(operation, `header[${at}]`, name, "string"));
}

/** The records of a text, each with as many fields as there are columns. */
class NamedRecords {
  names: readonly string[] = [];
  readonly #records: CsvRecords;
  readonly #source: string;
  readonly #header: CsvStreamOptions["header"];
  readonly #start: (names: readonly string[]) => void;

  /** `start` is called with the names of the columns before the first record. */
  constructor(input: TextSource, how: Reading, { header, ...options }: CsvStreamOptions, start: (names: readonly string[]) => void) {
    this.#records = new CsvRecords(textChunks(input, how, options.encoding), how.source, options);
    this.#source = how.source;
    this.#header = header;
    this.#start = start;
  }

  /** What separates fields. */
  get delimiter(): string {
    return this.#records.delimiter ?? ",";
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<{ readonly line: number; readonly fields: readonly string[] }, void, undefined> {
    const header = this.#header;
    let begun = false;
    if (typeof header === "object") this.#begin(requireNames(header, this.#source, undefined));
    for await (const { line, fields } of this.#records) {
      if (!begun) {
        begun = true;
        if (typeof header !== "object") this.#begin(header === false ? fields.map((_, at) => String(at)) : this.#headerOf(fields, line));
        if (header === true || header === undefined) continue;
      }
      if (fields.length !== this.names.length) {
        throw new FormatError(this.#source, `the record has ${fields.length} field${fields.length === 1 ? "" : "s"}; expected ${this.names.length} (${listed(this.names)})`, { line });
      }
      yield { line, fields };
    }
    if (!begun) throw new FormatError(this.#source, `there are no records; expected ${header === true || header === undefined ? "a header and records" : "records"}`);
  }

  #begin(names: readonly string[]): void {
    this.names = names;
    this.#start(names);
  }

  #headerOf(fields: readonly string[], line: number): readonly string[] {
    const names = fields.map((field) => field.trim());
    if (this.#header === undefined && looksLikeValues(names)) {
      throw new FormatError(this.#source, `the first record looks like values, not like the names of columns (${listed(names)})`, { line }, {
        fix: "if there is no header, say so with header: false or header: [names]; if these are names, with header: true",
      });
    }
    return requireNames(names, this.#source, line);
  }
}

/** Whether names are rather the first values: all are numbers, or some that are no whole numbers in ascending order, as years would be. */
function looksLikeValues(names: readonly string[]): boolean {
  const numbers = names.map((name) => parseNumber(name)).filter((value) => !Number.isNaN(value));
  if (numbers.length === names.length) return true;
  return numbers.some((value, at) => !Number.isInteger(value) || value < 0 || (at > 0 && value <= (numbers[at - 1] as number)));
}

function requireNames(names: readonly string[], source: string, line: number | undefined): readonly string[] {
  const place = line === undefined ? {} : { line };
  const empty = names.indexOf("");
  if (empty >= 0) throw new FormatError(source, `column ${empty + 1} of the header has no name (${listed(names)})`, place);
  const twice = firstRepeated(names);
  if (twice !== undefined) throw new FormatError(source, `two columns of the header have the name ${quote(twice)}`, place);
  return names;
}

/** The first name that occurs a second time. */
export function firstRepeated(names: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return names.find((name) => seen.size === seen.add(name).size);
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
