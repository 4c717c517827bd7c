import { ArgumentError } from "@nn/tensor";
import { describeValue, requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { hasLeadingZeros, numberOf, numberStyles, type NumberStyle } from "./number.js";

/** A column with at least this fraction of numbers is numeric; its other values are errors. */
const mostlyNumbers = 0.9;

/** The styles in which most texts of a column are numbers. */
export interface StyleFit {
  /** Texts that are numbers in each of the styles. */
  readonly count: number;
  readonly styles: readonly NumberStyle[];
  /** Whether enough texts are numbers for a numeric column. */
  readonly isNumeric: boolean;
  /** A text that is a different number in different styles. */
  readonly ambiguous: string | undefined;
  /** Another such text with the other mark: `1.037` beside `1,037`. One of them has thousands, so the column is not written in one way. */
  readonly conflicting: string | undefined;
}

/** Other evidence of how the numbers of a file are written. */
export interface StyleEvidence {
  /** Whether another column certainly has a decimal comma. */
  readonly comma: boolean;
  /** Whether another column certainly has a decimal point. */
  readonly point: boolean;
  /** The character between fields; undefined for one column. */
  readonly delimiter: string | undefined;
  /** The style of the column in an earlier file. */
  readonly earlier?: NumberStyle | undefined;
}

/** Finds the styles that fit the known texts of a column. */
export function fitStyles(texts: readonly string[], allowed: readonly NumberStyle[] = numberStyles): StyleFit {
  const isNumber = (text: string, style: NumberStyle): boolean => !hasLeadingZeros(text) && !Number.isNaN(numberOf(text, style));
  const counts = allowed.map((style) => ({ style, count: texts.reduce((sum, text) => sum + (isNumber(text, style) ? 1 : 0), 0) }));
  const count = Math.max(0, ...counts.map((each) => each.count));
  const styles = counts.filter((each) => each.count === count).map((each) => each.style);
  const [first = "point", ...others] = styles;
  const isAmbiguous = (text: string): boolean => isNumber(text, first) && others.some((style) => numberOf(text, style) !== numberOf(text, first));
  const ambiguous = texts.find(isAmbiguous);
  const conflicting = ambiguous === undefined ? undefined : texts.find((text) => text.includes(",") !== ambiguous.includes(",") && isAmbiguous(text));
  return { count, styles, isNumeric: count >= mostlyNumbers * texts.length, ambiguous, conflicting };
}

/** The evidence of columns about the decimal mark of their file. */
export function evidenceOf(fits: readonly StyleFit[]): Pick<StyleEvidence, "comma" | "point"> {
  const sure = fits.filter(({ isNumeric, count }) => isNumeric && count > 0);
  return { comma: sure.some(({ styles }) => styles.length === 1 && styles[0] === "comma"), point: sure.some(({ styles }) => !styles.includes("comma")) };
}

/**
 * Chooses the style of a column. If several styles fit, the evidence is, in this order: the other columns; an earlier file; `1.037` has a
 * decimal point; `1,037` has thousands if fields are separated by commas, and a decimal comma if they are separated by semicolons.
 * Undefined without evidence. For `1.037` beside `1,037` only the first two are evidence.
 */
export function chooseStyle({ styles, ambiguous, conflicting }: StyleFit, { comma, point, delimiter, earlier }: StyleEvidence): NumberStyle | undefined {
  const [first] = styles;
  if (ambiguous === undefined) return first;
  const withPoint = styles.find((style) => style !== "comma");
  if (comma !== point) return comma ? "comma" : withPoint;
  if (earlier !== undefined && styles.includes(earlier)) return earlier;
  if (first === "point") return first;
  if (conflicting !== undefined) return undefined;
  return delimiter === "," ? withPoint : delimiter === ";" ? "comma" : undefined;
}

/** How a column of texts is read. */
export interface InferredColumn {
  /** Numeric if at least nine tenths of the known texts are numbers. Whole numbers with leading zeros (007) count as texts. */
  readonly type: "numeric" | "categorical";
  /** How the numbers are written; undefined if two styles fit and there is no evidence for either. */
  readonly style: NumberStyle | undefined;
  /** Texts that are numbers in this style. */
  readonly count: number;
  /** A text that another style reads as another number, if neither the numbers of the file nor an earlier file give evidence. */
  readonly ambiguous?: string;
}

/** Options of {@link inferColumns}. */
export interface InferOptions {
  /** The character between the fields of the file: the evidence if the numbers are ambiguous. */
  readonly delimiter?: string;
  /** How numbers are written. Default `"auto"`: it is detected for each column. */
  readonly numbers?: NumberStyle | "auto";
  /** The style of each column in an earlier file. It takes precedence over the delimiter. */
  readonly earlier?: readonly (NumberStyle | undefined)[];
}

const inferOptions: OptionKinds<InferOptions> = { delimiter: "string", numbers: ["auto", "point", "comma", "thousands"], earlier: "list" };

/**
 * Detects which columns of texts hold numbers, and how these are written; null is a missing value. `readCsv` uses the same rules.
 *
 * @example
 * ```ts
 * import { inferColumns } from "@nn/data";
 * const columns = inferColumns([["1,037", "2,400"], ["0,5", "12,25"], ["007", "012"]]);
 * columns.map(({ type, style }) => [type, style]); // => [["numeric", "comma"], ["numeric", "comma"], ["categorical", "point"]]
 * ```
 */
export function inferColumns(columns: readonly (readonly (string | null)[])[], options: InferOptions = {}): InferredColumn[] {
  requireOptions("inferColumns", options, inferOptions);
  requireKind("inferColumns", "columns", columns, "list");
  const { delimiter, numbers = "auto", earlier = [] } = options;
  earlier.forEach((style, at) => {
    if (style !== undefined) requireKind("inferColumns", `earlier[${at}]`, style, numberStyles);
  });
  const fits = columns.map((column, at) => {
    requireKind("inferColumns", `columns[${at}]`, column, "list");
    return fitStyles(column.filter((text, row) => requireText(text, at, row) !== null) as string[], numbers === "auto" ? numberStyles : [numbers]);
  });
  const evidence = { ...evidenceOf(fits), delimiter: columns.length > 1 ? delimiter : undefined };
  return fits.map((fit, at) => {
    const style = chooseStyle(fit, { ...evidence, earlier: earlier[at] });
    return { type: fit.isNumeric && fit.count > 0 ? "numeric" : "categorical", style, count: fit.count, ...doubt(fit, { ...evidence, earlier: earlier[at] }) };
  });
}

/** The ambiguous text of a column, if only the delimiter or the default gives evidence of its style. */
function doubt({ ambiguous, styles }: StyleFit, { comma, point, earlier, delimiter }: StyleEvidence): { readonly ambiguous?: string } {
  const isDecided = comma !== point || (earlier !== undefined && styles.includes(earlier)) || (styles[0] === "point" && delimiter === ",");
  return ambiguous === undefined || isDecided ? {} : { ambiguous };
}

function requireText(text: unknown, column: number, row: number): unknown {
  if (text === null || typeof text === "string") return text;
  throw new ArgumentError(`inferColumns: row ${row} of column ${column} is ${describeValue(text)}, expected a string or null`);
}
