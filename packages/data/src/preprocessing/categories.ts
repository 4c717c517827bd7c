import { ArgumentError } from "@nn/tensor";
import { describeValue, quote } from "@nn/tensor/extend";
import { FormatError } from "../format-error.js";

/** A category: a string or a number. */
export type Category = string | number;

/**
 * The distinct values in ascending order: first numbers by size, then strings by their UTF-16 code units (the same on every machine).
 * @throws FormatError if a value is missing, or there are no values.
 */
export function categoriesOf(operation: string, values: ArrayLike<Category | null>): Category[] {
  requireValues(operation, values);
  const known = new Set<Category>();
  for (let item = 0; item < values.length; item++) {
    const value = values[item];
    if (value === null || value === undefined || Number.isNaN(value)) throw new FormatError(operation, `the value of item ${item} is missing`);
    if (typeof value !== "string" && typeof value !== "number") throw new ArgumentError(`${operation}: item ${item} is ${describeValue(value)}, expected a string or a number`);
    known.add(value);
  }
  if (known.size === 0) throw new ArgumentError(`${operation}: there are no values to find the categories of`);
  return [...known].toSorted(ascending);
}

/** Refuses anything but a list of categories. */
export function requireValues(operation: string, values: ArrayLike<Category | null>): void {
  if (!Array.isArray(values) && !(ArrayBuffer.isView(values) && "length" in values)) throw new ArgumentError(`${operation}: values are ${describeValue(values)}, expected a list of strings or numbers`);
}

function ascending(a: Category, b: Category): number {
  if (typeof a !== typeof b) return typeof a === "number" ? -1 : 1;
  return a < b ? -1 : 1;
}

/** The error for a value that did not occur in the fit. */
export function unseen(operation: string, value: Category | null | undefined, item: number, categories: readonly Category[]): FormatError {
  const found = value === null || value === undefined ? "a missing value" : typeof value === "string" ? quote(value) : typeof value === "number" ? String(value) : describeValue(value);
  const listed = categories.slice(0, 8).map((each) => (typeof each === "string" ? quote(each) : String(each))).join(", ");
  const rest = categories.length > 8 ? `, … ${categories.length} in all` : "";
  return new FormatError(operation, `item ${item} has ${found}, which did not occur when it was fitted; known are ${listed}${rest}`);
}
