import { isOwnTensor, type Branded } from "../brand.js";
import { ArgumentError } from "../errors.js";
import { describeValue } from "./describe.js";
import { didYouMean } from "./nearest.js";

/** The kinds of plain values that arguments and options may be: a test for each kind, and its name in messages. */
const kinds = {
  /** The operation checks the value itself. */
  any: [() => true, ""],
  boolean: [(value) => typeof value === "boolean", "true or false"],
  /** Any number but NaN. */
  number: [(value) => typeof value === "number" && value === value, "a number"],
  finite: [Number.isFinite, "a finite number"],
  positive: [(value) => Number.isFinite(value) && (value as number) > 0, "a positive number"],
  nonNegative: [(value) => Number.isFinite(value) && (value as number) >= 0, "a number, at least 0"],
  probability: [(value) => typeof value === "number" && value >= 0 && value <= 1, "a number from 0 to 1"],
  integer: [Number.isSafeInteger, "a whole number"],
  count: [(value) => Number.isSafeInteger(value) && (value as number) > 0, "a positive whole number"],
  size: [(value) => Number.isSafeInteger(value) && (value as number) >= 0, "a whole number, at least 0"],
  string: [(value) => typeof value === "string", "a string"],
  function: [(value) => typeof value === "function", "a function"],
  list: [Array.isArray, "an array"],
  tensor: [isOwnTensor, "a Tensor"],
} as const satisfies Record<string, readonly [accepts: (value: unknown) => boolean, expected: string]>;

type KindName = keyof typeof kinds;
type NumberKind = "number" | "finite" | "positive" | "nonNegative" | "probability" | "integer" | "count" | "size";

/** What an argument may be: the name of a kind, or a list of the allowed values. */
export type ArgumentKind = KindName | readonly unknown[];

/** Whether a value is the name of a kind, or a list of values. */
export function isArgumentKind(value: unknown): value is ArgumentKind {
  return typeof value === "string" ? Object.hasOwn(kinds, value) : Array.isArray(value);
}

/** The kinds that fit a TypeScript type: a union of strings must be listed, a boolean must be checked. */
export type KindOf<T> =
  [T] extends [boolean] ? "boolean"
  : [T] extends [number] ? NumberKind | readonly T[]
  : [T] extends [string] ? (string extends T ? "string" | "any" : readonly T[])
  : [T] extends [(...args: never[]) => unknown] ? "function"
  : [T] extends [Branded] ? "tensor"
  : [T] extends [readonly unknown[]] ? "list" | "any"
  : "any";

/**
 * Throws if a value is not of its kind.
 * @throws ArgumentError that names the operation, what the value is for, what was expected, and what came.
 */
export function requireKind(operation: string, what: string, value: unknown, kind: ArgumentKind): void {
  if (typeof kind !== "string") {
    if (!kind.includes(value)) refuseValue(operation, what, value, kind);
    return;
  }
  const known = kinds[kind];
  if (!known[0](value)) throw new ArgumentError(`${operation}: ${what} is ${describeValue(value)}, expected ${known[1]}`);
}

function refuseValue(operation: string, what: string, value: unknown, values: readonly unknown[]): never {
  const expected = values.map((each) => (typeof each === "string" ? `"${each}"` : String(each)));
  const list = expected.length > 1 ? `${expected.slice(0, -1).join(", ")} or ${expected.at(-1)}` : expected.join("");
  const nearest = typeof value === "string" ? didYouMean(value, values.filter((each) => typeof each === "string")) : "";
  throw new ArgumentError(`${operation}: ${what} is ${describeValue(value)}, expected ${list}${nearest}`);
}
