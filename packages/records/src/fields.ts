import { describeValue, didYouMean } from "@nn/tensor/extend";

/** Reads a field of a record: returns its value, or calls `refuse` with the expected kind. */
export type Field<T> = (value: unknown, path: string) => T;

/** The fields of an object: adding a field to the type without its check does not compile. */
export type FieldsOf<T> = { readonly [Name in keyof T]-?: Field<T[Name]> };

/** A value of a record is of the wrong kind. The reader of the record adds its source to the message. */
export class FieldError extends Error {
  override readonly name = "FieldError";
}

/** @throws FieldError */
export function refuse(value: unknown, path: string, expected: string): never {
  throw new FieldError(`${path} is ${describeValue(value)}, expected ${expected}`);
}

/** A field with a test, and a description for messages. */
function field<T>(accepts: (value: unknown) => value is T, expected: string): Field<T> {
  return (value, path) => (accepts(value) ? value : refuse(value, path, expected));
}

const isNumber = (value: unknown): value is number => typeof value === "number";
const nonFinite: ReadonlyMap<unknown, number> = new Map([["NaN", NaN], ["Infinity", Infinity], ["-Infinity", -Infinity]]);

/** Any number. In JSON, the strings `"NaN"`, `"Infinity"` and `"-Infinity"` represent those that JSON does not have. */
export const anyNumber: Field<number> = (value, path) =>
  isNumber(value) ? value : (nonFinite.get(value) ?? refuse(value, path, 'a number, "NaN", "Infinity" or "-Infinity"'));

export const finite = field((value): value is number => isNumber(value) && Number.isFinite(value), "a finite number");
export const size = field((value): value is number => isNumber(value) && Number.isSafeInteger(value) && value >= 0, "a whole number, at least 0");
export const probability = field((value): value is number => isNumber(value) && value >= 0 && value <= 1, "a number from 0 to 1");

/** A string of at most `longest` UTF-16 code units. */
export const string = (longest: number): Field<string> =>
  field((value): value is string => typeof value === "string" && value.length <= longest, `a string of at most ${longest} characters`);

/** One of several strings. */
export const oneOf = <const T extends string>(values: readonly T[]): Field<T> =>
  field((value): value is T => values.some((each) => each === value), values.map((each) => `"${each}"`).join(" or "));

/** A field that may be left out. */
export const optional = <T>(inner: Field<T>): Field<T | undefined> =>
  (value, path) => (value === undefined ? undefined : inner(value, path));

/** A list of at most `most` elements. */
export const list = <T>(inner: Field<T>, most: number): Field<readonly T[]> => (value, path) => {
  if (!Array.isArray(value) || value.length > most) refuse(value, path, `a list of at most ${most}`);
  return value.map((each: unknown, at) => inner(each, `${path}[${at}]`));
};

/** An object with any names, except `__proto__`, which does not become a field in an object literal. */
export const mapOf = <T>(inner: Field<T>, most: number): Field<Readonly<Record<string, T>>> => (value, path) => {
  const entries = entriesOf(value, path);
  if (entries.length > most) refuse(value, path, `an object with at most ${most} fields`);
  return Object.fromEntries(entries.map(([name, each]) => [name, inner(each, `${path}["${name}"]`)]));
};

/** An object with exactly these fields. */
export const object = <T extends object>(fields: FieldsOf<T>): Field<T> => (value, path) => {
  const names = Object.keys(fields);
  const given = new Map(entriesOf(value, path));
  for (const name of given.keys()) {
    if (!Object.hasOwn(fields, name)) throw new FieldError(`${path} has no field "${name}"${didYouMean(name, names) || `; its fields are ${names.join(", ")}`}`);
  }
  const result: Record<string, unknown> = {};
  for (const [name, read] of Object.entries<Field<unknown>>(fields)) {
    const inner = read(given.get(name), `${path}.${name}`);
    if (inner !== undefined) result[name] = inner;
  }
  return result as T;
};

function entriesOf(value: unknown, path: string): [string, unknown][] {
  if (typeof value !== "object" || value === null || Array.isArray(value) || ArrayBuffer.isView(value)) return refuse(value, path, "an object");
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  if (entries.some(([name]) => name === "__proto__")) throw new FieldError(`${path} has a field named "__proto__"`);
  return entries;
}
