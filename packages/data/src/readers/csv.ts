import { ArgumentError } from "@nn/tensor";
import { FormatError, quoted } from "../format-error.js";
import { ColumnBuilder, type ColumnType } from "./csv-columns.js";
import { csvRecords, type CsvRecord, type CsvSyntax } from "./csv-records.js";
import { nameOf, textChunks, type ReaderOptions, type TextSource } from "./input.js";
import { Table } from "./table.js";

/** How the lines of a CSV text are taken apart. */
export interface CsvStreamOptions extends ReaderOptions, CsvSyntax {
  /**
   * `true`: the first record has the names of the columns. `false`: there are none, and the columns are called "0", "1", ….
   * A list: there are none, and these are the names. Default true.
   */
  readonly header?: boolean | readonly string[];
}

/** Options of {@link readCsv}. */
export interface CsvOptions extends CsvStreamOptions {
  /**
   * How columns are read. One that is not named here is taken as numeric if its values are numbers, else as categorical; the first
   * 1000 rows decide. Where more than nine tenths of them are numbers, another value is an error.
   */
  readonly columns?: Readonly<Record<string, ColumnType>>;
  /** Texts that stand for a missing value, spaces around them left out. Default: empty, `NA`, `N/A`, `NaN`, `null`, `?`. */
  readonly missingValues?: readonly string[];
  /**
   * What happens to a missing value: `"error"`; `"keep"` as NaN in a numeric column, null in a categorical one; `"dropRow"` leaves
   * out its row. Default `"error"`.
   */
  readonly missing?: "error" | "keep" | "dropRow";
}

const standardMissingValues = ["", "NA", "N/A", "NaN", "nan", "null", "?"] as const;

/**
 * Reads CSV (RFC 4180: quoted fields may hold delimiters, line breaks and doubled quotes) into a table. The input is read as a
 * stream; only the values are kept.
 *
 * @example
 * ```ts
 * import { readCsv } from "@nn/data";
 * const table = await readCsv("age,city\n31,Bonn\n?,Graz\n", { missing: "keep" });
 * table.columns.map(({ type }) => type); // => ["numeric", "categorical"]
 * [...table.numeric("age")]; // => [31, NaN]
 * ```
 * @throws FormatError naming line and column where a record has the wrong number of fields, a value is missing or is not a number,
 * or quotes do not fit.
 */
export async function readCsv(input: TextSource, options: CsvOptions = {}): Promise<Table> {
  const source = nameOf(input, options);
  const { columns = {}, missing = "error", missingValues = standardMissingValues } = options;
  const absent = new Set(missingValues);
  let builders: readonly ColumnBuilder[] = [];
  let types: readonly (ColumnType | undefined)[] = [];
  const start = (names: readonly string[]): void => {
    requireKnown(columns, names);
    types = names.map((name) => (Object.hasOwn(columns, name) ? columns[name] : undefined));
    builders = names.map((name, at) => new ColumnBuilder(name, source, types[at]));
  };
  for await (const { line, fields, names } of namedRecords(input, source, options, start)) {
    const values = fields.map((field) => (absent.has(field.trim()) ? null : field));
    const hole = values.findIndex((value, at) => value === null && types[at] !== "skip");
    if (hole >= 0 && missing === "dropRow") continue;
    if (hole >= 0 && missing === "error") {
      const found = fields[hole] === "" ? "the value is missing" : `${quoted(fields[hole] ?? "")} stands for a missing value`;
      throw new FormatError(source, `${found}; use missing: "keep" or "dropRow" to allow it`, { line, column: names[hole] ?? "" });
    }
    values.forEach((value, at) => builders[at]?.add(value, line));
  }
  return new Table(builders.flatMap((builder) => builder.finish() ?? []));
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
export async function* streamCsv(input: TextSource, options: CsvStreamOptions = {}): AsyncGenerator<CsvRow, void, undefined> {
  const source = nameOf(input, options);
  for await (const { line, fields, names } of namedRecords(input, source, options, () => undefined)) {
    yield { line, values: Object.fromEntries(names.map((name, at) => [name, fields[at] ?? ""])) };
  }
}

/** A record of {@link streamCsv}. */
export interface CsvRow {
  /** The line that it begins on, from 1 on. */
  readonly line: number;
  readonly values: Readonly<Record<string, string>>;
}

interface NamedRecord extends CsvRecord {
  readonly names: readonly string[];
}

/** Calls `start` with the names of the columns, then gives the records, each with as many fields. */
async function* namedRecords(
  input: TextSource, source: string, { header = true, ...syntax }: CsvStreamOptions, start: (names: readonly string[]) => void,
): AsyncGenerator<NamedRecord, void, undefined> {
  let names = typeof header === "boolean" ? undefined : requireNames(header, source, undefined);
  if (names !== undefined) start(names);
  for await (const { line, fields } of csvRecords(textChunks(input, source), source, syntax)) {
    if (names === undefined) {
      names = header === true ? requireNames(fields.map((field) => field.trim()), source, line) : fields.map((_, at) => String(at));
      start(names);
      if (header === true) continue;
    }
    if (fields.length !== names.length) {
      throw new FormatError(source, `the record has ${fields.length} field${fields.length === 1 ? "" : "s"}; expected ${names.length} (${listed(names)})`, { line });
    }
    yield { line, fields, names };
  }
  if (names === undefined) throw new FormatError(source, `there are no records; expected ${header === true ? "a header and records" : "records"}`);
}

function requireNames(names: readonly string[], source: string, line: number | undefined): readonly string[] {
  const place = line === undefined ? {} : { line };
  const empty = names.indexOf("");
  if (empty >= 0) throw new FormatError(source, `column ${empty + 1} of the header has no name (${listed(names)})`, place);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new FormatError(source, `two columns of the header have the name ${quoted(twice)}`, place);
  return names;
}

function requireKnown(columns: Readonly<Record<string, ColumnType>>, names: readonly string[]): void {
  const unknown = Object.keys(columns).find((name) => !names.includes(name));
  if (unknown !== undefined) throw new ArgumentError(`readCsv: there is no column ${quoted(unknown)}; there are ${listed(names)}`);
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 8).map(quoted).join(", ");
  return names.length > 8 ? `${shown}, … ${names.length} in all` : shown;
}
