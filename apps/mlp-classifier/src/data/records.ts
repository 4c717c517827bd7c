import { gunzipSync } from "node:zlib";
import { messageOf } from "@nn/tensor/extend";
import { LosslessNumber, parse, stringify } from "lossless-json";
import { Failure } from "../failure.js";
import { quotedName } from "./column-warnings.js";
import type { RawColumns, Scalar } from "./raw-columns.js";

/** Whether a name ends like that of a file with records as JSON or JSON Lines. */
export function isRecordsName(path: string): boolean {
  return /\.(json|jsonl|ndjson)(\.gz)?$/i.test(path);
}

/** Whether a text begins like an object, or an array of objects. */
export function looksLikeRecords(start: string): boolean {
  return /^\uFEFF?\s*(\[\s*)?\{\s*["}]/.test(start);
}

/**
 * The columns of records: an array of objects, or an object on each line (https://jsonlines.org). Every name is a column, in the order
 * of first occurrence. A number keeps its digits, so that none is rounded; a value that a record lacks or that is null is missing.
 * @throws Failure, with the line or the record, if the text is neither, or a value is an object or a list.
 */
export function recordColumns(name: string, bytes: Uint8Array): RawColumns {
  const text = textOf(name, bytes);
  const isArray = text.trimStart().startsWith("[");
  const records = isArray ? arrayOf(name, text) : (singleOf(text) ?? linesOf(name, text));
  if (records.length === 0) throw new Failure(`${name} has no records`);
  const unit = isArray ? "record" : "line";
  const columns = new Map<string, (Scalar | undefined)[]>();
  records.forEach(({ value, line }, row) => {
    if (typeof value !== "object" || value === null || Array.isArray(value) || value instanceof LosslessNumber) {
      throw new Failure(`${name}, ${unit} ${line}: found ${stringify(value) ?? "nothing"}, expected an object with a value for each column, such as {"size": 1.5}`);
    }
    for (const [key, each] of Object.entries(value)) {
      const column = columns.get(key) ?? Array<undefined>(row).fill(undefined);
      columns.set(key, column);
      column.push(scalarOf(each, `${name}, ${unit} ${line}, column ${quotedName(key)}`));
    }
    for (const column of columns.values()) if (column.length === row) column.push(undefined);
  });
  if (columns.size === 0) throw new Failure(`${name}: its records have no values`);
  const scalars = [...columns.values()];
  return { names: [...columns.keys()], columns: scalars.map((column) => column.map(textOfScalar)), scalars, lines: records.map(({ line }) => line), delimiter: ",", unit };
}

function textOf(name: string, bytes: Uint8Array): string {
  try {
    const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
    return new TextDecoder("utf-8", { fatal: true }).decode(plain);
  } catch (cause) {
    const problem = cause instanceof TypeError ? "is not UTF-8; save the file as UTF-8" : `cannot be decompressed: ${messageOf(cause)}`;
    throw new Failure(`${name} ${problem}`, { cause });
  }
}

/** A value, and the number of its line or record. */
interface Numbered {
  readonly value: unknown;
  readonly line: number;
}

function arrayOf(name: string, text: string): readonly Numbered[] {
  const values = parsed(name, text, 1);
  return Array.isArray(values) ? values.map((value: unknown, at) => ({ value, line: at + 1 })) : [];
}

/** The record of a text that is one object, perhaps over several lines. */
function singleOf(text: string): readonly Numbered[] | undefined {
  try {
    return [{ value: parse(text), line: 1 }];
  } catch {
    return undefined;
  }
}

function linesOf(name: string, text: string): readonly Numbered[] {
  return text.split("\n").flatMap((each, at) => (each.trim() === "" ? [] : [{ value: parsed(name, each, at + 1), line: at + 1 }]));
}

/** Unlike JSON.parse, refuses an object with a key twice, and keeps the digits of numbers. */
function parsed(name: string, text: string, line: number): unknown {
  try {
    return parse(text);
  } catch (cause) {
    const message = messageOf(cause);
    const position = /^(.*) at position (\d+)$/s.exec(message);
    const before = position === null ? 0 : text.slice(0, Number(position[2])).split("\n").length - 1;
    throw new Failure(`${name}, line ${line + before}: ${position?.[1] ?? message}; a file has one array of records, or a record on each line`, { cause });
  }
}

function scalarOf(value: unknown, position: string): Scalar {
  if (value === null || typeof value === "string" || typeof value === "boolean" || value instanceof LosslessNumber) return value;
  throw new Failure(`${position}: found ${Array.isArray(value) ? "a list" : "an object"}, expected a number, a text, true, false or null; write its parts as columns of their own`);
}

/** A value as the text that CSV would have. */
function textOfScalar(value: Scalar | undefined): string {
  if (value === null || value === undefined) return "";
  return value instanceof LosslessNumber ? value.value : String(value).trim();
}
