import { FormatError, quoted } from "../format-error.js";
import { parseNumber } from "./number.js";
import type { Column } from "./table.js";

/** How the values of a column are read; `"skip"` leaves the column out. */
export type ColumnType = "numeric" | "categorical" | "skip";

/** Rows after which the type of a column that was not declared is settled. */
const rowsToInfer = 1000;

/** Share of numbers from which on a column counts as one of numbers with errors in it. */
const mostlyNumbers = 0.9;

interface Cell {
  readonly text: string | null;
  readonly line: number;
}

/** Collects the values of one column. A missing value comes as null. */
export class ColumnBuilder {
  readonly #name: string;
  readonly #source: string;
  readonly #declared: boolean;
  #type: ColumnType | undefined;
  /** Cells of a column whose type is not settled yet. */
  #undecided: Cell[] = [];
  #numbers = new Float64Array(64);
  #length = 0;
  readonly #texts: (string | null)[] = [];

  constructor(name: string, source: string, type: ColumnType | undefined) {
    this.#name = name;
    this.#source = source;
    this.#type = type;
    this.#declared = type !== undefined;
  }

  add(text: string | null, line: number): void {
    if (this.#type === "numeric") this.#addNumber(text, line);
    else if (this.#type === "categorical") this.#texts.push(text);
    else if (this.#type === undefined) {
      this.#undecided.push({ text, line });
      if (this.#undecided.length === rowsToInfer) this.#settle();
    }
  }

  /** The column, or undefined if it is left out. */
  finish(): Column | undefined {
    if (this.#type === undefined) this.#settle();
    if (this.#type === "skip") return undefined;
    if (this.#type === "numeric") return { name: this.#name, type: "numeric", values: this.#numbers.slice(0, this.#length) };
    return { name: this.#name, type: "categorical", values: this.#texts };
  }

  /** Numbers if all known values are numbers; if nearly all are, the others are errors; else texts. */
  #settle(): void {
    const known = this.#undecided.filter(({ text }) => text !== null);
    const numbers = known.filter(({ text }) => !Number.isNaN(parseNumber(text ?? "")));
    this.#type = numbers.length >= mostlyNumbers * known.length ? "numeric" : "categorical";
    const cells = this.#undecided;
    this.#undecided = [];
    for (const { text, line } of cells) this.add(text, line);
  }

  #addNumber(text: string | null, line: number): void {
    const value = text === null ? Number.NaN : parseNumber(text);
    if (text !== null && Number.isNaN(value)) throw this.#notANumber(text, line);
    if (this.#length === this.#numbers.length) {
      const grown = new Float64Array(2 * this.#length);
      grown.set(this.#numbers);
      this.#numbers = grown;
    }
    this.#numbers[this.#length++] = value;
  }

  #notANumber(text: string, line: number): FormatError {
    const why = this.#declared ? "expected a number" : "expected a number like the other values; if the column holds categories, declare it as \"categorical\"";
    return new FormatError(this.#source, `found ${quoted(text)}, ${why}`, { line, column: this.#name });
  }
}
