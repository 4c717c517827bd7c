import { encodeNpy, FileError, writeAtomically, type NpyOptions } from "@nn/files";
import { builtin } from "@nn/files/builtin";
import type { Tensor } from "@nn/tensor";
import { requireKind } from "@nn/tensor/extend";
import { readCsvAs, streamCsvAs, type CsvOptions, type CsvStream, type CsvStreamOptions } from "../readers/csv.js";
import { readIdxAs } from "../readers/idx.js";
import type { ReaderOptions } from "../readers/input.js";
import { readJsonLinesAs, streamJsonLinesAs, type JsonLinesOptions } from "../readers/json-lines.js";
import { streamLinesAs, type LinesOptions } from "../readers/lines.js";
import { readNpyAs } from "../readers/npy.js";
import { readRecordsAs, type RecordOptions } from "../readers/records.js";
import type { Table } from "../readers/table.js";

/**
 * The bytes of a file in chunks, for any of the readers.
 * @throws FileError if it cannot be read.
 */
export function fileChunks(path: string, operation = "fileChunks"): AsyncGenerator<Uint8Array, void, undefined> {
  requireKind(operation, "path", path, "string");
  return chunksOf(path, operation);
}

async function* chunksOf(path: string, operation: string): AsyncGenerator<Uint8Array, void, undefined> {
  const { createReadStream } = builtin(operation, "node:fs");
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 })) yield chunk as Uint8Array;
  } catch (cause) {
    throw new FileError(operation, "read", path, cause);
  }
}

/** Adds the path as the name in messages, unless the options have a name. The reader checks the options. */
function named<Options extends ReaderOptions>(path: string, options: Options): Options {
  return typeof options === "object" && options !== null && !Array.isArray(options) && options.name === undefined ? { ...options, name: path } : options;
}

/** `readCsv` of a file, plain or compressed with gzip. */
export async function readCsvFile(path: string, options: CsvOptions = {}): Promise<Table> {
  return readCsvAs("readCsvFile", fileChunks(path, "readCsvFile"), named(path, options));
}

/** `streamCsv` of a file, plain or compressed with gzip. */
export function streamCsvFile(path: string, options: CsvStreamOptions = {}): CsvStream {
  return streamCsvAs("streamCsvFile", fileChunks(path, "streamCsvFile"), named(path, options));
}

/** `readJsonLines` of a file, plain or compressed with gzip. */
export async function readJsonLinesFile<Item = unknown>(path: string, options: JsonLinesOptions<Item> = {}): Promise<Item[]> {
  return readJsonLinesAs("readJsonLinesFile", fileChunks(path, "readJsonLinesFile"), named(path, options));
}

/** `streamJsonLines` of a file, plain or compressed with gzip. */
export function streamJsonLinesFile<Item = unknown>(path: string, options: JsonLinesOptions<Item> = {}): AsyncGenerator<Item, void, undefined> {
  return streamJsonLinesAs("streamJsonLinesFile", fileChunks(path, "streamJsonLinesFile"), named(path, options));
}

/** `streamLines` of a file, plain or compressed with gzip. */
export function streamLinesFile(path: string, options: LinesOptions = {}): AsyncGenerator<string, void, undefined> {
  return streamLinesAs("streamLinesFile", fileChunks(path, "streamLinesFile"), named(path, options));
}

/** `readRecords` of a file, plain or compressed with gzip. */
export async function readRecordsFile(path: string, options: RecordOptions = {}): Promise<Table> {
  return readRecordsAs("readRecordsFile", fileChunks(path, "readRecordsFile"), named(path, options));
}

/** `readIdx` of a file, plain or compressed with gzip. */
export async function readIdxFile(path: string, options: ReaderOptions = {}): Promise<Tensor> {
  return readIdxAs("readIdxFile", fileChunks(path, "readIdxFile"), named(path, options));
}

/** `readNpy` of a file, plain or compressed with gzip. */
export async function readNpyFile(path: string, options: ReaderOptions = {}): Promise<Tensor> {
  return readNpyAs("readNpyFile", fileChunks(path, "readNpyFile"), named(path, options));
}

/**
 * Writes a tensor as a `.npy` file, for `numpy.load`: either the whole file or none.
 * @throws FileError if it cannot be written.
 */
export async function writeNpyFile(path: string, x: Tensor, options: NpyOptions = {}): Promise<void> {
  requireKind("writeNpyFile", "path", path, "string");
  await writeAtomically("writeNpyFile", path, encodeNpy("writeNpyFile", x, options));
}
