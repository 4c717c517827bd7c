import { FileError } from "@nn/files";
import { ArgumentError } from "@nn/tensor";
import { isPlainObject, messageOf, Printable, quote, requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { parquetMetadataAsync, parquetRead, type FileMetaData } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { FormatError, noColumn } from "../format-error.js";
import type { ColumnType } from "../readers/csv-columns.js";
import type { JsonNumberOptions } from "../readers/json-text.js";
import { typesOf, type TableFromRecordsOptions, type TableRecord } from "../readers/records.js";
import type { Table } from "../readers/table.js";
import { tableOfValues, type ValueColumn } from "../readers/value-table.js";
import { storedColumns, type ParquetColumn, type StoredColumn } from "./parquet-columns.js";
import { withCheckedPages } from "./parquet-pages.js";
import type { NamedRanges } from "./parquet-source.js";
import { convertValues, parsers } from "./parquet-values.js";

/** Which part of a Parquet file is read. Only the bytes of these columns and rows are. */
export interface ParquetSelection extends JsonNumberOptions {
  /** Names of columns, in the order in which they are wanted. Default: all. */
  readonly select?: readonly string[];
  /** The first row. Default 0. */
  readonly start?: number;
  /** The row after the last one. Default: the number of rows. */
  readonly end?: number;
}

/** Options of {@link ParquetFile.readTable}. */
export interface ParquetTableOptions extends ParquetSelection, Omit<TableFromRecordsOptions, "nested"> {}

const selectionOptions: OptionKinds<ParquetSelection> = { select: "list", start: "size", end: "size", largeIntegers: ["error", "text"] };

/** The kinds of {@link ParquetTableOptions}. */
export const tableOptions: OptionKinds<ParquetTableOptions> = { ...selectionOptions, columns: "any", missing: ["error", "keep", "dropRow"] };

/** Rows that are read at a time for records. */
const rowsAtATime = 1024;

/**
 * A Parquet file (https://parquet.apache.org) whose columns and rows are read when they are asked for. `openParquet` makes it.
 *
 * Numbers of all sizes are numeric columns, decimals and half precision too, and times of day as seconds. Texts, booleans and UUIDs are categorical, and so are dates and points in
 * time, written as in ISO 8601, for `planDates`. The values of a structure are columns with their paths, such as `user.age`.
 */
export class ParquetFile extends Printable {
  /** Number of rows. */
  readonly length: number;
  readonly #ranges: NamedRanges;
  readonly #metadata: FileMetaData;
  readonly #columns: readonly StoredColumn[];

  /** @internal */
  constructor(ranges: NamedRanges, metadata: FileMetaData) {
    super();
    this.#ranges = ranges;
    this.#metadata = metadata;
    this.#columns = storedColumns(metadata);
    this.length = Number(metadata.num_rows);
  }

  /** Its columns. */
  get columns(): readonly ParquetColumn[] {
    return this.#columns.map(({ name, kind, storage }) => ({ name, kind, storage }));
  }

  /**
   * Reads rows of columns as a table.
   * @throws FormatError if a column holds bytes or lists, which a table cannot, if values are missing and not allowed to, or if the file is damaged.
   */
  async readTable(options: ParquetTableOptions = {}): Promise<Table> {
    return this.readTableAs("ParquetFile.readTable", options);
  }

  /** @internal {@link ParquetFile.readTable} with the name of another function in its errors. */
  async readTableAs(operation: string, options: ParquetTableOptions): Promise<Table> {
    requireOptions(operation, options, tableOptions);
    const { columns = {}, missing = "error" } = options;
    const chosen = this.#chosen(operation, options.select);
    const types = typesOf(operation, columns, new Set(chosen.map(({ name }) => name)));
    const read = chosen.filter(({ name }) => types.get(name) !== "skip");
    for (const column of read) this.#requireTabular(column);
    const { start, end } = this.#range(operation, options);
    const values = await this.#read(operation, read, start, end, options.largeIntegers ?? "error");
    return tableOfValues(read.map((column, at) => valueColumn(column, values[at] ?? [], types.get(column.name))), { missing, source: this.#ranges.name, first: start });
  }

  /**
   * Reads rows one after another as objects, some at a time, so that the file need not fit into memory. Bytes are `Uint8Array`, lists are arrays, structures objects; what is
   * missing is null.
   */
  async *records(options: ParquetSelection = {}): AsyncGenerator<TableRecord, void, undefined> {
    const operation = "ParquetFile.records";
    requireOptions(operation, options, selectionOptions);
    const read = this.#chosen(operation, options.select);
    const { start, end } = this.#range(operation, options);
    for (let from = start; from < end; from += rowsAtATime) {
      const to = Math.min(end, from + rowsAtATime);
      const values = await this.#read(operation, read, from, to, options.largeIntegers ?? "error");
      for (let row = 0; row < to - from; row++) yield recordOf(read, values, row);
    }
  }

  /** Closes the file. */
  async close(): Promise<void> {
    await this.#ranges.close();
  }

  /** A description: rows, names and kinds. */
  override toString(): string {
    return `ParquetFile of ${this.length} rows: ${this.#columns.map(({ name, kind }) => `${quote(name)} ${kind}`).join(", ")}`;
  }

  #chosen(operation: string, select: readonly string[] | undefined): readonly StoredColumn[] {
    if (select === undefined) return this.#columns;
    return select.flatMap((name, at) => {
      requireKind(operation, `select[${at}]`, name, "string");
      const found = this.#columns.filter((column) => column.name === name || column.name.startsWith(`${name}.`));
      if (found.length === 0) throw new ArgumentError(`${operation}: ${noColumn(name, this.#columns.map((column) => column.name))}`);
      return found;
    });
  }

  #range(operation: string, { start = 0, end = this.length }: ParquetSelection): { readonly start: number; readonly end: number } {
    if (start <= end && end <= this.length) return { start, end };
    throw new ArgumentError(`${operation}: rows ${start} to ${end} are asked for, but there are ${this.length}; expected 0 ≤ start ≤ end ≤ ${this.length}`);
  }

  #requireTabular({ name, kind, storage }: StoredColumn): void {
    if (kind === "numeric" || kind === "categorical") return;
    const what = kind === "bytes" ? "bytes" : "lists or other nested values";
    throw new FormatError(this.#ranges.name, `${storage} holds ${what}, which a table cannot`, { column: name }, { fix: 'leave it out with select or "skip", or read records()' });
  }

  /** The values of columns in rows, converted. */
  async #read(operation: string, columns: readonly StoredColumn[], start: number, end: number, largeIntegers: "error" | "text"): Promise<unknown[][]> {
    const names = [...new Set(columns.map(({ path }) => path[0] as string))];
    if (names.length === 0 || start === end) return columns.map(() => []);
    this.#requireCodecs(names);
    const found = await reading(operation, this.#ranges.name, async () => this.#columnsOf(names, start, end, columns.every(({ path, kind }) => path.length === 1 && kind !== "nested")));
    return columns.map((column) => {
      const [name, ...path] = column.path;
      const values = (found.get(name as string) ?? []).map((value) => valueAt(value, path));
      return convertValues(column, values, { source: this.#ranges.name, first: start, largeIntegers });
    });
  }

  /** The values of whole columns in rows, as the reader gives them. `hasAlignedPages`: pages of different columns begin at the same rows, which those of the parts of a structure do not. */
  async #columnsOf(names: readonly string[], start: number, end: number, hasAlignedPages: boolean): Promise<ReadonlyMap<string, readonly unknown[]>> {
    const found = new Map(names.map((name) => [name, { values: Array<unknown>(end - start), count: 0 }]));
    await parquetRead({
      file: withCheckedPages(this.#ranges, this.#metadata, names), metadata: this.#metadata, columns: [...names], rowStart: start, rowEnd: end, compressors, parsers, utf8: false, geoparquet: false, useOffsetIndex: hasAlignedPages,
      onChunk: ({ columnName, columnData, rowStart }) => {
        const target = found.get(columnName);
        if (target === undefined) return;
        for (let at = Math.max(0, start - rowStart); at < Math.min(columnData.length, end - rowStart); at++, target.count++) target.values[rowStart + at - start] = columnData[at];
      },
    });
    for (const [name, { count }] of found) if (count !== end - start) throw new Error(`column ${quote(name)} has ${count} values in ${end - start} rows`);
    return new Map(Array.from(found, ([name, { values }]) => [name, values]));
  }

  #requireCodecs(names: readonly string[]): void {
    for (const { meta_data: chunk } of this.#metadata.row_groups.flatMap((group) => group.columns)) {
      const [name] = chunk?.path_in_schema ?? [];
      if (chunk === undefined || name === undefined || !names.includes(name) || chunk.codec === "UNCOMPRESSED" || chunk.codec in compressors) continue;
      throw new FormatError(this.#ranges.name, `it is compressed with ${chunk.codec}, which cannot be read`, { column: name }, { fix: "write it with SNAPPY, ZSTD, GZIP, BROTLI or LZ4_RAW" });
    }
  }
}

/** Opens a file whose ranges are given. @throws FormatError if it is not a Parquet file. */
export async function parquetFile(operation: string, ranges: NamedRanges): Promise<ParquetFile> {
  try {
    const metadata = await reading(operation, ranges.name, async () => {
      if (ranges.byteLength < 12) throw new Error(`it has ${ranges.byteLength} bytes`);
      const read = await parquetMetadataAsync(ranges, { parsers, geoparquet: false });
      requireRows(read);
      return read;
    });
    return new ParquetFile(ranges, metadata);
  } catch (error) {
    await ranges.close();
    throw error;
  }
}

/** @throws Error unless the row groups have as many rows as the file says. */
function requireRows({ num_rows: said, row_groups: groups }: FileMetaData): void {
  const rows = groups.reduce((sum, group) => sum + Number(group.num_rows), 0);
  if (!Number.isSafeInteger(rows) || rows < 0 || rows !== Number(said)) throw new Error(`it says that it has ${String(said)} rows, and its row groups have ${rows}`);
}

/** Runs a step of the reader, whose errors mean that the file is damaged. */
async function reading<T>(operation: string, source: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (cause) {
    if (cause instanceof FileError || cause instanceof FormatError) throw cause;
    throw new FormatError(source, `${operation} cannot read it as Parquet: ${messageOf(cause)}`, {}, { cause, fix: "it is another format, or damaged" });
  }
}

function valueColumn({ name, kind }: StoredColumn, values: readonly unknown[], type: ColumnType | undefined): ValueColumn {
  const own = kind === "numeric" && !values.some((value) => typeof value === "string") ? "numeric" : "categorical";
  return { name, values, type: type === undefined || type === "skip" ? own : type };
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce((part: unknown, key) => (isPlainObject(part) && Object.hasOwn(part, key) ? part[key] : undefined), value);
}

/** A row as an object. Any name may be that of a column: `__proto__` and `constructor` too are properties of the record itself. */
function recordOf(columns: readonly StoredColumn[], values: readonly (readonly unknown[])[], row: number): TableRecord {
  const record: Record<string, unknown> = {};
  columns.forEach(({ path }, at) => {
    const holder = path.slice(0, -1).reduce((part: Record<string, unknown>, key) => {
      if (!Object.hasOwn(part, key)) own(part, key, {});
      return part[key] as Record<string, unknown>;
    }, record);
    own(holder, path.at(-1) as string, values[at]?.[row] ?? null);
  });
  return record;
}

/** Gives a record a property of its own. Assigning to `__proto__` would change the prototype. */
function own(record: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(record, name, { value, enumerable: true, configurable: true, writable: true });
}
