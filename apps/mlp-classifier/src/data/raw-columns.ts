import type { LosslessNumber } from "lossless-json";

/** A value of a record; a number keeps its digits. */
export type Scalar = LosslessNumber | string | boolean | null;

/** The texts of a table, without surrounding spaces. */
export interface RawColumns {
  /** The delimiter of a CSV file; a comma for records. */
  readonly delimiter: string;
  readonly names: readonly string[];
  /** The values of each column. */
  readonly columns: readonly (readonly string[])[];
  /** The values of each column of records, undefined where a record lacks one; undefined for CSV, which has only texts. */
  readonly scalars?: readonly (readonly (Scalar | undefined)[])[] | undefined;
  /** Where each row begins: its line, or the number of the record in an array. */
  readonly lines: readonly number[];
  readonly unit: "line" | "record";
}
