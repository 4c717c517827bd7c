import { detectDelimiter } from "./csv-delimiter.js";
import { CsvParser, type CsvRecord } from "./csv-parser.js";
import type { CsvSyntax } from "./csv-syntax.js";

/** Reads the records of a CSV text (RFC 4180) as they come, and finds what separates fields where nobody said it. */
export class CsvRecords {
  readonly #chunks: AsyncIterable<string>;
  readonly #source: string;
  readonly #syntax: CsvSyntax;
  #parser: CsvParser | undefined;
  #delimiter: string | undefined;

  constructor(chunks: AsyncIterable<string>, source: string, syntax: CsvSyntax) {
    this.#chunks = chunks;
    this.#source = source;
    this.#syntax = syntax;
    if (syntax.delimiter !== undefined) this.#begin(syntax.delimiter);
  }

  /** What separates fields; known once a record came. */
  get delimiter(): string | undefined {
    return this.#delimiter;
  }

  /** Of the records to come, fields from this number on are counted, not kept. */
  want(fields: number): void {
    if (this.#parser !== undefined) this.#parser.wanted = fields;
  }

  /**
   * The records; empty lines are left out.
   * @throws FormatError where quotes do not fit, a record is over a limit, or what separates fields is not clear.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<CsvRecord, void, undefined> {
    // Looked at again only when it has doubled: however small the chunks, the work is proportional to the sample.
    let sample = "";
    let next = 1;
    for await (const chunk of this.#chunks) {
      if (this.#parser !== undefined) {
        yield* this.#parser.push(chunk);
        continue;
      }
      sample += chunk;
      if (sample.length < next) continue;
      next = 2 * sample.length;
      const delimiter = detectDelimiter(sample, false, this.#source, this.#syntax);
      if (delimiter !== undefined) yield* this.#begin(delimiter).push(sample);
    }
    const parser = this.#parser ?? this.#begin(detectDelimiter(sample, true, this.#source, this.#syntax) ?? ",");
    if (sample !== "" && !parser.begun) yield* parser.push(sample);
    yield* parser.end();
  }

  #begin(delimiter: string): CsvParser {
    this.#delimiter = delimiter;
    this.#parser = new CsvParser(this.#source, { ...this.#syntax, delimiter });
    return this.#parser;
  }
}
