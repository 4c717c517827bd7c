import { ArgumentError } from "@nn/tensor";
import { describeValue, requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { maxId, requireIds, type TokenIds } from "../requirements.js";
import type { Window } from "./corpus-windows.js";

/** Options of {@link streamWindows}. */
export interface StreamWindowOptions {
  /** Number of tokens of a window. */
  readonly length: number;
  /** The id after each sequence, such as `vocabulary.special.end`; default none, for sequences that have it already. */
  readonly separator?: number | undefined;
}

const streamOptions: OptionKinds<StreamWindowOptions> = { length: "count", separator: "size" };

/**
 * Windows over a corpus that does not fit into memory: joins the sequences as they come, such as the lines of a file, and cuts them into windows of `length`
 * tokens, with the following tokens as targets. Only the tokens of one window and one sequence are kept. A last window that is not full is left out.
 *
 * @example
 * ```ts
 * import { streamWindows } from "@nn/text";
 * for await (const [input, target] of streamWindows([[10, 11, 12], [13, 14]], { length: 2, separator: 0 })) console.log([...input], [...target]);
 * // prints: [ 10, 11 ] [ 11, 12 ]
 * // prints: [ 12, 0 ] [ 0, 13 ]
 * // prints: [ 13, 14 ] [ 14, 0 ]
 * ```
 */
export function streamWindows(sequences: Iterable<TokenIds> | AsyncIterable<TokenIds>, options: StreamWindowOptions): AsyncGenerator<Window, void, undefined> {
  requireOptions("streamWindows", options, streamOptions);
  requireKind("streamWindows", "length", options?.length, "count");
  if (typeof sequences !== "object" || sequences === null || !(Symbol.iterator in sequences || Symbol.asyncIterator in sequences)) {
    throw new ArgumentError(`streamWindows: sequences are ${describeValue(sequences)}, expected an iterable or an async iterable of sequences`);
  }
  return windowsOf(sequences, options);
}

async function* windowsOf(sequences: Iterable<TokenIds> | AsyncIterable<TokenIds>, { length, separator }: StreamWindowOptions): AsyncGenerator<Window, void, undefined> {
  const end = separator === undefined ? [] : [separator];
  let rest: readonly number[] = [];
  for await (const sequence of sequences) {
    requireIds("streamWindows", sequence, maxId, "a sequence");
    const tokens = [...rest, ...sequence, ...end];
    let at = 0;
    // The last token of the targets begins the next window.
    for (; at + length < tokens.length; at += length) {
      yield [Int32Array.from(tokens.slice(at, at + length)), Int32Array.from(tokens.slice(at + 1, at + length + 1))];
    }
    rest = tokens.slice(at);
  }
}
