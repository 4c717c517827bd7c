import { isAnyTensor, isVariable } from "../brand.js";
import { quote } from "./quote.js";

/** Strings longer than this are shortened in messages. */
const longest = 40;

/** What a value is, for an error message: `null`, `the string "1"`, `an array of 3`, `an object`, `a Tensor`, `2.5`. */
export function describeValue(value: unknown): string {
  switch (typeof value) {
    case "string":
      return `the string ${quote(value, longest)}`;
    case "object":
      return describeObject(value);
    case "function":
      return "a function";
    case "symbol":
      return "a symbol";
    case "bigint":
      return `the bigint ${value}n`;
    default:
      return Object.is(value, -0) ? "-0" : String(value);
  }
}

function describeObject(value: object | null): string {
  if (value === null) return "null";
  if (isAnyTensor(value)) return "a Tensor";
  if (isVariable(value)) return "a Variable";
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (value instanceof Promise) return "a promise";
  if (ArrayBuffer.isView(value) && "length" in value) return `a typed array of ${String(value.length)}`;
  const name: unknown = value.constructor?.name;
  return typeof name !== "string" || name === "" || name === "Object" ? "an object" : `a value of class ${name}`;
}

/**
 * The message of anything that was thrown, for an error message: the message of an error (its name if it has none), a string as it is, and {@link
 * describeValue} of any other value. It never throws.
 */
export function messageOf(thrown: unknown): string {
  if (typeof thrown === "string" && thrown !== "") return thrown;
  try {
    // Errors of other realms, such as those of a frame, are not instances of this realm's Error.
    const { name, message } = Object(thrown) as { readonly name?: unknown; readonly message?: unknown };
    if (typeof message === "string" && message !== "") return message;
    if (thrown instanceof Error && typeof name === "string" && name !== "") return name;
    return describeValue(thrown);
  } catch {
    return "an object";
  }
}
