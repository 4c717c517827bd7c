import { ArgumentError } from "@nn/tensor";
import { describeValue } from "@nn/tensor/extend";
import { Tokenizer } from "../tokenizer.js";

/** What stands at the end of a text whose last character is not complete yet. */
const incomplete = "\uFFFD";

/** More tokens than any character has: what is not complete after them is no text. */
const longestCharacter = 16;

/**
 * The text of ids as they come, such as from a language model that writes: each part as soon as its characters are complete. A character may consist of several
 * tokens. The parts together are the text of all ids, if these are a text: bytes that are not UTF-8 become U+FFFD.
 *
 * @example
 * ```ts
 * import { ByteTokenizer, decodeStream } from "@nn/text";
 * const tokenizer = new ByteTokenizer();
 * for await (const part of decodeStream(tokenizer, tokenizer.encode("a한"))) console.log(part);
 * // prints: a
 * // prints: 한
 * ```
 */
export function decodeStream(tokenizer: Tokenizer, ids: Iterable<number> | AsyncIterable<number>): AsyncGenerator<string, void, undefined> {
  if (!(tokenizer instanceof Tokenizer)) throw new ArgumentError(`decodeStream: tokenizer is ${describeValue(tokenizer)}, expected a Tokenizer`);
  if (typeof ids !== "object" || ids === null || !(Symbol.iterator in ids || Symbol.asyncIterator in ids)) {
    throw new ArgumentError(`decodeStream: ids are ${describeValue(ids)}, expected an iterable or an async iterable of ids`);
  }
  return partsOf(tokenizer, ids);
}

async function* partsOf(tokenizer: Tokenizer, ids: Iterable<number> | AsyncIterable<number>): AsyncGenerator<string, void, undefined> {
  // A token is decoded after those of the part before it, since some tokenizers write the first token of a text in another way.
  let before: readonly number[] = [];
  let waiting: number[] = [];
  const added = (): string => tokenizer.decode([...before, ...waiting]).slice(tokenizer.decode(before).length);
  for await (const id of ids) {
    waiting.push(id);
    const text = added();
    if (waiting.length < longestCharacter && (text === "" || text.endsWith(incomplete))) continue;
    if (text !== "") yield text;
    before = waiting;
    waiting = [];
  }
  const text = waiting.length === 0 ? "" : added();
  if (text !== "") yield text;
}
