import type { Tensor } from "@nn/tensor";
import { readCsv, streamCsv, type CsvOptions, type CsvRow, type CsvStreamOptions } from "../readers/csv.js";
import { readIdx } from "../readers/idx.js";
import { readJsonLines, streamJsonLines, type JsonLinesOptions } from "../readers/json-lines.js";
import { encodeNpy, readNpy } from "../readers/npy.js";
import type { Table } from "../readers/table.js";
import { builtin } from "./builtin.js";
import { FileError } from "./file-error.js";
import { writeAtomically } from "./write-atomically.js";

/**
 * The bytes of a file in chunks, for any of the readers.
 * @throws FileError if it cannot be read.
 */
export async function* fileChunks(path: string, operation = "fileChunks"): AsyncGenerator<Uint8Array, void, undefined> {
  const stream = builtin(operation, "node:fs").createReadStream(path, { highWaterMark: 1 << 18 });
  try {
    for await (const chunk of stream) yield chunk as Uint8Array;
  } catch (cause) {
    throw new FileError(operation, "read", path, cause);
  } finally {
    stream.destroy();
  }
}

/** {@link readCsv} of a file, plain or compressed with gzip. */
export function readCsvFile(path: string, options: CsvOptions = {}): Promise<Table> {
  return readCsv(fileChunks(path, "readCsvFile"), { name: path, ...options });
}

/** {@link streamCsv} of a file, plain or compressed with gzip. */
export function streamCsvFile(path: string, options: CsvStreamOptions = {}): AsyncGenerator<CsvRow, void, undefined> {
  return streamCsv(fileChunks(path, "streamCsvFile"), { name: path, ...options });
}

/** {@link readJsonLines} of a file, plain or compressed with gzip. */
export function readJsonLinesFile<Item = unknown>(path: string, options: JsonLinesOptions<Item> = {}): Promise<Item[]> {
  return readJsonLines(fileChunks(path, "readJsonLinesFile"), { name: path, ...options });
}

/** {@link streamJsonLines} of a file, plain or compressed with gzip. */
export function streamJsonLinesFile<Item = unknown>(path: string, options: JsonLinesOptions<Item> = {}): AsyncGenerator<Item, void, undefined> {
  return streamJsonLines(fileChunks(path, "streamJsonLinesFile"), { name: path, ...options });
}

/** {@link readIdx} of a file, plain or compressed with gzip. */
export function readIdxFile(path: string): Promise<Tensor> {
  return readIdx(fileChunks(path, "readIdxFile"), { name: path });
}

/** {@link readNpy} of a file. */
export function readNpyFile(path: string): Promise<Tensor> {
  return readNpy(fileChunks(path, "readNpyFile"), { name: path });
}

/**
 * Writes a tensor as a `.npy` file, for `numpy.load`: either the whole file or none.
 * @throws FileError if it cannot be written.
 */
export async function writeNpyFile(path: string, x: Tensor): Promise<void> {
  await writeAtomically("writeNpyFile", path, encodeNpy(x));
}
