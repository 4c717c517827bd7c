/** The texts of a table, without surrounding spaces. */
export interface RawColumns {
  /** The delimiter of a CSV file; a comma for records. */
  readonly delimiter: string;
  readonly names: readonly string[];
  /** The values of each column. */
  readonly columns: readonly (readonly string[])[];
  /** Where each row begins: its line, or the number of the record in an array. */
  readonly lines: readonly number[];
  readonly unit: "line" | "record";
}
