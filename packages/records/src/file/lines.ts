import { decodeRecord } from "../encode.js";
import { RecordError } from "../record-error.js";
import type { RunRecord } from "../run-record.js";

/** The file of a run's folder that holds its records: JSON, one to a line. */
export const recordFileName = "records.jsonl";

/** The first line of a file. */
export const header = JSON.stringify({ format: "nn-records", version: 1 });

/** The longest allowed line, so that a file of another kind does not use up all memory. */
export const longestLine = 64 * 1024 * 1024;

/** The byte that ends a line. */
export const newline = 0x0a;

/** The complete lines, and their length in bytes. The text after the last line break is left out: it is being written, or its process was killed. */
export function wholeLines(bytes: Uint8Array): { readonly lines: readonly string[]; readonly length: number } {
  const length = bytes.lastIndexOf(newline) + 1;
  const text = new TextDecoder().decode(bytes.subarray(0, length));
  return { lines: text.split("\n").slice(0, -1), length };
}

/** Reads lines in order; `first` is the number of the first one, from 1. @throws RecordError that names the file and the line. */
export function recordsOf(lines: readonly string[], path: string, first: number): RunRecord[] {
  const records: RunRecord[] = [];
  for (const [at, line] of lines.entries()) {
    if (first + at === 1) requireHeader(line, path);
    else records.push(decodeRecord(line, `${path}, line ${first + at}`));
  }
  return records;
}

function requireHeader(line: string, path: string): void {
  if (line === header) return;
  const version = /^\{"format":"nn-records","version":(\d+)\}$/.exec(line)?.[1];
  throw new RecordError(path, version === undefined ? `the first line is not ${header}: the file holds no records` : `its version is ${version}, expected 1: it is of a newer release`);
}
