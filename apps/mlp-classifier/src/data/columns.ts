import { parseDate, similarCategories } from "@nn/data";
import { z } from "zod";
import { Failure, UsageFailure } from "../failure.js";
import { counted, grouped } from "../terminal/format.js";
import { didYouMean, escapeControls } from "@nn/tensor/extend";
import { dateOrderOf, dateOrderSchema, datePartSchema, dateParts } from "./dates.js";
import { shorten } from "../terminal/style.js";
import { isMissing, numberHints, numberStyleSchema, parseNumber, styleOf, type NumberHints } from "./numbers.js";
import type { RawTable } from "./raw-table.js";

/** How a column is read, for this file and for those that come later; saved with the model. */
export const columnPlanSchema = z.discriminatedUnion("kind", [
  z.object({ name: z.string(), kind: z.literal("number"), style: numberStyleSchema }),
  z.object({ name: z.string(), kind: z.literal("category") }),
  z.object({ name: z.string(), kind: z.literal("date"), order: dateOrderSchema, parts: z.array(datePartSchema) }),
]);

export type ColumnPlan = z.infer<typeof columnPlanSchema>;

/** What a column is taken for. */
export interface ColumnReport {
  readonly name: string;
  readonly role: "feature" | "class" | "left out";
  readonly kind: "number" | "category" | "date" | "text" | "constant" | "empty" | "ignored";
  /** Different values, missing ones not counted. */
  readonly distinct: number;
  /** Rows that lack a value. */
  readonly missing: number;
  /** What else there is to know. */
  readonly detail: string;
}

/** How the columns of a table are read, and what a person should know of it. */
export interface ColumnDecision {
  readonly plans: readonly ColumnPlan[];
  readonly reports: readonly ColumnReport[];
  readonly warnings: readonly string[];
}

/** What the settings say about columns. */
export interface ColumnChoices {
  readonly target: string;
  readonly ignore: readonly string[] | null;
  readonly categorical: readonly string[] | null;
  readonly numeric: readonly string[] | null;
}

/** From this fraction of numbers on, another value counts as a mistake. */
const mostlyNumbers = 0.9;

/** A text column of at least so many rows whose values nearly all differ tells one row from another, and nothing of classes. */
const fewestRows = 10;
const nearlyAll = 0.9;

/** More categories than this make a column worth a warning. */
const manyCategories = 100;

/** More different numbers than this look like a quantity where classes are expected. */
const manyNumbers = 20;

/** The largest number of single precision. */
const largestNumber = 3.4028234663852886e38;

/**
 * Decides what each column is: a number, a category, a date, or nothing to learn from.
 * @throws UsageFailure if a setting names no column, Failure naming line and column of a value that does not fit the others.
 */
export function decideColumns(table: RawTable, choices: ColumnChoices): ColumnDecision {
  requireColumns(table, choices);
  const hints = numberHints(table.columns);
  const decided = table.names.map((name, at) => new ColumnDecider(table, at, hints, choices).decide(name));
  const warnings = decided.flatMap(({ warnings: own }) => own);
  return { plans: decided.flatMap(({ plan }) => (plan === undefined ? [] : [plan])), reports: decided.map(({ report }) => report), warnings };
}

function requireColumns({ path, names }: RawTable, { target, ignore, categorical, numeric }: ColumnChoices): void {
  const named = (flag: string, list: readonly string[] | null): (readonly [string, string])[] => (list ?? []).map((name) => [flag, name] as const);
  const all = [["--target", target] as const, ...named("--ignore", ignore), ...named("--categorical", categorical), ...named("--numeric", numeric)];
  for (const [flag, name] of all) {
    if (names.includes(name)) continue;
    const header = names.filter((each) => !Number.isNaN(parseNumber(each, "point"))).length > names.length / 2 ? "; the first line looks like values: --no-header takes it as such" : "";
    throw new UsageFailure(`${flag} ${name}: ${path} has no such column; it has ${listed(names)}${header || didYouMean(name, names)}`);
  }
  if (ignore?.includes(target) === true) throw new UsageFailure(`--ignore ${target}: it is the --target`);
  const twice = categorical?.find((name) => numeric?.includes(name) === true);
  if (twice !== undefined) throw new UsageFailure(`--categorical ${twice}: it is in --numeric as well`);
}

/** The first names of many. */
export function listed(names: readonly string[], most = 12): string {
  const shown = names.slice(0, most).map((name) => escapeControls(name)).join(", ");
  return names.length > most ? `${shown} and ${grouped(names.length - most)} more` : shown;
}

interface Decided {
  readonly plan?: ColumnPlan;
  readonly report: ColumnReport;
  readonly warnings: readonly string[];
}

class ColumnDecider {
  readonly #table: RawTable;
  readonly #values: readonly string[];
  readonly #known: readonly string[];
  readonly #distinct: number;
  readonly #hints: NumberHints;
  readonly #choices: ColumnChoices;

  constructor(table: RawTable, at: number, hints: NumberHints, choices: ColumnChoices) {
    this.#table = table;
    this.#values = table.columns[at] ?? [];
    this.#known = this.#values.filter((text) => !isMissing(text));
    this.#distinct = new Set(this.#known).size;
    this.#hints = hints;
    this.#choices = choices;
  }

  decide(name: string): Decided {
    const { target, ignore, categorical, numeric } = this.#choices;
    if (ignore?.includes(name) === true) return this.#leftOut(name, "ignored", "as --ignore says");
    if (this.#known.length === 0 && name !== target) return this.#leftOut(name, "empty", "it has no values");
    if (numeric?.includes(name) === true) return this.#number(name, true);
    if (categorical?.includes(name) === true) return this.#category(name);
    const { count } = styleOf(this.#known, this.#table.delimiter, this.#hints);
    if (name === target) return count === this.#known.length && count > 0 ? this.#number(name, false) : this.#category(name);
    if (this.#distinct === 1) return this.#leftOut(name, "constant", `always ${escapeControls(this.#known[0] ?? "")}`);
    if (count >= mostlyNumbers * this.#known.length) return this.#number(name, false);
    const date = dateOrderOf(this.#known);
    if (date !== undefined) return this.#date(name, date);
    if (this.#known.length >= fewestRows && this.#distinct >= nearlyAll * this.#known.length) return this.#text(name);
    return this.#category(name);
  }

  #report(name: string, kind: ColumnReport["kind"], detail: string, more: Partial<ColumnReport> = {}): ColumnReport {
    const role = name === this.#choices.target ? "class" : "feature";
    return { name, role, kind, distinct: this.#distinct, missing: this.#values.length - this.#known.length, detail, ...more };
  }

  #leftOut(name: string, kind: ColumnReport["kind"], detail: string): Decided {
    return { report: this.#report(name, kind, detail, { role: "left out" }), warnings: [] };
  }

  #number(name: string, declared: boolean): Decided {
    const { style } = styleOf(this.#known, this.#table.delimiter, this.#hints);
    const numbers = this.#known.map((text) => parseNumber(text, style));
    const wrong = numbers.filter((value) => Number.isNaN(value)).length;
    if (!declared && wrong > 0) throw this.#notANumber(name, this.#known[numbers.findIndex((value) => Number.isNaN(value))] ?? "");
    const huge = numbers.findIndex((value) => Math.abs(value) > largestNumber);
    if (huge >= 0) throw this.#tooLarge(name, this.#known[huge] ?? "");
    const written = this.#known.some((text) => text.includes(",")) ? `, ${style === "comma" ? "decimal comma" : "thousands with commas"}` : "";
    const outside = wrong > 0 ? `, ${counted(wrong, "value")} that ${wrong === 1 ? "is" : "are"} no number` : "";
    const low = numbers.reduce((a, b) => (b < a ? b : a), Infinity);
    const high = numbers.reduce((a, b) => (b > a ? b : a), -Infinity);
    const report = this.#report(name, "number", `${Number(low.toPrecision(4))} to ${Number(high.toPrecision(4))}${written}${outside}`, { missing: this.#values.length - this.#known.length + wrong });
    return { plan: { name, kind: "number", style }, report, warnings: name === this.#choices.target ? this.#quantity(name, numbers) : this.#numberWarnings(name, numbers, style) };
  }

  #quantity(name: string, numbers: readonly number[]): string[] {
    const fractions = numbers.some((value) => !Number.isInteger(value));
    if (this.#distinct <= manyNumbers && !(fractions && this.#distinct > 5)) return [];
    return [`${quotedName(name)} looks like a quantity: it has ${grouped(this.#distinct)} different numbers. A classifier takes each for a class of its own, and nothing of their order.`];
  }

  #numberWarnings(name: string, numbers: readonly number[], style: string): string[] {
    const warnings: string[] = [];
    const counting = numbers.length >= fewestRows && numbers.every((value, at) => at === 0 || value === (numbers[at - 1] ?? 0) + 1);
    const whole = numbers.length >= fewestRows && this.#distinct === numbers.length && numbers.every(Number.isInteger) && /(^|[^a-z])(id|key|number|no|nr|code|index)([^a-z]|$)|Id$|ID$/i.test(name);
    if (counting || whole) warnings.push(`${quotedName(name)} looks like an identifier: ${counting ? "it counts the rows" : "every row has a number of its own"}. --ignore ${name} leaves it out.`);
    const unclear = this.#known.filter((text) => text.includes(","));
    if (unclear.length > 0 && unclear.every((text) => /^[+-]?[1-9]\d{0,2},\d{3}$/.test(text)) && !this.#hints.decimalComma && !this.#hints.decimalPoint) {
      const [example = ""] = unclear;
      warnings.push(`${quotedName(name)} has values such as ${example}, which are read as ${parseNumber(example, style === "comma" ? "comma" : "thousands")}.`);
    }
    return warnings;
  }

  #category(name: string): Decided {
    const warnings: string[] = [];
    const alike = similarCategories(this.#known);
    for (const group of alike.slice(0, 3)) warnings.push(`${quotedName(name)} has values that differ only by case or spaces: ${group.map((each) => JSON.stringify(escapeControls(each))).join(", ")}. They count as different.`);
    if (alike.length > 3) warnings.push(`${quotedName(name)} has ${grouped(alike.length - 3)} more such groups.`);
    if (name !== this.#choices.target && (this.#distinct > manyCategories || (this.#known.length >= fewestRows && this.#distinct > this.#known.length / 2))) {
      warnings.push(`${quotedName(name)} has ${grouped(this.#distinct)} categories in ${counted(this.#known.length, "row")}, each of which becomes a feature. --ignore ${name} leaves it out.`);
    }
    warnings.push(...this.#signs(name));
    const detail = name === this.#choices.target ? "" : listed([...new Set(this.#known)].toSorted().map((value) => shorten(value, 24)), this.#distinct > 6 ? 4 : 6);
    return { plan: { name, kind: "category" }, report: this.#report(name, "category", detail), warnings };
  }

  /** Numbers with the sign of a currency or of a percentage are texts. */
  #signs(name: string): string[] {
    const bare = this.#known.map((text) => text.replace(/^[+-]?[$€£¥]\s*|\s*[$€£¥%]$/gu, ""));
    const example = this.#known.find((text, at) => text !== bare[at]);
    if (example === undefined || styleOf(bare, this.#table.delimiter, this.#hints).count < bare.length) return [];
    return [`${quotedName(name)} has numbers with a sign, such as ${escapeControls(example)}, which count as texts; without the sign they are numbers.`];
  }

  #date(name: string, { order, ambiguous }: NonNullable<ReturnType<typeof dateOrderOf>>): Decided {
    const dates = this.#known.flatMap((text) => parseDate(text, order) ?? []);
    const parts = dateParts.filter((part) => dates.some((date) => date[part] !== dates[0]?.[part]));
    const orders = { ymd: "year, month, day", dmy: "day, month, year", mdy: "month, day, year" } as const;
    const warnings = ambiguous ? [`${quotedName(name)} has dates such as ${this.#known[0] ?? ""}, which are read as ${orders[order]}.`] : [];
    return { plan: { name, kind: "date", order, parts }, report: this.#report(name, "date", `taken apart into ${parts.join(", ")}`), warnings };
  }

  #text(name: string): Decided {
    const warning = `${quotedName(name)} is left out: nearly every row has a text of its own (${grouped(this.#distinct)} in ${counted(this.#known.length, "row")}), as names and identifiers have. --categorical ${name} takes it nevertheless.`;
    return { report: this.#report(name, "text", "nearly as many values as rows", { role: "left out" }), warnings: [warning] };
  }

  #notANumber(name: string, text: string): Failure {
    return new Failure(`${this.#place(name, text)}: ${JSON.stringify(text)} is no number, as the other values are; correct it, or take it as missing with --numeric ${name}, or take the column as categories with --categorical ${name}`);
  }

  #tooLarge(name: string, text: string): Failure {
    return new Failure(`${this.#place(name, text)}: ${text} is too large: single precision ends at 3.4e38; correct it, or leave the column out with --ignore ${name}`);
  }

  #place(name: string, text: string): string {
    return `${this.#table.path}, line ${this.#table.lines[this.#values.indexOf(text)] ?? "?"}, column ${JSON.stringify(name)}`;
  }
}

function quotedName(name: string): string {
  return JSON.stringify(escapeControls(name));
}
