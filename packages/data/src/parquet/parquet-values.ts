import type { ParquetParsers } from "hyparquet";
import { FormatError } from "../format-error.js";
import type { StoredColumn } from "./parquet-columns.js";

/** How the reader converts values: dates and times become texts as in ISO 8601, JSON stays a text. */
export const parsers: Partial<ParquetParsers> = {
  dateFromDays: (days) => isoText(days * 86_400_000).replace(/T.*$/, ""),
  timestampFromMilliseconds: (value) => timeText(value, 1_000n, 3),
  timestampFromMicroseconds: (value) => timeText(value, 1_000_000n, 6),
  timestampFromNanoseconds: (value) => timeText(value, 1_000_000_000n, 9),
  jsonFromBytes: (bytes) => new TextDecoder().decode(bytes),
};

/** A point in time as `2024-02-29T13:45:00`, with the digits of a fraction if there is one. */
function timeText(value: bigint, perSecond: bigint, digits: number): string {
  const fraction = ((value % perSecond) + perSecond) % perSecond;
  const seconds = Number((value - fraction) / perSecond);
  return `${isoText(seconds * 1000).replace(/\.\d+Z$/, "")}${fraction === 0n ? "" : `.${String(fraction).padStart(digits, "0")}`}`;
}

/** A date as in ISO 8601. Years before 0 and after 9999 have a sign and six digits. */
function isoText(milliseconds: number): string {
  const date = new Date(milliseconds);
  if (Number.isNaN(date.getTime())) throw new RangeError("a date is more than 100 million days from 1970-01-01, further than dates of JavaScript go");
  return date.toISOString();
}

/** Units of a time of day in a second. */
const timeUnits = { MILLIS: 1e3, MICROS: 1e6, NANOS: 1e9 } as const;

/**
 * Converts the values of a column to numbers, texts, booleans and bytes. Times of day become seconds.
 * @param first - the row of the first value, for messages.
 * @throws FormatError if a whole number is beyond 2⁵³ and `largeIntegers` is `"error"`.
 */
export function convertValues({ name, kind, element }: StoredColumn, values: readonly unknown[], { source, first, largeIntegers }: ConversionOptions): unknown[] {
  const { converted_type: converted, logical_type: logical } = element;
  const unit = logical?.type === "TIME" ? timeUnits[logical.unit] : converted === "TIME_MILLIS" ? timeUnits.MILLIS : converted === "TIME_MICROS" ? timeUnits.MICROS : undefined;
  if (unit !== undefined) return values.map((value) => (typeof value === "number" || typeof value === "bigint" ? Number(value) / unit : value));
  const isUtc = logical?.type === "TIMESTAMP" ? logical.isAdjustedToUTC : converted === "TIMESTAMP_MILLIS" || converted === "TIMESTAMP_MICROS";
  if (isUtc) return values.map((value) => (typeof value === "string" ? `${value}Z` : value));
  // Texts that only an annotation tells from bytes.
  if (kind === "categorical" && values.some((value) => value instanceof Uint8Array)) return values.map((value) => (value instanceof Uint8Array ? new TextDecoder().decode(value) : value));
  const large = values.findIndex((value) => typeof value === "bigint" && !Number.isSafeInteger(Number(value)));
  if (large >= 0 && largeIntegers === "error") {
    throw new FormatError(source, `row ${first + large} has ${String(values[large])}, which has more digits than float64 holds`, { column: name }, { fix: 'read the column as texts with largeIntegers: "text"' });
  }
  return values.map((value) => (typeof value === "bigint" ? (large >= 0 ? String(value) : Number(value)) : value));
}

/** How values are converted. */
export interface ConversionOptions {
  readonly source: string;
  readonly first: number;
  readonly largeIntegers: "error" | "text";
}
