import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { defaultMaxRecordLength } from "./csv-syntax.js";
import { refusePath, streaming, textChunks, type TextReaderOptions, type TextSource } from "./input.js";
import { linesOf } from "./json-lines.js";

/** Options of {@link streamLines}. */
export interface LinesOptions extends TextReaderOptions {
  /** The most characters of a line. Default 4,194,304. */
  readonly maxRecordLength?: number;
}

const linesOptions: OptionKinds<LinesOptions> = { name: "string", maxBytes: "count", encoding: "string", maxRecordLength: "count" };

/**
 * Reads the lines of a text one after another, for texts that do not fit into memory; blank lines too. The input is read no further than the line that is asked for.
 *
 * @example
 * ```ts
 * import { streamLines } from "@nn/data";
 * for await (const line of streamLines("first\r\n\nthird")) console.log(JSON.stringify(line));
 * // prints: "first"
 * // prints: ""
 * // prints: "third"
 * ```
 * @throws FormatError, while iterating, if the input is not text in its encoding, or a line is too long.
 */
export function streamLines(input: TextSource, options: LinesOptions = {}): AsyncGenerator<string, void, undefined> {
  return streamLinesAs("streamLines", input, options);
}

/** {@link streamLines} with the name of another function in its errors. */
export function streamLinesAs(operation: string, input: TextSource, options: LinesOptions): AsyncGenerator<string, void, undefined> {
  requireOptions(operation, options, linesOptions);
  refusePath(operation, input);
  const how = streaming(operation, input, options);
  return linesOf(textChunks(input, how, options.encoding), how.source, options.maxRecordLength ?? defaultMaxRecordLength);
}
