/** An argument of the wrong kind. The message names the call, what it expected, and what it got. */
export class WasmArgumentError extends Error {
  override readonly name = "WasmArgumentError";
}

type Word = "array" | "boolean" | "function" | "number" | "object" | "string";

/** What an argument must be: a kind of value, or one of a list of values. */
export type ArgumentKind = `${Word}${"" | " | undefined"}` | "absent" | readonly unknown[];

/** The kind of every field of an object. The type check fails for a field without a kind. */
export type FieldKinds<T> = { readonly [Name in keyof T]-?: ArgumentKind };

/** @throws WasmArgumentError that says what `call` expected for `name`, and what it got. */
export function refuseArgument(call: string, name: string, value: unknown, expected: string): never {
  throw new WasmArgumentError(`${call}: expected ${name} to be ${expected}, got ${describe(value)}`);
}

/** @throws WasmArgumentError unless `value` is of its kind. */
export function requireArgument(call: string, name: string, value: unknown, kind: ArgumentKind): void {
  const fits = typeof kind === "string" ? (kind !== "object" && kind === typeof value) || kind.split(" | ").includes(kindOf(value)) : kind.includes(value);
  if (!fits) refuseArgument(call, name, value, String(kind));
}

/** Checks the fields of an object. @throws WasmArgumentError if one is of the wrong kind, or unknown. */
export function requireFields(call: string, fields: object, kinds: Readonly<Record<string, ArgumentKind>>): void {
  requireArgument(call, "the options", fields, "object");
  for (const name of Object.keys({ ...kinds, ...fields })) requireArgument(call, name, Reflect.get(fields, name), kinds[name] ?? "absent");
}

/** `number`, `object`, `array`, `map`, `null` ... */
function kindOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1).toLowerCase();
}

/** What a value is, for an error message: `"text"`, `2.5`, `null`, `array`. */
export function describe(value: unknown): string {
  if (Object(value) === value) return kindOf(value);
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
