import { inferColumns, numberProblem, parseNumber, similarCategories, type ColumnDescription, type InferOptions, type NumberStyle } from "@nn/data";
import { escapeControls } from "@nn/tensor/extend";
import { counted, grouped } from "../terminal/format.js";

/** Columns of fewer rows get no warnings about identifiers and rare categories. */
const fewestRows = 10;

/** More categories than this make a column worth a warning. */
const manyCategories = 100;

/** Categories that are more than this fraction of the rows hardly repeat. */
const hardlyRepeating = 0.4;

/** A target with more distinct numbers than this looks like a quantity instead of classes. */
const manyNumbers = 20;

/** Lists the first of many names. */
export function listed(names: readonly string[], most = 12): string {
  const shown = names.slice(0, most).map((name) => escapeControls(name)).join(", ");
  return names.length > most ? `${shown} and ${grouped(names.length - most)} more` : shown;
}

export function quotedName(name: string): string {
  return JSON.stringify(escapeControls(name));
}

/** Whether a text is a whole number with leading zeros, such as 007. A number would lose them. */
export function hasLeadingZeros(text: string): boolean {
  return /^[+-]?0\d+$/.test(text);
}

/** Warns of a target whose numbers look like a quantity. */
export function quantityWarnings(name: string, numbers: readonly number[]): string[] {
  const distinct = new Set(numbers).size;
  const fractions = numbers.some((value) => !Number.isInteger(value));
  if (distinct <= manyNumbers && !(fractions && distinct > 5)) return [];
  return [`${quotedName(name)} looks like a quantity: it has ${grouped(distinct)} different numbers. A classifier treats each as a class of its own, and ignores their order.`];
}

/** Warns of numbers that look like an identifier, or can be read in another way. */
export function numberWarnings(name: string, numbers: readonly number[], ambiguous: string | undefined, style: NumberStyle): string[] {
  const warnings: string[] = [];
  const counting = numbers.length >= fewestRows && numbers.every((value, at) => at === 0 || value === (numbers[at - 1] ?? 0) + 1);
  const unique = numbers.length >= fewestRows && new Set(numbers).size === numbers.length && numbers.every(Number.isInteger) && /(^|[^a-z])(id|key|number|no|nr|code|index)([^a-z]|$)|Id$|ID$/i.test(name);
  if (counting || unique) warnings.push(`${quotedName(name)} looks like an identifier: ${counting ? "it counts the rows" : "every row has a number of its own"}. To ignore it, add --ignore ${name}.`);
  if (ambiguous !== undefined) {
    warnings.push(`${quotedName(name)} has values such as ${ambiguous}, which are read as ${parseNumber(ambiguous, style)}. To read them as ${parseNumber(ambiguous, style === "comma" ? "thousands" : "comma")}, add --numbers ${style === "comma" ? "thousands" : "comma"}.`);
  }
  return warnings;
}

/** Warns of categories that are written in several ways, and of too many categories. */
export function categoryWarnings(name: string, known: readonly string[], { distinct }: ColumnDescription, isTarget: boolean): string[] {
  const warnings: string[] = [];
  const alike = similarCategories(known);
  for (const group of alike.slice(0, 3)) warnings.push(`${quotedName(name)} has values that differ only by case or spaces: ${group.map((each) => JSON.stringify(escapeControls(each))).join(", ")}. They count as different.`);
  if (alike.length > 3) warnings.push(`${quotedName(name)} has ${grouped(alike.length - 3)} more such groups.`);
  if (!isTarget && (distinct > manyCategories || (known.length >= fewestRows && distinct > hardlyRepeating * known.length))) {
    warnings.push(`${quotedName(name)} has ${grouped(distinct)} categories in ${counted(known.length, "row")}, each of which becomes a feature${distinct > hardlyRepeating * known.length ? " that hardly any other row has" : ""}. To ignore it, add --ignore ${name}.`);
  }
  return warnings;
}

/** Warns of texts that are not read as numbers only because of a sign, leading zeros or too many digits. */
export function textNumberWarnings(name: string, known: readonly string[], options: InferOptions): string[] {
  const areNumbers = (texts: readonly string[]): boolean => known.length > 0 && inferColumns([texts], options)[0]?.count === texts.length;
  const zeros = known.find(hasLeadingZeros);
  if (zeros !== undefined && areNumbers(known.map((text) => (hasLeadingZeros(text) ? "0" : text)))) {
    return [`${quotedName(name)} has numbers with leading zeros, such as ${zeros}, which are read as texts. To read them as numbers, add --numeric ${name}.`];
  }
  const long = known.find((text) => numberProblem(text) === "a number with more digits than float64 holds");
  if (long !== undefined && areNumbers(known.map((text) => (numberProblem(text) === undefined ? text : "0")))) {
    return [`${quotedName(name)} has whole numbers with more digits than a number holds, such as ${long}, which are read as texts.`];
  }
  const bare = known.map((text) => text.replace(/^[+-]?[$€£¥]\s*|\s*[$€£¥%]$/gu, ""));
  const signed = known.find((text, at) => text !== bare[at]);
  if (signed === undefined || !areNumbers(bare)) return [];
  return [`${quotedName(name)} has numbers with a sign, such as ${escapeControls(signed)}, which are read as texts. Without the sign they are numbers.`];
}
