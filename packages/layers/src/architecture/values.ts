import { UsageError } from "@nn/tensor";
import { describeValue, isPlainObject, quote } from "@nn/tensor/extend";
import { Module } from "../module.js";

/**
 * An argument of a constructor as JSON. An object has one key, which says what it is: `{ module: n }` is module n of the description, `{ number: "Infinity" }` a number that JSON does not have,
 * `{ record: {…} }` a plain object.
 */
export type DescribedValue =
  | string | number | boolean | null | readonly DescribedValue[]
  | { readonly module: number } | { readonly number: string } | { readonly record: Readonly<Record<string, DescribedValue>> };

/** Numbers that JSON does not have. */
const specialNumbers: Readonly<Record<string, number>> = { "NaN": Number.NaN, "Infinity": Infinity, "-Infinity": -Infinity, "-0": -0 };

/** Arguments that are nested deeper are taken to contain themselves. */
const deepest = 100;

/** Writes an argument down. `reference` gives the number of a module. @throws UsageError for a value that a file cannot hold. */
export function encodeValue(value: unknown, where: string, reference: (module: Module, where: string) => number, depth = 0): DescribedValue {
  if (depth > deepest) throw new UsageError(`describeModel: ${where} is nested more than ${deepest} deep, or contains itself`);
  if (value instanceof Module) return { module: reference(value, where) };
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number") {
    if (Number.isFinite(value) && !Object.is(value, -0)) return value;
    return { number: Object.is(value, -0) ? "-0" : String(value) };
  }
  if (Array.isArray(value)) return value.map((each, at) => encodeValue(each, `${where}[${at}]`, reference, depth + 1));
  if (!isPlainObject(value)) {
    throw new UsageError(`describeModel: ${where} is ${describeValue(value)}, expected numbers, strings, booleans, null, modules, and lists and plain objects of these`);
  }
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return { record: Object.fromEntries(entries.map(([key, each]) => [key, encodeValue(each, `${where}.${key}`, reference, depth + 1)])) };
}

/** The argument that was written down. `moduleAt` gives the module of a number. @throws UsageError for what {@link encodeValue} does not write. */
export function decodeValue(value: unknown, where: string, moduleAt: (at: unknown) => Module | undefined, depth = 0): unknown {
  if (depth > 2 * deepest) throw new UsageError(`buildModel: ${where} is nested more than ${deepest} deep`);
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (Array.isArray(value)) return value.map((each, at) => decodeValue(each, `${where}[${at}]`, moduleAt, depth + 1));
  const [[kind, content] = [], ...others] = isPlainObject(value) ? Object.entries(value) : [];
  if (others.length === 0) {
    if (kind === "number" && typeof content === "string" && Object.hasOwn(specialNumbers, content)) return specialNumbers[content];
    if (kind === "record" && isPlainObject(content)) return Object.fromEntries(Object.entries(content).map(([key, each]) => [key, decodeValue(each, `${where}.${key}`, moduleAt, depth + 1)]));
    const module = kind === "module" ? moduleAt(content) : undefined;
    if (module !== undefined) return module;
  }
  throw new UsageError(`buildModel: ${where} is ${quote(JSON.stringify(value) ?? typeof value)}, which describes no value`);
}
