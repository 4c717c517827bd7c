import { quote } from "@nn/tensor/extend";
import { FormatError } from "../format-error.js";
import { chooseStyle, fitStyles, type StyleEvidence, type StyleFit } from "./infer-columns.js";
import { hasLeadingZeros, numberOf, numberStyles, problemOf, type NumberStyle } from "./number.js";
import type { Column } from "./table.js";

/** How the values of a column are read; `"skip"` ignores the column. */
export type ColumnType = "numeric" | "categorical" | "skip";

/** The type of an undeclared column is chosen after this many known values. */
const valuesToInfer = 1000;

/** Collects the values of one column. A missing value is null. */
export class ColumnBuilder {
  readonly #name: string;
  readonly #source: string;
  readonly #declared: ColumnType | undefined;
  readonly #allowed: readonly NumberStyle[];
  #type: ColumnType | undefined;
  #style: NumberStyle = "point";
  /** The styles that fitted when the type was chosen. */
  #settled: StyleFit | undefined;
  /** Values of a column whose type is not chosen yet, and their lines. */
  #pending: (string | null)[] = [];
  #lines: number[] = [];
  #known = 0;
  #numbers = new Float64Array(16);
  #length = 0;
  readonly #texts: (string | null)[] = [];

  constructor(name: string, source: string, type: ColumnType | undefined, numbers: NumberStyle | "auto") {
    this.#name = name;
    this.#source = source;
    this.#declared = type;
    this.#allowed = numbers === "auto" ? numberStyles : [numbers];
    if (type === "skip" || type === "categorical" || (type === "numeric" && numbers !== "auto")) this.#settle(type, this.#allowed[0] ?? "point");
  }

  add(text: string | null, line: number): void {
    if (this.#type === "numeric") this.#addNumber(text, line);
    else if (this.#type === "categorical") this.#texts.push(text);
    else if (this.#type === undefined) {
      this.#pending.push(text);
      this.#lines.push(line);
      if (text === null || ++this.#known !== valuesToInfer) return;
      const fit = this.#fit();
      // If the values are ambiguous, the style is chosen at the end, with the evidence of the other columns.
      if (fit.ambiguous === undefined || !this.#isNumeric(fit)) this.#settleAs(fit, fit.styles[0] ?? "point");
    }
  }

  /** The styles that fit, as evidence for other columns; undefined if there are no numbers. */
  get fit(): StyleFit | undefined {
    if (this.#settled !== undefined) return this.#settled;
    return this.#type === undefined && this.#known > 0 ? this.#fit() : undefined;
  }

  /**
   * The column, or undefined if it is skipped.
   * @throws FormatError if its numbers can be read in two ways and there is no evidence for either.
   */
  finish(evidence: StyleEvidence): Column | undefined {
    if (this.#type === undefined) {
      const fit = this.#fit();
      const style = chooseStyle(fit, evidence);
      if (style === undefined && this.#isNumeric(fit)) throw this.#undecided(fit);
      this.#settleAs(fit, style ?? "point");
    }
    if (this.#type === "skip") return undefined;
    if (this.#type === "categorical") return { name: this.#name, type: "categorical", values: this.#texts };
    return { name: this.#name, type: "numeric", values: this.#numbers.slice(0, this.#length), ...(this.#style === "point" ? {} : { style: this.#style }) };
  }

  #fit(): StyleFit {
    return fitStyles(this.#pending.filter((text) => text !== null), this.#allowed);
  }

  #isNumeric({ isNumeric }: StyleFit): boolean {
    return this.#declared === "numeric" || isNumeric;
  }

  #settleAs(fit: StyleFit, style: NumberStyle): void {
    this.#settled = this.#isNumeric(fit) ? fit : undefined;
    this.#settle(this.#isNumeric(fit) ? "numeric" : "categorical", style);
  }

  #settle(type: ColumnType, style: NumberStyle): void {
    this.#type = type;
    this.#style = style;
    const [texts, lines] = [this.#pending, this.#lines];
    this.#pending = [];
    this.#lines = [];
    texts.forEach((text, at) => this.add(text, lines[at] as number));
  }

  #addNumber(text: string | null, line: number): void {
    const value = text === null ? Number.NaN : numberOf(text, this.#style);
    if (text !== null && (Number.isNaN(value) || (this.#declared === undefined && hasLeadingZeros(text)))) throw this.#notANumber(text, line);
    if (this.#length === this.#numbers.length) {
      const grown = new Float64Array(2 * this.#length);
      grown.set(this.#numbers);
      this.#numbers = grown;
    }
    this.#numbers[this.#length++] = value;
  }

  #notANumber(text: string, line: number): FormatError {
    const position = { line, column: this.#name };
    const problem = problemOf(text, this.#style);
    if (problem !== undefined) {
      return new FormatError(this.#source, `found ${quote(text)}, ${problem}; expected a finite number`, position, { fix: `declare the column as "categorical" to keep its texts, or list the value in missingValues` });
    }
    if (!Number.isNaN(numberOf(text, this.#style))) {
      return new FormatError(this.#source, `found ${quote(text)}, whose leading zeros a number loses`, position, { fix: 'declare the column as "categorical" to keep its texts, or as "numeric"' });
    }
    if (this.#declared === "numeric") return new FormatError(this.#source, `found ${quote(text)}, expected a number`, position);
    return new FormatError(this.#source, `found ${quote(text)}, expected a number like the other values`, position, {
      fix: 'if the column holds categories, declare it as "categorical", or list the text in missingValues',
    });
  }

  #undecided({ ambiguous = "", conflicting }: StyleFit): FormatError {
    const [point, comma] = [numberOf(ambiguous, "thousands"), numberOf(ambiguous, "comma")];
    const line = this.#lines[this.#pending.indexOf(ambiguous)];
    const other = conflicting === undefined ? "" : `, and the column also holds ${quote(conflicting)}`;
    return new FormatError(this.#source, `${quote(ambiguous)} may be ${point} (thousands) or ${comma} (decimal comma)${other}`, { column: this.#name, ...(line === undefined ? {} : { line }) }, {
      fix: 'say which with numbers: "thousands" or numbers: "comma"',
    });
  }
}
