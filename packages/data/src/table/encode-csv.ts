import { ArgumentError } from "@nn/tensor";
import { describeValue, requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { requireMarks } from "../readers/csv-syntax.js";
import { parseNumber } from "../readers/number.js";
import type { Table } from "../readers/table.js";
import { requireTable } from "./missing.js";

/** A value of a CSV record; null and NaN become empty fields. */
export type CsvField = string | number | boolean | null;

/** Options of {@link csvLine} and {@link encodeCsv}. */
export interface CsvWriteOptions {
  /** Between fields. Default `,`. */
  readonly delimiter?: string;
  /**
   * What happens to texts that spreadsheets would take for a formula, such as `=1+1` and `@SUM(A1)`: `"escape"` puts an apostrophe in front, which
   * makes them text there, and stays when the file is read as data; `"keep"` leaves them. Default `"escape"`.
   */
  readonly formulas?: "escape" | "keep";
}

const writeOptions: OptionKinds<CsvWriteOptions> = { delimiter: "string", formulas: ["escape", "keep"] };

/**
 * One record of CSV (RFC 4180) with its line break: fields are quoted where they must be. Texts that a spreadsheet would run as a formula
 * are escaped unless the options say otherwise.
 *
 * @example
 * ```ts
 * import { csvLine } from "@nn/data";
 * csvLine(["a,b", 1.5, null, "=1+1", "-5"]); // => "\"a,b\",1.5,,'=1+1,-5\n"
 * ```
 */
export function csvLine(fields: readonly CsvField[], options: CsvWriteOptions = {}): string {
  return lineOf("csvLine", fields, options);
}

/** A table as CSV: a header, then a record for each row. */
export function encodeCsv(table: Table, options: CsvWriteOptions = {}): string {
  requireTable("encodeCsv", table);
  const lines = [lineOf("encodeCsv", table.names, options)];
  for (let row = 0; row < table.length; row++) lines.push(lineOf("encodeCsv", table.columns.map(({ values }) => values[row] ?? null), options));
  return lines.join("");
}

function lineOf(operation: string, fields: readonly CsvField[], options: CsvWriteOptions): string {
  requireOptions(operation, options, writeOptions);
  requireKind(operation, "fields", fields, "list");
  const { delimiter = ",", formulas = "escape" } = options;
  requireMarks(operation, { delimiter, quote: '"' });
  const written = fields.map((field, at) => {
    if (field === null || Number.isNaN(field)) return "";
    if (typeof field === "number" || typeof field === "boolean") return String(field);
    if (typeof field !== "string") throw new ArgumentError(`${operation}: field ${at} is ${describeValue(field)}, expected a text, a number, true, false or null`);
    const text = formulas === "escape" && isFormula(field) ? `'${field}` : field;
    return /["\r\n]/.test(text) || text.includes(delimiter) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
  });
  // A record of one empty field would be an empty line, which readers leave out.
  return `${written.length === 1 && written[0] === "" ? '""' : written.join(delimiter)}\n`;
}

/** Texts that begin as formulas do (OWASP, CSV injection), numbers with a sign left out. */
function isFormula(text: string): boolean {
  return /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r]/.test(text) && Number.isNaN(parseNumber(text)) && Number.isNaN(parseNumber(text, "comma"));
}
