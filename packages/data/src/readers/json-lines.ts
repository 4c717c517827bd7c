import { messageOf, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { requireItem } from "../callbacks.js";
import { FormatError } from "../format-error.js";
import { defaultMaxRecordLength } from "./csv-syntax.js";
import { parseJson, type JsonNumberOptions } from "./json-text.js";
import { reading, refusePath, streaming, textChunks, type Reading, type TextReaderOptions, type TextSource } from "./input.js";

/** Options of {@link readJsonLines}. */
export interface JsonLinesOptions<Item> extends TextReaderOptions, JsonNumberOptions {
  /** Converts a value to an item, or throws, such as `schema.parse` of a validation library. Default: the value itself. */
  readonly parse?: (value: unknown, line: number) => Item;
  /** The most characters of a line. Default 4,194,304. */
  readonly maxRecordLength?: number;
}

const jsonLinesOptions: OptionKinds<JsonLinesOptions<unknown>> = { name: "string", maxBytes: "count", encoding: "string", parse: "function", maxRecordLength: "count", largeIntegers: ["error", "text"] };

/**
 * Reads JSON Lines (https://jsonlines.org): one JSON value on each line. Blank lines are skipped.
 *
 * @example
 * ```ts
 * import { readJsonLines } from "@nn/data";
 * await readJsonLines('{"x": 1}\n{"x": 2}\n'); // => [{ x: 1 }, { x: 2 }]
 * ```
 * @throws FormatError, with the line, if a line is not JSON, is too long, or is refused by `parse`.
 */
export async function readJsonLines<Item = unknown>(input: TextSource, options: JsonLinesOptions<Item> = {}): Promise<Item[]> {
  return readJsonLinesAs("readJsonLines", input, options);
}

/** {@link readJsonLines} with the name of another function in its errors. */
export async function readJsonLinesAs<Item>(operation: string, input: TextSource, options: JsonLinesOptions<Item>): Promise<Item[]> {
  requireOptions(operation, options, jsonLinesOptions);
  refusePath(operation, input);
  const items: Item[] = [];
  for await (const item of itemsOf(input, reading(operation, input, options), options)) items.push(item);
  return items;
}

/**
 * Reads JSON Lines one item after another, for input that does not fit into memory. See {@link readJsonLines}.
 * @throws FormatError, while iterating, at a line that is not JSON, is too long, or is refused by `parse`.
 */
export function streamJsonLines<Item = unknown>(input: TextSource, options: JsonLinesOptions<Item> = {}): AsyncGenerator<Item, void, undefined> {
  return streamJsonLinesAs("streamJsonLines", input, options);
}

/** {@link streamJsonLines} with the name of another function in its errors. */
export function streamJsonLinesAs<Item>(operation: string, input: TextSource, options: JsonLinesOptions<Item>): AsyncGenerator<Item, void, undefined> {
  requireOptions(operation, options, jsonLinesOptions);
  refusePath(operation, input);
  return itemsOf(input, streaming(operation, input, options), options);
}

async function* itemsOf<Item>(input: TextSource, how: Reading, options: JsonLinesOptions<Item>): AsyncGenerator<Item, void, undefined> {
  const { encoding, maxRecordLength = defaultMaxRecordLength, largeIntegers = "error" } = options;
  // Without `parse`, the type Item is unknown or asserted by the caller.
  const parse = options.parse ?? ((value: unknown): Item => value as Item);
  let line = 0;
  for await (const text of linesOf(textChunks(input, how, encoding), how.source, maxRecordLength)) {
    line++;
    if (text.trim() === "") continue;
    const value = parseJson(text, { source: how.source, line, largeIntegers });
    const at = line;
    yield requireItem(accepted(() => parse(value, at), how.source, at), () => `${how.operation}: what parse returned for line ${at}`);
  }
}

/** The lines of a text, without their line breaks `\n` or `\r\n`. */
export async function* linesOf(chunks: AsyncIterable<string>, source: string, maxLength: number): AsyncGenerator<string, void, undefined> {
  let rest = "";
  let line = 1;
  const checked = (text: string): string => {
    if (text.length <= maxLength) return text;
    throw new FormatError(source, `the line has more than ${maxLength} characters, which is the limit`, { line }, { fix: "if that is right, raise it with maxRecordLength" });
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf("\n"); end >= 0; end = chunk.indexOf("\n", start)) {
      const text = checked(rest + chunk.slice(start, end));
      yield text.endsWith("\r") ? text.slice(0, -1) : text;
      rest = "";
      start = end + 1;
      line++;
    }
    rest = checked(rest + chunk.slice(start));
  }
  if (rest !== "") yield rest.endsWith("\r") ? rest.slice(0, -1) : rest;
}

function accepted<Item>(make: () => Item, source: string, line: number): Item {
  try {
    return make();
  } catch (cause) {
    throw new FormatError(source, `the value is refused: ${messageOf(cause)}`, { line }, { cause });
  }
}
