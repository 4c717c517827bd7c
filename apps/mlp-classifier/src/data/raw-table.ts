import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { constants, gunzipSync } from "node:zlib";
import { FormatError, fileChunks, streamCsv } from "@nn/data";
import { systemReason } from "@nn/files";
import { Failure, isSystemError, UsageFailure } from "../failure.js";
import { Fingerprinter, type Fingerprint } from "./fingerprint.js";

/** A table as it stands in a file: texts only, without spaces around them. */
export interface RawTable {
  /** The path as it was given. */
  readonly path: string;
  readonly delimiter: string;
  readonly names: readonly string[];
  /** The values of each column. */
  readonly columns: readonly (readonly string[])[];
  /** The line that each row begins on. */
  readonly lines: readonly number[];
  readonly source: Fingerprint;
}

/** Is told how much of a file is read; `total` is unknown of a pipe. */
export interface ReadingListener {
  reading(path: string, bytes: number, total: number | undefined): void;
}

/** How a table is read from a file. */
export interface RawReading {
  /** Whether the first line has the names of the columns. */
  readonly header: boolean;
  readonly listener?: ReadingListener | undefined;
}

/** Bytes that tell the character between the fields. */
const headBytes = 1 << 16;

/** A column with fewer different texts than this holds each of them once only. */
const mostShared = 10_000;

/** Texts of columns, equal ones held once. */
class TextColumn {
  readonly values: string[] = [];
  #shared: Map<string, string> | undefined = new Map<string, string>();

  add(text: string): void {
    const known = this.#shared?.get(text);
    if (known === undefined) this.#shared?.set(text, text);
    // Values that hardly repeat are not worth looking up.
    if (this.#shared?.size === mostShared) this.#shared = undefined;
    this.values.push(known ?? text);
  }
}

/**
 * Reads a CSV file once, from its beginning to its end: it may be a pipe, and `-` is the standard input. It may be compressed with
 * gzip. The character between the fields is found in the first line; `.tsv` files have tabs.
 * @throws Failure if it cannot be read or is no CSV file.
 */
export async function readRawTable(path: string, { header, listener }: RawReading): Promise<RawTable> {
  const print = new Fingerprinter();
  const name = isStandardInput(path) ? "the standard input" : path;
  try {
    const { head, chunks } = await peek(watched(path, print, listener));
    const delimiter = delimiterOf(path, head);
    const names: string[] = [];
    const lines: number[] = [];
    const columns: TextColumn[] = [];
    for await (const { line, values } of streamCsv(chunks, { name, delimiter, header })) {
      const fields = Object.entries(values);
      if (names.length === 0) {
        names.push(...fields.map(([key], at) => (header ? key : String(at + 1))));
        columns.push(...names.map(() => new TextColumn()));
      }
      fields.forEach(([, text], at) => columns[at]?.add(text.trim()));
      lines.push(line);
    }
    if (lines.length === 0) throw new Failure(`${name} has no rows after its header`);
    return { path, delimiter, names, columns: columns.map(({ values }) => values), lines, source: print.result };
  } catch (cause) {
    if (cause instanceof FormatError) throw new Failure(inOurWords(cause), { cause });
    throw cause;
  }
}

/** The message, with what to do about it here in place of options of a function. */
function inOurWords({ message, problem, fix }: FormatError): string {
  if (fix === undefined) return message;
  const told = message.slice(0, -`; ${fix}`.length);
  if (/UTF-8/.test(problem)) return `${told}; save the file as UTF-8`;
  return /^convert|^download/.test(fix) ? message : told;
}

/** Whether a path means what is piped into the program. By its name it could be opened only where it is a pipe, not a socket. */
function isStandardInput(path: string): boolean {
  return path === "-" || path === "/dev/stdin" || path === "/dev/fd/0";
}

/** How messages call a source. */
export function sourceName(path: string): string {
  return isStandardInput(path) ? "the standard input" : basename(path);
}

/** The bytes of a file or of the standard input, on their way to be counted. */
async function* watched(path: string, print: Fingerprinter, listener: ReadingListener | undefined): AsyncGenerator<Uint8Array, void, undefined> {
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
  if (status.isDirectory()) throw new UsageFailure(`${path} is a folder; expected a CSV file`);
  return status.isFile() ? status.size : undefined;
}

async function* standardInput(): AsyncGenerator<Uint8Array, void, undefined> {
  if (process.stdin.isTTY) throw new UsageFailure("the input is -, the standard input, but nothing is piped into it");
  for await (const chunk of process.stdin) yield typeof chunk === "string" ? Buffer.from(chunk) : (chunk as Uint8Array);
}

/** The first bytes, and all of them once more. */
async function peek(chunks: AsyncGenerator<Uint8Array, void, undefined>): Promise<{ readonly head: Uint8Array; readonly chunks: AsyncIterable<Uint8Array> }> {
  const first: Uint8Array[] = [];
  for (let length = 0; length < headBytes; ) {
    const { value } = await chunks.next();
    if (value === undefined) break;
    first.push(value);
    length += value.length;
  }
  async function* all(): AsyncGenerator<Uint8Array, void, undefined> {
    yield* first;
    yield* chunks;
  }
  return { head: Buffer.concat(first), chunks: all() };
}

/** The beginning of a text that may be compressed with gzip. */
function uncompressed(head: Uint8Array): Uint8Array {
  return head[0] === 0x1f && head[1] === 0x8b ? gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH }) : head;
}

/** The character between the fields, by the name of the file, or what every one of the first lines has as often as the first. */
function delimiterOf(path: string, head: Uint8Array): string {
  if (/\.(tsv|tab)(\.gz)?$/i.test(path)) return "\t";
  const lines = Buffer.from(uncompressed(head)).toString("latin1").split("\n").slice(0, 20).filter((line) => line.trim() !== "");
  // Outside quotes; the head may end within a line.
  const counts = (each: string): readonly number[] => lines.slice(0, Math.max(1, lines.length - 1)).map((line) => line.replace(/"[^"]*"/g, "").split(each).length - 1);
  const candidates = [",", ";", "\t", "|"].map((each) => ({ each, counts: counts(each) })).filter(({ counts: [first = 0] }) => first > 0);
  const steady = candidates.filter(({ counts: [first, ...rest] }) => rest.every((count) => count === first));
  const [best] = (steady.length > 0 ? steady : candidates).toSorted((a, b) => (b.counts[0] ?? 0) - (a.counts[0] ?? 0));
  return best?.each ?? ",";
}
