import { quote } from "@nn/tensor/extend";
import { FormatError } from "../format-error.js";
import { numberProblem, parseNumber, type NumberStyle } from "./number.js";
import type { Column } from "./table.js";

/** How the values of a column are read; `"skip"` leaves the column out. */
export type ColumnType = "numeric" | "categorical" | "skip";

/** Known values after which the type of a column that was not declared is settled. */
const valuesToInfer = 1000;

/** Fraction of numbers from which on a column counts as one of numbers with errors in it. */
const mostlyNumbers = 0.9;

/** In the order in which they are preferred. */
const styles: readonly NumberStyle[] = ["point", "comma", "thousands"];

/** What is known of the whole file when a column is settled. */
export interface FileEvidence {
  /** Styles that other columns have beyond doubt. */
  readonly styles: ReadonlySet<NumberStyle>;
  readonly delimiter: string;
}

/** What the values of a column can be read as. */
interface Verdict {
  readonly type: "numeric" | "categorical";
  /** The styles that fit; more than one where the values alone do not decide. */
  readonly styles: readonly NumberStyle[];
}

/** Collects the values of one column. A missing value comes as null. */
export class ColumnBuilder {
  readonly #name: string;
  readonly #source: string;
  readonly #declared: ColumnType | undefined;
  readonly #allowed: readonly NumberStyle[];
  #type: ColumnType | undefined;
  #style: NumberStyle = "point";
  /** Values of a column that is not settled yet, and the lines that they stand on. */
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
    this.#allowed = numbers === "auto" ? styles : [numbers];
    if (type === "skip" || type === "categorical" || (type === "numeric" && numbers !== "auto")) this.#settle(type, this.#allowed[0] ?? "point");
  }

  add(text: string | null, line: number): void {
    if (this.#type === "numeric") this.#addNumber(text, line);
    else if (this.#type === "categorical") this.#texts.push(text);
    else if (this.#type === undefined) {
      this.#pending.push(text);
      this.#lines.push(line);
      if (text === null || ++this.#known !== valuesToInfer) return;
      const { type, styles: [style = "point", ...others] } = this.#verdict();
      // What the values leave open is decided at the end, by the other columns.
      if (type === "categorical" || others.length === 0) this.#settle(type, style);
    }
  }

  /** The style that the values have beyond doubt. */
  get evidence(): NumberStyle | undefined {
    if (this.#type === "numeric") return this.#style;
    if (this.#type !== undefined || this.#known === 0) return undefined;
    const verdict = this.#verdict();
    return verdict.type === "numeric" && verdict.styles.length === 1 ? verdict.styles[0] : undefined;
  }

  /** The column, or undefined if it is left out. */
  finish({ styles: sure, delimiter }: FileEvidence): Column | undefined {
    if (this.#type === undefined) {
      const { type, styles: fitting } = this.#verdict();
      const usual = delimiter === "," ? "thousands" : "comma";
      const style = fitting.find((each) => each !== "point" && sure.has(each)) ?? (fitting.includes("point") ? "point" : fitting.find((each) => each === usual)) ?? fitting[0];
      this.#settle(type, style ?? "point");
    }
    if (this.#type === "skip") return undefined;
    if (this.#type === "categorical") return { name: this.#name, type: "categorical", values: this.#texts };
    return { name: this.#name, type: "numeric", values: this.#numbers.slice(0, this.#length), ...(this.#style === "point" ? {} : { style: this.#style }) };
  }

  /** Numbers if all known values are numbers in one style; if nearly all are, the others are errors; else texts. */
  #verdict(): Verdict {
    const known = this.#pending.filter((text) => text !== null);
    const count = (style: NumberStyle): number => known.reduce((sum, text) => sum + (Number.isNaN(parseNumber(text, style)) ? 0 : 1), 0);
    const counts = this.#allowed.map((style) => ({ style, count: count(style) }));
    const most = Math.max(...counts.map((each) => each.count));
    const type = this.#declared === "numeric" || most >= mostlyNumbers * known.length ? "numeric" : "categorical";
    const fitting = counts.filter((each) => each.count === most).map((each) => each.style);
    const isPlain = fitting.includes("point") && !known.some((text) => /^[+-]?\d{1,3}(\.\d{3})+$/.test(text.trim()));
    return { type, styles: isPlain ? ["point"] : fitting };
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
    const value = text === null ? Number.NaN : parseNumber(text, this.#style);
    if (text !== null && Number.isNaN(value)) throw this.#notANumber(text, line);
    if (this.#length === this.#numbers.length) {
      const grown = new Float64Array(2 * this.#length);
      grown.set(this.#numbers);
      this.#numbers = grown;
    }
    this.#numbers[this.#length++] = value;
  }

  #notANumber(text: string, line: number): FormatError {
    const problem = numberProblem(text);
    const place = { line, column: this.#name };
    if (problem !== undefined) {
      return new FormatError(this.#source, `found ${quote(text)}, ${problem}; expected a finite number`, place, { fix: `list it in missingValues, or declare the column as "categorical" or "skip"` });
    }
    if (this.#declared === "numeric") return new FormatError(this.#source, `found ${quote(text)}, expected a number`, place);
    return new FormatError(this.#source, `found ${quote(text)}, expected a number like the other values`, place, {
      fix: 'if the column holds categories, declare it as "categorical", or list the text in missingValues',
    });
  }
}
