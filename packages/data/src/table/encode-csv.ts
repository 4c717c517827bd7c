import { ArgumentError } from "@nn/tensor";
import { describeValue, quote, requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { requireMarks } from "../readers/csv-syntax.js";
import { numberOf } from "../readers/number.js";
import type { Table } from "../readers/table.js";
import { requireTable } from "./missing.js";

/** A value of a CSV record; null and NaN are missing values. */
export type CsvField = string | number | boolean | null;

/** Options of {@link csvLine} and {@link encodeCsv}. */
export interface CsvWriteOptions {
  /** The character between fields. Default `,`. */
  readonly delimiter?: string;
  /**
   * What happens to texts that a spreadsheet would run as a formula, such as `=1+1` and `@SUM(A1)`. `"escape"` puts an apostrophe in front,
   * so that a spreadsheet shows them as text; other readers read the apostrophe too. `"keep"` writes them unchanged. Default `"escape"`.
   */
  readonly formulas?: "escape" | "keep";
  /** The text for a missing value (null or NaN). Default: an empty field. */
  readonly missing?: string;
}

const writeOptions: OptionKinds<CsvWriteOptions> = { delimiter: "string", formulas: ["escape", "keep"], missing: "string" };

/**
 * Encodes one record of CSV (RFC 4180), with its line break. Fields are quoted if necessary. Texts that a spreadsheet would run as a
 * formula are escaped by default.
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

/**
 * Encodes a table as CSV: a header, then a record for each row. CSV does not hold the types of columns. So `readCsv` reads texts that look
 * like numbers (`"1e5"`) as numbers, and texts such as `"NA"` as missing values, unless you give it the types and the texts for missing
 * values. With both, and `formulas: "keep"`, it reads the same table.
 *
 * @example
 * ```ts
 * import { encodeCsv, readCsv, Table } from "@nn/data";
 * const table = new Table([{ name: "code", type: "categorical", values: ["1e5", "NA", null] }, { name: "x", type: "numeric", values: Float64Array.of(1, 2, NaN) }]);
 * const text = encodeCsv(table, { formulas: "keep" }); // => "code,x\n1e5,1\nNA,2\n,\n"
 * const same = await readCsv(text, { columns: table.columnTypes, missing: "keep", missingValues: [""] });
 * same.categorical("code"); // => ["1e5", "NA", null]
 * ```
 * @throws ArgumentError if a text equals the text for missing values, or a number is infinite.
 */
export function encodeCsv(table: Table, options: CsvWriteOptions = {}): string {
  requireTable("encodeCsv", table);
  requireOptions("encodeCsv", options, writeOptions);
  const { missing = "" } = options;
  const lines = [lineOf("encodeCsv", table.names, options)];
  for (let row = 0; row < table.length; row++) {
    const fields = table.columns.map(({ name, values }) => requireReadable(values[row] ?? null, name, row, missing));
    lines.push(lineOf("encodeCsv", fields, options));
  }
  return lines.join("");
}

/** Refuses values that could not be read back. */
function requireReadable(value: string | number | null, column: string, row: number, missing: string): string | number | null {
  const what = `encodeCsv: row ${row} of column ${quote(column)}`;
  if (value === Infinity || value === -Infinity) throw new ArgumentError(`${what} is ${value}, which CSV readers refuse; replace it by NaN, which is written as a missing value`);
  if (typeof value === "string" && value.trim() === missing) {
    throw new ArgumentError(`${what} is ${quote(value)}, which stands for a missing value; choose another text for missing values, such as missing: ${quote(missing === "" ? "NA" : "")}`);
  }
  return value;
}

function lineOf(operation: string, fields: readonly CsvField[], options: CsvWriteOptions): string {
  requireOptions(operation, options, writeOptions);
  requireKind(operation, "fields", fields, "list");
  const { delimiter = ",", formulas = "escape", missing = "" } = options;
  requireMarks(operation, { delimiter, quote: '"' });
  const written = fields.map((field, at) => {
    if (field === null || Number.isNaN(field)) return quotedIf(missing, delimiter);
    if (typeof field === "number") return Object.is(field, -0) ? "-0" : String(field);
    if (typeof field === "boolean") return String(field);
    if (typeof field !== "string") throw new ArgumentError(`${operation}: field ${at} is ${describeValue(field)}, expected a text, a number, true, false or null`);
    const text = formulas === "escape" && isFormula(field) ? `'${field}` : field;
    return quotedIf(text, delimiter);
  });
  // A record of one empty field would be a blank line, which many readers ignore.
  return `${written.length === 1 && written[0] === "" ? '""' : written.join(delimiter)}\n`;
}

/** Quotes a text if it needs quotes, also if it contains another delimiter that readers detect. */
function quotedIf(text: string, delimiter: string): string {
  return /["\r\n,;\t|]/.test(text) || text.includes(delimiter) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Texts that begin as formulas do (OWASP, CSV injection), except numbers with a sign. */
function isFormula(text: string): boolean {
  return /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r]/.test(text) && Number.isNaN(numberOf(text)) && Number.isNaN(numberOf(text, "comma"));
}
