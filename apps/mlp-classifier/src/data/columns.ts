import { describeColumns, numberProblem, parseNumber, planDates, Table, type Column, type ColumnDescription, type InferredColumn, type NumberStyle } from "@nn/data";
import { didYouMean, escapeControls } from "@nn/tensor/extend";
import { Failure, UsageFailure } from "../failure.js";
import { counted, grouped } from "../terminal/format.js";
import { shorten } from "../terminal/style.js";
import { textsOf, type ColumnPlan } from "./column-plan.js";
import { categoryWarnings, hasLeadingZeros, listed, numberWarnings, quantityWarnings, quotedName, textNumberWarnings } from "./column-warnings.js";
import type { DataSettings } from "./data-settings.js";
import { dateFormatOf, dateOrders } from "./dates.js";
import { inferNumbers, numberIn } from "./numbers.js";
import { positionOf, type RawTable } from "./raw-table.js";

/** How a column is read, for the output and the report. */
export interface ColumnReport {
  readonly name: string;
  readonly role: "feature" | "class" | "ignored";
  readonly kind: "number" | "category" | "date" | "text" | "constant" | "empty" | "unused";
  /** The number of distinct known values. */
  readonly distinct: number;
  /** The number of rows that lack a value. */
  readonly missing: number;
  /** Other remarks. */
  readonly detail: string;
}

/** How the columns of a table are read, and warnings about them. */
export interface ColumnDecision {
  readonly plans: readonly ColumnPlan[];
  readonly reports: readonly ColumnReport[];
  readonly warnings: readonly string[];
}

/** The settings for reading columns. */
export type ColumnChoices = Pick<DataSettings, "ignore" | "categorical" | "numeric" | "numbers" | "dates"> & { readonly target: string };

/** The largest float32. */
const largestNumber = 3.4028234663852886e38;

/**
 * Decides for each column whether it is a number, a category, a date, or not used.
 * @throws UsageFailure if a setting names a column that does not exist; Failure, with line and column, if a value does not fit the others.
 */
export function decideColumns(table: RawTable, choices: ColumnChoices): ColumnDecision {
  requireColumns(table, choices);
  const texts = textsOf(table);
  const inferred = inferNumbers(table, choices.numbers);
  const decided = table.names.map((name, at) => new ColumnDecider(table, name, texts[at] ?? [], inferred[at] as InferredColumn, choices).decide());
  const warnings = decided.flatMap(({ warnings: own }) => own);
  return { plans: decided.flatMap(({ plan }) => (plan === undefined ? [] : [plan])), reports: decided.map(({ report }) => report), warnings };
}

function requireColumns({ path, names, form }: RawTable, { target, ignore, categorical, numeric }: ColumnChoices): void {
  const named = (flag: string, list: readonly string[] | null): (readonly [string, string])[] => (list ?? []).map((name) => [flag, name] as const);
  const all = [["--target", target] as const, ...named("--ignore", ignore), ...named("--categorical", categorical), ...named("--numeric", numeric)];
  for (const [flag, name] of all) {
    if (names.includes(name)) continue;
    const header = form === "CSV" && names.filter((each) => !Number.isNaN(parseNumber(each))).length > names.length / 2 ? "; the first line looks like values: if there is no header, use --no-header" : "";
    throw new UsageFailure(`${flag} ${name}: ${path} has no such column; it has ${listed(names)}${header || didYouMean(name, names)}`);
  }
  if (ignore?.includes(target) === true) throw new UsageFailure(`--ignore ${target}: it is the --target`);
  const twice = categorical?.find((name) => numeric?.includes(name) === true);
  if (twice !== undefined) throw new UsageFailure(`--categorical ${twice}: it is in --numeric as well`);
}

interface Decided {
  readonly plan?: ColumnPlan;
  readonly report: ColumnReport;
  readonly warnings: readonly string[];
}

/** Decides on one column. */
class ColumnDecider {
  readonly #table: RawTable;
  readonly #name: string;
  readonly #texts: readonly (string | null)[];
  readonly #known: readonly string[];
  readonly #inferred: InferredColumn;
  readonly #choices: ColumnChoices;
  /** The column as texts, described. */
  readonly #described: ColumnDescription;

  constructor(table: RawTable, name: string, texts: readonly (string | null)[], inferred: InferredColumn, choices: ColumnChoices) {
    this.#table = table;
    this.#name = name;
    this.#texts = texts;
    this.#known = texts.filter((text) => text !== null);
    this.#inferred = inferred;
    this.#choices = choices;
    this.#described = describe({ name, type: "categorical", values: texts });
  }

  decide(): Decided {
    const { target, ignore, categorical, numeric } = this.#choices;
    const [name, { kind, isNearlyUnique }] = [this.#name, this.#described];
    if (ignore?.includes(name) === true) return this.#ignored("unused", "as --ignore says");
    if (kind === "empty" && name !== target) return this.#ignored("empty", "it has no values");
    if (numeric?.includes(name) === true) return this.#number(true);
    if (categorical?.includes(name) === true) return this.#category();
    if (name === target) return this.#inferred.count === this.#known.length && this.#inferred.count > 0 ? this.#number(false) : this.#category();
    if (kind === "constant") return this.#ignored("constant", `always ${escapeControls(this.#known[0] ?? "")}`);
    if (this.#inferred.type === "numeric") return this.#number(false);
    const date = dateFormatOf(this.#known, this.#choices.dates);
    if (date !== undefined) return this.#date(date);
    return isNearlyUnique ? this.#text() : this.#category();
  }

  #report(kind: ColumnReport["kind"], detail: string, more: Partial<ColumnReport> = {}): ColumnReport {
    const role = this.#name === this.#choices.target ? "class" : "feature";
    return { name: this.#name, role, kind, distinct: this.#described.distinct, missing: this.#described.missing, detail, ...more };
  }

  #ignored(kind: ColumnReport["kind"], detail: string): Decided {
    return { report: this.#report(kind, detail, { role: "ignored" }), warnings: [] };
  }

  #number(declared: boolean): Decided {
    const name = this.#name;
    const { style } = this.#inferred;
    if (style === undefined) throw this.#undecided();
    const numbers = this.#numbers(style, declared);
    const wrong = numbers.filter((value) => Number.isNaN(value)).length;
    if (!declared && wrong > 0) throw this.#notANumber(this.#known[numbers.findIndex((value) => Number.isNaN(value))] ?? "", style);
    if (wrong === this.#known.length) throw new UsageFailure(`--numeric ${name}: none of its values is a number, such as ${JSON.stringify(this.#known[0] ?? "")}`);
    const huge = numbers.findIndex((value) => Math.abs(value) > largestNumber);
    if (huge >= 0) throw this.#tooLarge(this.#known[huge] ?? "");
    const { minimum = NaN, maximum = NaN } = describe({ name, type: "numeric", values: Float64Array.from(numbers) });
    const written = this.#known.some((text) => text.includes(",")) ? `, ${style === "comma" ? "decimal comma" : "thousands with commas"}` : "";
    const outside = wrong > 0 ? `; ${counted(wrong, "value")} that ${wrong === 1 ? "is not a number counts" : "are not numbers count"} as missing` : "";
    const report = this.#report("number", `${shortNumber(minimum)} to ${shortNumber(maximum)}${written}${outside}`, { missing: this.#described.missing + wrong });
    const warnings = name === this.#choices.target ? quantityWarnings(name, numbers) : numberWarnings(name, numbers, this.#inferred.ambiguous, style);
    return { plan: { name, kind: "number", style }, report, warnings };
  }

  /** The known values as numbers. Leading zeros are dropped if the column is declared numeric; otherwise they are an error. */
  #numbers(style: NumberStyle, declared: boolean): readonly number[] {
    const at = this.#table.names.indexOf(this.#name);
    return this.#texts.flatMap((text, row) => (text === null ? [] : [!declared && hasLeadingZeros(text) ? Number.NaN : numberIn(this.#table, at, row, style)]));
  }

  #category(): Decided {
    const { target, numbers } = this.#choices;
    const name = this.#name;
    const warnings = [
      ...categoryWarnings(name, this.#known, this.#described, name === target),
      ...(name === target ? [] : textNumberWarnings(name, this.#known, { delimiter: this.#table.delimiter, numbers })),
    ];
    const { distinct } = this.#described;
    const detail = name === target ? "" : listed([...new Set(this.#known)].toSorted().map((value) => shorten(value, 24)), distinct > 6 ? 4 : 6);
    return { plan: { name, kind: "category" }, report: this.#report("category", detail), warnings };
  }

  #date({ format, ambiguous }: NonNullable<ReturnType<typeof dateFormatOf>>): Decided {
    const name = this.#name;
    const [{ parts } = { parts: [] }] = planDates(new Table([{ name, type: "categorical", values: this.#texts }]), [name], format);
    const other = format === "dmy" ? "mdy" : "dmy";
    const warnings = ambiguous ? [`${quotedName(name)} has dates such as ${this.#known[0] ?? ""}, which are read as ${dateOrders[format]}. To read them as ${dateOrders[other]}, add --dates ${other === "dmy" ? "day-month" : "month-day"}.`] : [];
    const { dates } = this.#choices;
    if (dates !== "auto" && format === (dates === "day-month" ? "mdy" : "dmy")) warnings.push(`${quotedName(name)} has dates that can only be read as ${dateOrders[format]}, whatever --dates ${dates} says.`);
    return { plan: { name, kind: "date", format, parts: [...parts] }, report: this.#report("date", `split into ${parts.join(", ")}`), warnings };
  }

  #text(): Decided {
    const name = this.#name;
    const warning = `${quotedName(name)} is ignored: nearly every row has a text of its own (${grouped(this.#described.distinct)} in ${counted(this.#known.length, "row")}), as names and identifiers have. To use it, add --categorical ${name}.`;
    const warnings = textNumberWarnings(name, this.#known, { delimiter: this.#table.delimiter, numbers: this.#choices.numbers });
    return { report: this.#report("text", "nearly as many values as rows", { role: "ignored" }), warnings: [warning, ...warnings] };
  }

  #notANumber(text: string, style: NumberStyle): Failure {
    const problem = numberProblem(text, style) ?? (hasLeadingZeros(text) ? "a whole number with leading zeros" : undefined);
    if (problem === "a number too large for float64") return this.#tooLarge(text);
    const is = problem === undefined ? "is not a number" : `is ${problem}`;
    const numeric = hasLeadingZeros(text) ? `read it as a number with --numeric ${this.#name}` : `count it as missing with --numeric ${this.#name}`;
    return new Failure(`${this.#position(text)}: ${JSON.stringify(text)} ${is}, but the other values are numbers; correct it, ${numeric}, or read the column as categories with --categorical ${this.#name}`);
  }

  #tooLarge(text: string): Failure {
    return new Failure(`${this.#position(text)}: ${text} is too large for float32, which ends at 3.4e38; correct it, or ignore the column with --ignore ${this.#name}`);
  }

  #undecided(): Failure {
    const text = this.#inferred.ambiguous ?? "";
    return new Failure(`${this.#position(text)}: ${text} may be ${parseNumber(text, "thousands")} (thousands) or ${parseNumber(text, "comma")} (decimal comma); say which with --numbers thousands or --numbers comma`);
  }

  #position(text: string): string {
    return `${positionOf(this.#table, this.#texts.indexOf(text))}, column ${JSON.stringify(this.#name)}`;
  }
}

function describe(column: Column): ColumnDescription {
  const [description] = describeColumns(new Table([column]));
  return description as ColumnDescription;
}

function shortNumber(value: number): number {
  return Number(value.toPrecision(4));
}
