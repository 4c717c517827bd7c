import { Printable, quote, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { readCsvFile, readRecordsFile, streamJsonLinesFile } from "../files/read-file.js";
import { FormatError, listed } from "../format-error.js";
import type { TableRecord } from "../readers/records.js";
import { Table, type Column } from "../readers/table.js";
import { dropMissing, isMissingAt } from "../table/missing.js";
import { openParquetFile, readParquetFile } from "./open-parquet.js";
import type { ParquetTableOptions } from "./parquet-file.js";

/** Options of {@link DatasetSplit.readTable}. */
export interface SplitTableOptions extends Pick<ParquetTableOptions, "select" | "columns" | "missing"> {}

const tableOptions: OptionKinds<SplitTableOptions> = { select: "list", columns: "any", missing: ["error", "keep", "dropRow"] };

/** The files of a split of a data set; `datasetFolder` finds them. */
export class DatasetSplit extends Printable {
  readonly name: string;
  /** Their paths, in order. */
  readonly files: readonly string[];

  /** @internal */
  constructor(name: string, files: readonly string[]) {
    super();
    this.name = name;
    this.files = files;
  }

  /**
   * Reads all files as one table. Options are those of `readCsv` and `readParquet`.
   * @throws FormatError if files differ in their columns, or for the errors of their readers.
   */
  async readTable(options: SplitTableOptions = {}): Promise<Table> {
    requireOptions("DatasetSplit.readTable", options, tableOptions);
    const tables: Table[] = [];
    for (const file of this.files) tables.push(await this.#table(file, options, tables[0]));
    return joined(tables, this.files);
  }

  /** Reads the records of all files one after another. Parquet files and JSON Lines need not fit into memory. */
  async *records(): AsyncGenerator<TableRecord, void, undefined> {
    for (const file of this.files) yield* recordsOf(file);
  }

  /** A description: the name and the number of files. */
  override toString(): string {
    return `DatasetSplit ${quote(this.name)} of ${this.files.length} files`;
  }

  async #table(file: string, { select, ...options }: SplitTableOptions, first: Table | undefined): Promise<Table> {
    if (isParquet(file)) return readParquetFile(file, { ...options, ...(select === undefined ? {} : { select }) });
    // What the first file says about a column holds for all: digits alone may be texts.
    const columns = { ...first?.columnTypes, ...options.columns };
    const read = async (missing: SplitTableOptions["missing"] = "error"): Promise<Table> => (isCsv(file) ? readCsvFile(file, { missing, columns }) : readRecordsFile(file, { missing, columns }));
    if (select === undefined) return read(options.missing);
    // What other columns lack does not matter.
    return withoutMissing((await read("keep")).select(select), file, options.missing);
  }
}

function withoutMissing(table: Table, file: string, policy: SplitTableOptions["missing"] = "error"): Table {
  if (policy === "keep") return table;
  if (policy === "dropRow") return dropMissing(table);
  for (const column of table.columns) {
    const row = Array.from({ length: table.length }, (_, at) => at).find((at) => isMissingAt(column, at));
    if (row !== undefined) throw new FormatError(file, `row ${row} has no value`, { column: column.name }, { fix: 'use missing: "keep" or "dropRow" to allow it' });
  }
  return table;
}

const isParquet = (file: string): boolean => file.toLowerCase().endsWith(".parquet");
const isCsv = (file: string): boolean => /\.[ct]sv(\.gz)?$/i.test(file);

async function* recordsOf(file: string): AsyncGenerator<TableRecord, void, undefined> {
  if (isParquet(file)) {
    const opened = await openParquetFile(file);
    try {
      yield* opened.records();
    } finally {
      await opened.close();
    }
  } else if (/\.(jsonl|ndjson)(\.gz)?$/i.test(file)) yield* streamJsonLinesFile<TableRecord>(file);
  else yield* isCsv(file) ? await readCsvFile(file, { missing: "keep" }) : await readRecordsFile(file, { missing: "keep" });
}

function joined(tables: readonly Table[], files: readonly string[]): Table {
  const [first, ...others] = tables;
  if (first === undefined || others.length === 0) return first ?? new Table([]);
  others.forEach(({ columns }, at) => {
    const differing = first.columns.find(({ name, type }) => !columns.some((column) => column.name === name && column.type === type)) ?? columns.find(({ name }) => !first.names.includes(name));
    if (differing === undefined) return;
    const [found, expected] = [columns.map(({ name, type }) => `${name} ${type}`), first.columns.map(({ name, type }) => `${name} ${type}`)];
    throw new FormatError(files[at + 1] ?? "", `it has the columns ${listed(found)}, the first file ${listed(expected)}`, { column: differing.name }, { fix: "files of a split must have the same columns" });
  });
  return new Table(first.columns.map((column) => joinedColumn(column, tables)), {
    rows: tables.reduce((sum, { dropped }) => sum + dropped.rows, 0),
    missing: Object.fromEntries(first.names.map((name) => [name, tables.reduce((sum, { dropped }) => sum + (dropped.missing[name] ?? 0), 0)])),
  });
}

function joinedColumn({ name, type }: Column, tables: readonly Table[]): Column {
  if (type === "categorical") return { name, type, values: tables.flatMap((table) => table.categorical(name)) };
  const values = new Float64Array(tables.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const table of tables) {
    values.set(table.numeric(name), at);
    at += table.length;
  }
  return { name, type, values };
}
