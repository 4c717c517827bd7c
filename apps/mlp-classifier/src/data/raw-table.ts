import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { FormatError, fileChunks, streamCsv } from "@nn/data";
import { systemReason } from "@nn/files";
import { Failure, isSystemError, UsageFailure } from "../failure.js";
import type { DataSettings } from "./data-settings.js";
import type { RawColumns } from "./raw-columns.js";
import { looksLikeParquet, parquetColumns } from "./parquet-columns.js";
import { isRecordsName, looksLikeRecords, recordColumns } from "./records.js";
import { Fingerprinter, type Fingerprint } from "./fingerprint.js";

/** A table that was read from a file. */
export interface RawTable extends RawColumns {
  /** The given path. */
  readonly path: string;
  /** How the file is written. */
  readonly form: TableFileForm;
  readonly source: Fingerprint;
}

/** The forms of files with a table: fields in lines, records as JSON, or columns as Parquet. */
export type TableFileForm = "CSV" | "JSON" | "Parquet";

/** A row in messages: `rows.csv, line 3`. */
export function positionOf({ path, unit, lines }: RawTable, row: number): string {
  return `${path}, ${unit} ${lines[row] ?? "?"}`;
}

/** A listener for the number of bytes read; `total` is undefined for a pipe. */
export interface ReadingListener {
  reading(path: string, bytes: number, total: number | undefined): void;
}

/** The settings for parsing a file. */
export type CsvSettings = Pick<DataSettings, "header" | "delimiter" | "comment" | "skipLines">;

/** A column with fewer distinct texts than this shares equal strings. */
const mostShared = 10_000;

/** Collects the texts of columns; equal texts share one string. */
class TextColumn {
  readonly values: string[] = [];
  #shared: Map<string, string> | undefined = new Map<string, string>();

  add(text: string): void {
    const known = this.#shared?.get(text);
    if (known === undefined) this.#shared?.set(text, text);
    // If values hardly repeat, looking them up saves nothing.
    if (this.#shared?.size === mostShared) this.#shared = undefined;
    this.values.push(known ?? text);
  }
}

/**
 * Reads a table once, from beginning to end, so it may be a pipe; `-` is the standard input. It is a Parquet file, or a CSV file or records as
 * JSON, which may be compressed with gzip.
 * @throws Failure if it cannot be read or is none of them.
 */
export async function readRawTable(path: string, settings: CsvSettings, listener?: ReadingListener): Promise<RawTable> {
  const print = new Fingerprinter();
  const { start, chunks } = await peeked(countedBytes(path, print, listener));
  const form = looksLikeParquet(start) ? "Parquet" : isRecordsName(path) || looksLikeRecords(start) ? "JSON" : "CSV";
  const columns = await parseTable(isStandardInput(path) ? "the standard input" : path, form, chunks, settings, path);
  return { ...columns, path, form, source: print.result };
}

/**
 * The columns of a table that arrives in chunks.
 * @throws Failure if it is not in the form.
 */
export async function parseTable(name: string, form: TableFileForm, chunks: AsyncIterable<Uint8Array>, settings: CsvSettings, path = name): Promise<RawColumns> {
  if (form === "CSV") return csvColumns(name, path, chunks, settings);
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  const bytes = Buffer.concat(all);
  return form === "Parquet" ? parquetColumns(name, bytes) : recordColumns(name, bytes);
}

/** The first characters of a stream, which may be compressed or not be a text, and the stream from its beginning. */
async function peeked(stream: AsyncGenerator<Uint8Array, void, undefined>): Promise<{ readonly start: string; readonly chunks: AsyncIterable<Uint8Array> }> {
  const first = await stream.next();
  if (first.done === true) return { start: "", chunks: stream };
  async function* chunks(chunk: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
    yield chunk;
    yield* stream;
  }
  return { start: new TextDecoder().decode(first.value.subarray(0, 256)), chunks: chunks(first.value) };
}

async function csvColumns(name: string, path: string, chunks: AsyncIterable<Uint8Array>, { header, delimiter, comment, skipLines }: CsvSettings): Promise<RawColumns> {
  const separator = delimiter ?? (/\.(tsv|tab)(\.gz)?$/i.test(path) ? "\t" : undefined);
  const stream = streamCsv(chunks, {
    name, header, skipLines, ...(separator === undefined ? {} : { delimiter: separator }), ...(comment === null ? {} : { comment }),
  });
  try {
    const lines: number[] = [];
    const columns: TextColumn[] = [];
    for await (const { line, fields } of stream) {
      if (lines.length === 0) columns.push(...fields.map(() => new TextColumn()));
      fields.forEach((text, at) => columns[at]?.add(text.trim()));
      lines.push(line);
    }
    if (lines.length === 0) throw new Failure(`${name} has no rows after its header`);
    const names = header ? stream.names : stream.names.map((_, at) => String(at + 1));
    return { delimiter: stream.delimiter ?? ",", names, columns: columns.map(({ values }) => values), lines, unit: "line" };
  } catch (cause) {
    if (cause instanceof FormatError) throw new Failure(forCommandLine(cause), { cause });
    throw cause;
  }
}

/** The message of an error, with its fix as options of the command line. */
function forCommandLine({ message, problem, fix }: FormatError): string {
  if (fix === undefined) return message;
  const told = message.slice(0, -`; ${fix}`.length);
  if (/UTF-8/.test(problem)) return `${told}; save the file as UTF-8`;
  if (/max[A-Z]/.test(fix)) return told;
  const option = (name: string, value: string): string => {
    const text: unknown = JSON.parse(value);
    return `--${name} ${text === "\t" ? "tab" : `'${String(text)}'`}`;
  };
  const words = fix.replace(/, or give the names with header.*/, "").replace(/skipLines: (\d+)/g, "--skip-lines $1")
    .replace(/delimiter: ("[^"]*")/g, (_, value: string) => option("delimiter", value)).replace(/comment: ("[^"]*")/g, (_, value: string) => option("comment", value));
  return `${told}; ${words}`;
}

/** Whether a path means the standard input. Its path can be opened only if it is a pipe; it may also be a socket. */
function isStandardInput(path: string): boolean {
  return path === "-" || path === "/dev/stdin" || path === "/dev/fd/0";
}

/** The name of a source in messages. */
export function sourceName(path: string): string {
  return isStandardInput(path) ? "the standard input" : basename(path);
}

/** The bytes of a file or of the standard input. Reports their number to the listener. */
async function* countedBytes(path: string, print: Fingerprinter, listener: ReadingListener | undefined): AsyncGenerator<Uint8Array, void, undefined> {
  const total = isStandardInput(path) ? undefined : await sizeOf(path);
  let bytes = 0;
  try {
    for await (const chunk of isStandardInput(path) ? standardInput() : fileChunks(path)) {
      print.add(chunk);
      bytes += chunk.length;
      listener?.reading(path, bytes, total);
      yield chunk;
    }
  } catch (cause) {
    if (isSystemError(cause)) throw new Failure(`cannot read ${path}: ${systemReason(cause)}`, { cause });
    throw cause;
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  const status = await stat(path).catch((cause: unknown) => {
    throw new Failure(`cannot read ${path}: ${systemReason(cause)}`, { cause });
  });
  if (status.isDirectory()) throw new UsageFailure(`${path} is a folder; expected a CSV, JSON or Parquet file`);
  return status.isFile() ? status.size : undefined;
}

async function* standardInput(): AsyncGenerator<Uint8Array, void, undefined> {
  if (process.stdin.isTTY) throw new UsageFailure("the input is -, the standard input, but nothing is piped into it");
  for await (const chunk of process.stdin) yield typeof chunk === "string" ? Buffer.from(chunk) : (chunk as Uint8Array);
}
