import { ArgumentError } from "@nn/tensor";
import { describeValue, quote, requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { FormatError, noColumn } from "../format-error.js";
import type { ColumnType } from "./csv-columns.js";
import { defaultMaxRecordLength } from "./csv-syntax.js";
import { reading, refusePath, textChunks, type TextReaderOptions, type TextSource } from "./input.js";
import { linesOf } from "./json-lines.js";
import { parseJson, type JsonNumberOptions } from "./json-text.js";
import type { Table } from "./table.js";
import { flattened, tableOfValues } from "./value-table.js";

/** Options of {@link tableFromRecords}. */
export interface TableFromRecordsOptions {
  /** How columns are read. Default: numbers as numeric, texts and booleans as categorical. */
  readonly columns?: Readonly<Record<string, ColumnType>>;
  /** What happens to a value that a record lacks or that is null, as in `readCsv`. Default `"error"`. */
  readonly missing?: "error" | "keep" | "dropRow";
  /**
   * What happens to an object within a record. `"error"`: it is refused. `"columns"`: each of its values is a column, named by its path, such as `user.age`. A list within a
   * record is always refused. Default `"error"`.
   */
  readonly nested?: "error" | "columns";
}

/** Options of {@link readRecords}. */
export interface RecordOptions extends TextReaderOptions, JsonNumberOptions, TableFromRecordsOptions {
  /** The most characters of a line of JSON Lines. Default 4,194,304. */
  readonly maxRecordLength?: number;
}

const tableOptions: OptionKinds<TableFromRecordsOptions> = { columns: "any", missing: ["error", "keep", "dropRow"], nested: ["error", "columns"] };
const readerOptions: OptionKinds<Omit<RecordOptions, keyof TableFromRecordsOptions>> = { name: "string", maxBytes: "count", encoding: "string", maxRecordLength: "count", largeIntegers: ["error", "text"] };

/** A record: an object with the values by column name. */
export type TableRecord = Readonly<Record<string, unknown>>;

/**
 * Makes a table from records, with a column for each name in the order of first occurrence.
 *
 * @example
 * ```ts
 * import { tableFromRecords } from "@nn/data";
 * const table = tableFromRecords([{ size: 1.5, color: "red" }, { size: 2, color: null }], { missing: "keep" });
 * [...table.numeric("size")]; // => [1.5, 2]
 * table.categorical("color"); // => ["red", null]
 * tableFromRecords([{ user: { age: 31, city: "Bonn" } }], { nested: "columns" }).names; // => ["user.age", "user.city"]
 * ```
 * @throws FormatError, with the record and the column, if a value is missing, is not a number, string or boolean, or differs in type from the
 * others of its column.
 */
export function tableFromRecords(records: readonly TableRecord[], options: TableFromRecordsOptions = {}): Table {
  requireOptions("tableFromRecords", options, tableOptions);
  requireKind("tableFromRecords", "records", records, "list");
  return tableOf("tableFromRecords", records, options, "tableFromRecords input");
}

/**
 * Reads records as a table, from a JSON text that is one array of objects or has an object on each line (JSON Lines).
 * @throws FormatError if the text is neither, and for the errors of {@link tableFromRecords}.
 */
export async function readRecords(input: TextSource, options: RecordOptions = {}): Promise<Table> {
  return readRecordsAs("readRecords", input, options);
}

/** {@link readRecords} with the name of another function in its errors. */
export async function readRecordsAs(operation: string, input: TextSource, options: RecordOptions): Promise<Table> {
  requireOptions(operation, options, { ...readerOptions, ...tableOptions });
  refusePath(operation, input);
  const how = reading(operation, input, options);
  const lines: string[] = [];
  let isArray: boolean | undefined;
  // An array may be written on one line, so the limit applies only to JSON Lines.
  const limit = options.maxRecordLength ?? defaultMaxRecordLength;
  for await (const line of linesOf(textChunks(input, how, options.encoding), how.source, Infinity)) {
    if (isArray === undefined && line.trim() !== "") isArray = line.trimStart().startsWith("[");
    if (isArray !== true && line.length > limit) throw new FormatError(how.source, `the line has more than ${limit} characters, which is the limit`, { line: lines.length + 1 }, { fix: "if that is right, raise it with maxRecordLength" });
    lines.push(line);
  }
  const json = { source: how.source, largeIntegers: options.largeIntegers ?? "error" };
  return tableOf(operation, isArray === true ? arrayOf(lines.join("\n"), json) : recordsOf(lines, json), options, how.source);
}

type RecordSource = Required<JsonNumberOptions> & { readonly source: string };

function arrayOf(text: string, json: RecordSource): readonly unknown[] {
  const value = parseJson(text, json);
  if (Array.isArray(value)) return value;
  throw new FormatError(json.source, "expected an array of records");
}

function recordsOf(lines: readonly string[], json: RecordSource): readonly unknown[] {
  return lines.flatMap((text, at) => {
    if (text.trim() === "") return [];
    try {
      return [parseJson(text, { ...json, line: at + 1 })];
    } catch (cause) {
      if (!(cause instanceof FormatError) || cause.fix !== undefined) throw cause;
      throw new FormatError(json.source, cause.problem, { line: at + 1 }, { cause, fix: "a file has one array of records, or a record on each line" });
    }
  });
}

function tableOf(operation: string, records: readonly unknown[], { columns = {}, missing = "error", nested = "error" }: TableFromRecordsOptions, source: string): Table {
  const names = new Set<string>();
  const rows = records.map((record, at) => {
    const values = requireRecord(record, at, source);
    return nested === "columns" ? flattened(values, at, source) : values;
  });
  for (const row of rows) for (const name of Object.keys(row)) names.add(name);
  if (nested === "columns") for (const name of nestedNames(rows, names, source)) names.delete(name);
  const types = typesOf(operation, columns, names);
  const wanted = [...names].flatMap((name) => {
    const type = types.get(name);
    return type === "skip" ? [] : [{ name, type, values: rows.map((row) => row[name]) }];
  });
  return tableOfValues(wanted, { missing, source });
}

/**
 * The names whose values are objects where they are not missing.
 * @throws FormatError if such a name has another value too.
 */
function nestedNames(rows: readonly TableRecord[], names: ReadonlySet<string>, source: string): string[] {
  const paths = new Set([...names].flatMap((name) => Array.from(name.matchAll(/\./g), ({ index }) => name.slice(0, index))));
  return [...names].filter((name) => {
    if (!paths.has(name)) return false;
    const at = rows.findIndex((row) => row[name] !== undefined && row[name] !== null);
    if (at < 0) return true;
    throw new FormatError(source, `record ${at} has ${describeValue(rows[at]?.[name])}, expected an object like the others`, { column: name });
  });
}

function requireRecord(record: unknown, at: number, source: string): TableRecord {
  if (typeof record === "object" && record !== null && !Array.isArray(record)) return { ...record };
  throw new FormatError(source, `record ${at} is ${describeValue(record)}, expected an object with values by the names of columns`);
}

/** The types that columns are declared to have. @throws ArgumentError if there is no such column or type. */
export function typesOf(operation: string, columns: Readonly<Record<string, ColumnType>>, names: ReadonlySet<string>): ReadonlyMap<string, ColumnType> {
  if (typeof columns !== "object" || columns === null) throw new ArgumentError(`${operation}: columns is ${describeValue(columns)}, expected an object`);
  for (const [name, type] of Object.entries(columns)) {
    if (!names.has(name)) throw new ArgumentError(`${operation}: ${noColumn(name, [...names])}`);
    requireKind(operation, `the type of column ${quote(name)}`, type, ["numeric", "categorical", "skip"]);
  }
  return new Map(Object.entries(columns));
}
