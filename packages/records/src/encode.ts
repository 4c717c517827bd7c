import { ArgumentError } from "@nn/tensor";
import { messageOf, requireKind } from "@nn/tensor/extend";
import { FieldError } from "./fields.js";
import { RecordError } from "./record-error.js";
import { readRecord } from "./record-types.js";
import type { RunRecord } from "./run-record.js";

/**
 * The JSON form of a record: one line without a line break. Numbers that are not finite are the strings `"NaN"`, `"Infinity"` and `"-Infinity"`; −0 becomes 0.
 * @throws ArgumentError if a field is missing, unknown or of another kind.
 *
 * @example
 * ```ts
 * import { decodeRecord, encodeRecord } from "@nn/records";
 *
 * const line = encodeRecord({ type: "scalars", step: 3, time: 0, values: { "training.loss": Infinity } });
 * line; // => '{"type":"scalars","step":3,"time":0,"values":{"training.loss":"Infinity"}}'
 * const record = decodeRecord(line);
 * record.type === "scalars" && record.values["training.loss"]; // => Infinity
 * ```
 */
export function encodeRecord(record: RunRecord): string {
  return encode(requireRecord("encodeRecord", record));
}

/** The same for a checked record. */
export function encode(record: RunRecord): string {
  return JSON.stringify(record, (_, value: unknown) => (typeof value === "number" && !Number.isFinite(value) ? String(value) : value));
}

/**
 * The record of a JSON text; see {@link encodeRecord}.
 * @throws RecordError if it is not a record. The message names the text by `source`.
 */
export function decodeRecord(text: string, source = "decodeRecord"): RunRecord {
  requireKind("decodeRecord", "the text", text, "string");
  requireKind("decodeRecord", "source", source, "string");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new RecordError(source, `the line is not JSON: ${messageOf(cause)}`, { cause });
  }
  return checked(source, value);
}

/**
 * Checks a value that was received as a message, such as `event.data`: a record, or the value of its JSON form.
 * @throws RecordError if it is not a record. The message names the value by `source`.
 */
export function toRecord(value: unknown, source = "toRecord"): RunRecord {
  requireKind("toRecord", "source", source, "string");
  return checked(source, value);
}

function checked(source: string, value: unknown): RunRecord {
  try {
    return readRecord(value);
  } catch (cause) {
    throw cause instanceof FieldError ? new RecordError(source, cause.message) : cause;
  }
}

/** Checks a record that a caller passes. @throws ArgumentError in the name of the operation. */
export function requireRecord(operation: string, value: unknown): RunRecord {
  try {
    return readRecord(value);
  } catch (cause) {
    throw cause instanceof FieldError ? new ArgumentError(`${operation}: ${cause.message}`) : cause;
  }
}
