import { ArgumentError, isTensor } from "@nn/tensor";
import { describeValue, requireKind } from "@nn/tensor/extend";

/** Ids of tokens: what a tokenizer returns, or a list of whole numbers. */
export type TokenIds = Int32Array | readonly number[];

/** The half of a surrogate pair without the other half: no encoding of Unicode can hold it. */
const loneSurrogate = /\p{Surrogate}/u;

/**
 * Throws unless the value is a text.
 * @throws ArgumentError for another value, and for a text with half of a surrogate pair, which UTF-8 cannot hold.
 */
export function requireText(operation: string, text: string, what = "the text"): void {
  requireKind(operation, what, text, "string");
  const at = text.search(loneSurrogate);
  if (at < 0) return;
  const unit = text.charCodeAt(at).toString(16);
  throw new ArgumentError(`${operation}: ${what} has half of a surrogate pair, \\u${unit}, at ${at}; it was cut within a character, or use text.toWellFormed()`);
}

/** Throws unless the value is a list of texts. */
export function requireTexts(operation: string, texts: readonly string[], what: string): void {
  requireKind(operation, what, texts, "list");
  texts.forEach((text, at) => requireText(operation, text, `${what}[${at}]`));
}

/** Throws unless the value is a list of ids below `size`. */
export function requireIds(operation: string, ids: TokenIds, size: number, what = "the ids"): void {
  if (!(ids instanceof Int32Array) && !Array.isArray(ids)) {
    const fix = isTensor(ids) ? "; use its toTypedArray()" : "";
    throw new ArgumentError(`${operation}: ${what} are ${describeValue(ids)}, expected an Int32Array or a list of whole numbers${fix}`);
  }
  for (let at = 0; at < ids.length; at++) {
    const id = ids[at];
    if (Number.isInteger(id) && (id as number) >= 0 && (id as number) < size) continue;
    throw new ArgumentError(`${operation}: ${what}[${at}] is ${describeValue(id)}, expected a whole number from 0 to ${size - 1}`);
  }
}

/** The largest number that an id, an int32, can be. */
export const maxId = 2 ** 31 - 1;
