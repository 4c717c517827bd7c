import { FormatError, quoted } from "../format-error.js";
import { nameOf, textChunks, type ReaderOptions, type TextSource } from "./input.js";

/** Options of {@link readJsonLines}. */
export interface JsonLinesOptions<Item> extends ReaderOptions {
  /** Checks a value and gives the item, or throws: for example `schema.parse` of a validation library. Default: the value itself. */
  readonly parse?: (value: unknown, line: number) => Item;
}

/**
 * Reads JSON Lines (https://jsonlines.org): one JSON value on each line. Blank lines are skipped.
 *
 * @example
 * ```ts
 * import { readJsonLines } from "@nn/data";
 * await readJsonLines('{"x": 1}\n{"x": 2}\n'); // => [{ x: 1 }, { x: 2 }]
 * ```
 * @throws FormatError naming the line that is not JSON or that `parse` refuses.
 */
export async function readJsonLines<Item = unknown>(input: TextSource, options: JsonLinesOptions<Item> = {}): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of streamJsonLines(input, options)) items.push(item);
  return items;
}

/**
 * Like {@link readJsonLines}, one item after another, for what is too large to be held at once.
 * @throws FormatError when it comes to a line that is not JSON or that `parse` refuses.
 */
export async function* streamJsonLines<Item = unknown>(input: TextSource, options: JsonLinesOptions<Item> = {}): AsyncGenerator<Item, void, undefined> {
  const source = nameOf(input, options);
  // Without a `parse` the caller's Item is unknown, or what he vouches for.
  const parse = options.parse ?? ((value: unknown): Item => value as Item);
  let line = 0;
  for await (const text of lines(textChunks(input, source))) {
    line++;
    if (text.trim() === "") continue;
    const value = attempt<unknown>(() => JSON.parse(text), (reason) => `expected a JSON value, found ${quoted(text)} (${reason})`, source, line);
    yield attempt(() => parse(value, line), (reason) => `the value is refused: ${reason}`, source, line);
  }
}

/** Lines without their ends, which are `\n` or `\r\n`. */
async function* lines(chunks: AsyncIterable<string>): AsyncGenerator<string, void, undefined> {
  let rest = "";
  for await (const chunk of chunks) {
    const parts = chunk.split("\n");
    parts[0] = rest + (parts[0] ?? "");
    rest = parts.pop() ?? "";
    for (const part of parts) yield part.endsWith("\r") ? part.slice(0, -1) : part;
  }
  if (rest !== "") yield rest;
}

function attempt<T>(make: () => T, explain: (reason: string) => string, source: string, line: number): T {
  try {
    return make();
  } catch (cause) {
    throw new FormatError(source, explain(cause instanceof Error ? cause.message : String(cause)), { line }, { cause });
  }
}
