import { detectDelimiter } from "./csv-delimiter.js";
import { parseCsv, type CsvRecord } from "./csv-parser.js";
import type { CsvSyntax } from "./csv-syntax.js";

/** Reads the records of a CSV text (RFC 4180) as they arrive, and finds the delimiter if it is not given. */
export class CsvRecords {
  readonly #chunks: AsyncIterable<string>;
  readonly #source: string;
  readonly #syntax: CsvSyntax;
  #delimiter: string | undefined;

  constructor(chunks: AsyncIterable<string>, source: string, syntax: CsvSyntax) {
    this.#chunks = chunks;
    this.#source = source;
    this.#syntax = syntax;
    this.#delimiter = syntax.delimiter;
  }

  /** The character between fields; known once the first record is read. */
  get delimiter(): string | undefined {
    return this.#delimiter;
  }

  /**
   * The records; blank lines are counted.
   * @throws FormatError if quotes are misplaced, a record exceeds a limit, or the delimiter is ambiguous.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<CsvRecord, void, undefined> {
    const chunks = this.#chunks[Symbol.asyncIterator]();
    try {
      const sample = this.#delimiter === undefined ? await this.#detect(chunks) : "";
      yield* parseCsv(joined(sample, chunks), this.#source, { ...this.#syntax, delimiter: this.#delimiter ?? "," });
    } finally {
      await chunks.return?.();
    }
  }

  /** Finds the delimiter, and returns the text that was read to find it. */
  async #detect(chunks: AsyncIterator<string>): Promise<string> {
    // The sample is examined again only when it has doubled, so the work is proportional to its size even for small chunks.
    let sample = "";
    let next = 1;
    for (let chunk = await chunks.next(); chunk.done !== true; chunk = await chunks.next()) {
      sample += chunk.value;
      if (sample.length < next) continue;
      next = 2 * sample.length;
      this.#delimiter = detectDelimiter(sample, false, this.#source, this.#syntax);
      if (this.#delimiter !== undefined) return sample;
    }
    this.#delimiter = detectDelimiter(sample, true, this.#source, this.#syntax);
    return sample;
  }
}

async function* joined(sample: string, rest: AsyncIterator<string>): AsyncGenerator<string, void, undefined> {
  if (sample !== "") yield sample;
  for (let chunk = await rest.next(); chunk.done !== true; chunk = await rest.next()) yield chunk.value;
}
