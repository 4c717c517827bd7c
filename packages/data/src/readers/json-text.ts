import { escapeControls, messageOf, quote } from "@nn/tensor/extend";
import { parse } from "lossless-json";
import { FormatError } from "../format-error.js";
import { isExact } from "./number.js";

/** What happens to numbers of JSON beyond 2⁵³ that float64 would round. */
export interface JsonNumberOptions {
  /**
   * What happens to a number beyond 2⁵³ with more digits than float64 holds, such as 9007199254740993 or 9007199254740993.0: `"error"`
   * refuses it, `"text"` reads it as a string. Default `"error"`.
   */
  readonly largeIntegers?: "error" | "text";
}

/** The origin of a JSON text, for messages. */
interface JsonSource extends JsonNumberOptions {
  readonly source: string;
  /** The line on which the text begins. Default 1. */
  readonly line?: number;
}

/**
 * Parses a JSON text with lossless-json. `JSON.parse` would silently drop one of two equal keys, and round large numbers.
 * @throws FormatError if the text is not JSON, an object has a key twice with different values, or float64 does not hold a number.
 */
export function parseJson(text: string, { source, line = 1, largeIntegers = "error" }: JsonSource): unknown {
  const wrong = (problem: string, at: number, more: { readonly fix?: string; readonly cause?: unknown } = {}): FormatError => {
    const before = text.slice(0, at).split("\n").length - 1;
    return new FormatError(source, problem, { line: line + before }, more);
  };
  const number = (digits: string): number | string => {
    const value = Number(digits);
    if (!Number.isFinite(value)) throw wrong(`the number ${quote(digits).slice(1, -1)} is too large for float64`, text.indexOf(digits));
    if (isExact(digits, value)) return value;
    if (value === 0) throw wrong(`the number ${quote(digits).slice(1, -1)} is too small for float64`, text.indexOf(digits));
    if (largeIntegers === "text") return digits;
    throw wrong(`the number ${digits} has more digits than float64 holds`, text.indexOf(digits), { fix: 'write it as a string, or read such numbers as texts with largeIntegers: "text"' });
  };
  try {
    return parse(text, null, {
      parseNumber: number,
      onDuplicateKey: ({ key, position }) => {
        throw wrong(`the key ${quote(key)} occurs twice in an object, with different values`, position, { fix: "remove or rename one of them" });
      },
    });
  } catch (cause) {
    if (cause instanceof FormatError) throw cause;
    if (cause instanceof RangeError) throw wrong("values are nested too deeply", 0, { cause });
    const reason = messageOf(cause);
    const at = Number(/at position (\d+)/.exec(reason)?.[1] ?? 0);
    throw wrong(`expected JSON, found ${quote(text)} (${escapeControls(reason)})`, at, { cause });
  }
}
