/**
 * Tables of Parquet files, and data sets of Hugging Face that lie in a folder.
 *
 * @packageDocumentation
 */

export { openParquet, openParquetFile, readParquet, readParquetFile, type ParquetOpenOptions, type ParquetOptions } from "./open-parquet.js";
export { ParquetFile, type ParquetSelection, type ParquetTableOptions } from "./parquet-file.js";
export type { ParquetColumn, ParquetKind } from "./parquet-columns.js";
export type { ByteRanges, ParquetSource } from "./parquet-source.js";
export { datasetFolder, type DatasetFolder, type DatasetFolderOptions } from "./dataset-folder.js";
export { DatasetSplit, type SplitTableOptions } from "./dataset-split.js";
