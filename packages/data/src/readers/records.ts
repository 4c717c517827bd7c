import { ArgumentError } from "@nn/tensor";
import { describeValue, quote, requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { FormatError, noColumn } from "../format-error.js";
import type { ColumnType } from "./csv-columns.js";
import { defaultMaxRecordLength } from "./csv-syntax.js";
import { reading, refusePath, textChunks, type TextReaderOptions, type TextSource } from "./input.js";
import { linesOf } from "./json-lines.js";
import { parseJson, type JsonNumberOptions } from "./json-text.js";
import { numberOf } from "./number.js";
import { DropCounter, Table, type Column } from "./table.js";

/** Options of {@link tableFromRecords}. */
export interface TableFromRecordsOptions {
  /** How columns are read. Default: numbers as numeric, texts and booleans as categorical. */
  readonly columns?: Readonly<Record<string, ColumnType>>;
  /** What happens to a value that a record lacks or that is null, as in `readCsv`. Default `"error"`. */
  readonly missing?: "error" | "keep" | "dropRow";
}

/** Options of {@link readRecords}. */
export interface RecordOptions extends TextReaderOptions, JsonNumberOptions, TableFromRecordsOptions {
  /** The most characters of a line of JSON Lines. Default 4,194,304. */
  readonly maxRecordLength?: number;
}

const tableOptions: OptionKinds<TableFromRecordsOptions> = { columns: "any", missing: ["error", "keep", "dropRow"] };
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

function tableOf(operation: string, records: readonly unknown[], { columns = {}, missing = "error" }: TableFromRecordsOptions, source: string): Table {
  const names = new Set<string>();
  const kept: TableRecord[] = records.map((record, at) => requireRecord(record, at, source));
  for (const record of kept) for (const name of Object.keys(record)) names.add(name);
  const types = typesOf(operation, columns, names);
  const wanted = [...names].filter((name) => types.get(name) !== "skip");
  const dropped = new DropCounter();
  const rows = kept.filter((record, at) => {
    const lacking = wanted.filter((name) => isMissing(record[name]));
    const [first] = lacking;
    if (first !== undefined && missing === "error") {
      throw new FormatError(source, `record ${at} has no value`, { column: first }, { fix: 'use missing: "keep" or "dropRow" to allow it' });
    }
    const isDropped = first !== undefined && missing === "dropRow";
    if (isDropped) dropped.add(lacking);
    return !isDropped;
  });
  return new Table(wanted.map((name) => columnOf(name, rows.map((record) => record[name]), types.get(name), source)), dropped.result);
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null || Number.isNaN(value);
}

function requireRecord(record: unknown, at: number, source: string): TableRecord {
  if (typeof record === "object" && record !== null && !Array.isArray(record)) return { ...record };
  throw new FormatError(source, `record ${at} is ${describeValue(record)}, expected an object with values by the names of columns`);
}

function typesOf(operation: string, columns: Readonly<Record<string, ColumnType>>, names: ReadonlySet<string>): ReadonlyMap<string, ColumnType> {
  if (typeof columns !== "object" || columns === null) throw new ArgumentError(`${operation}: columns is ${describeValue(columns)}, expected an object`);
  for (const [name, type] of Object.entries(columns)) {
    if (!names.has(name)) throw new ArgumentError(`${operation}: ${noColumn(name, [...names])}`);
    requireKind(operation, `the type of column ${quote(name)}`, type, ["numeric", "categorical", "skip"]);
  }
  return new Map(Object.entries(columns));
}

function columnOf(name: string, values: readonly unknown[], declared: ColumnType | undefined, source: string): Column {
  const first = values.find((value) => !isMissing(value));
  const type = declared ?? (first === undefined || typeof first === "number" ? "numeric" : "categorical");
  const wrong = (value: unknown, at: number): FormatError => {
    const fix = declared === undefined && typeof value !== "object" ? 'declare the column as "categorical" to take all values as texts' : "leave the column out with \"skip\"";
    return new FormatError(source, `record ${at} has ${describeValue(value)}, expected ${type === "numeric" ? "a finite number" : "a text"} like the others`, { column: name }, { fix });
  };
  if (type === "numeric") {
    return { name, type, values: Float64Array.from(values, (value, at) => {
      if (isMissing(value)) return Number.NaN;
      const number = typeof value === "string" && declared !== undefined ? numberOf(value) : value;
      if (typeof number !== "number" || !Number.isFinite(number)) throw wrong(value, at);
      return number;
    }) };
  }
  return { name, type: "categorical", values: values.map((value, at) => {
    if (isMissing(value)) return null;
    if (typeof value !== "string" && typeof value !== "boolean" && !(declared !== undefined && typeof value === "number")) throw wrong(value, at);
    return String(value);
  }) };
}
