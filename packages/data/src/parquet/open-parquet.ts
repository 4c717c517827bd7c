import { requireKind, requireOptions } from "@nn/tensor/extend";
import type { Table } from "../readers/table.js";
import { parquetFile, tableOptions, type ParquetFile, type ParquetTableOptions } from "./parquet-file.js";
import { fileRanges, rangesOf, type ParquetSource } from "./parquet-source.js";

/** Options of {@link openParquet}. */
export interface ParquetOpenOptions {
  /** The name of the input in messages. Default: the name of a `File`, or of the function. */
  readonly name?: string;
}

/** Options of {@link readParquet}. */
export interface ParquetOptions extends ParquetOpenOptions, ParquetTableOptions {}

/**
 * Opens a Parquet file: reads its description at the end, and later what is asked for. Files compressed with Snappy, Zstandard, gzip, Brotli and LZ4 are read.
 * @throws FormatError if it is not a Parquet file.
 */
export async function openParquet(source: ParquetSource, options: ParquetOpenOptions = {}): Promise<ParquetFile> {
  requireOptions("openParquet", options, { name: "string" });
  return parquetFile("openParquet", rangesOf("openParquet", source, options.name));
}

/** {@link openParquet} of a file. Close it after use. */
export async function openParquetFile(path: string, options: ParquetOpenOptions = {}): Promise<ParquetFile> {
  requireOptions("openParquetFile", options, { name: "string" });
  requireKind("openParquetFile", "path", path, "string");
  return parquetFile("openParquetFile", await fileRanges("openParquetFile", path, options.name));
}

/**
 * Reads columns and rows of a Parquet file as a table; see {@link ParquetFile}.
 *
 * @example
 * ```ts
 * import { readParquetFile } from "@nn/data/parquet";
 * const table = await readParquetFile("packages/data/test/parquet/fixtures/flowers.parquet", { select: ["species", "width"], end: 2 });
 * [...table]; // => [{ species: "iris", width: 1.5 }, { species: "rose", width: 2.25 }]
 * ```
 */
export async function readParquet(source: ParquetSource, options: ParquetOptions = {}): Promise<Table> {
  const { name, ...rest } = checked("readParquet", options);
  return tableOf("readParquet", await parquetFile("readParquet", rangesOf("readParquet", source, name)), rest);
}

/** {@link readParquet} of a file. */
export async function readParquetFile(path: string, options: ParquetOptions = {}): Promise<Table> {
  const { name, ...rest } = checked("readParquetFile", options);
  requireKind("readParquetFile", "path", path, "string");
  return tableOf("readParquetFile", await parquetFile("readParquetFile", await fileRanges("readParquetFile", path, name)), rest);
}

function checked(operation: string, options: ParquetOptions): ParquetOptions {
  requireOptions(operation, options, { ...tableOptions, name: "string" });
  return options;
}

async function tableOf(operation: string, file: ParquetFile, options: ParquetTableOptions): Promise<Table> {
  try {
    return await file.readTableAs(operation, options);
  } finally {
    await file.close();
  }
}
