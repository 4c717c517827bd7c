import { FormatError } from "../format-error.js";

/** The fields of one record and the line that it begins on. */
export interface CsvRecord {
  readonly line: number;
  readonly fields: readonly string[];
}

/** How the text is written. */
export interface CsvSyntax {
  /** Between fields. Default `,`. */
  readonly delimiter?: string;
  /** Around fields that contain the delimiter, line breaks or itself, which is then doubled. Default `"`. */
  readonly quote?: string;
  /** Lines that begin with it are left out. Default: none. */
  readonly comment?: string;
}

/** The part of csv-parse that is used: a Node stream, in browsers a stand-in for one. */
interface Parser {
  write(text: string, done: (error?: Error | null) => void): boolean;
  end(): void;
  destroy?(): unknown;
  on(event: "data", listener: (record: unknown) => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
  on(event: "end", listener: () => void): unknown;
}

/** What csv-parse gives for a record with the option `info`. */
interface ParsedRecord {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/** Characters handed to the parser at a time. */
const pieceLength = 1 << 16;

/**
 * The records of a CSV text (RFC 4180), as they come; empty lines are left out.
 * @throws FormatError where quotes do not fit.
 */
export async function* csvRecords(chunks: AsyncIterable<string>, source: string, syntax: CsvSyntax): AsyncGenerator<CsvRecord, void, undefined> {
  const parser = await createParser(syntax);
  const records: CsvRecord[] = [];
  let failure: Error | undefined;
  let fail: (error: Error) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => (fail = reject));
  failed.catch(() => undefined);
  const lines = new LineCounter();
  parser.on("data", (record) => records.push(lines.place(record as ParsedRecord)));
  parser.on("error", (error) => fail((failure = toFormatError(error, source, lines))));
  const ended = new Promise<void>((resolve) => parser.on("end", resolve));
  try {
    for await (const chunk of chunks) {
      for (let at = 0; at < chunk.length; at += pieceLength) {
        const piece = chunk.slice(at, at + pieceLength);
        await Promise.race([failed, new Promise<void>((resolve) => parser.write(piece, () => resolve()))]);
        if (failure !== undefined) throw failure;
        yield* records.splice(0);
      }
    }
    parser.end();
    await Promise.race([failed, ended]);
    yield* records.splice(0);
  } finally {
    parser.destroy?.();
  }
}

async function createParser({ delimiter = ",", quote = '"', comment }: CsvSyntax): Promise<Parser> {
  // Loaded only where CSV is read.
  const { parse } = await import("#csv-parse");
  return parse({
    delimiter, quote, escape: quote, info: true, relax_column_count: true, skip_empty_lines: true,
    ...(comment === undefined ? {} : { comment, comment_no_infix: true }),
  });
}

/**
 * On which line a record begins. The parser tells the line that it ends on, and counts the two characters of a line break `\r\n`
 * within quotes as two lines.
 */
class LineCounter {
  #excess = 0;
  /** The line after the last record. */
  next = 1;

  place({ record, info }: ParsedRecord): CsvRecord {
    let breaks = 0;
    let pairs = 0;
    for (const field of record) {
      if (!field.includes("\n") && !field.includes("\r")) continue;
      breaks += field.match(/[\r\n]/g)?.length ?? 0;
      pairs += field.match(/\r\n/g)?.length ?? 0;
    }
    const line = this.correct(info.lines) - breaks;
    this.#excess += pairs;
    this.next = this.correct(info.lines) + 1;
    return { line, fields: record };
  }

  correct(line: number): number {
    return line - this.#excess;
  }
}

function toFormatError(error: Error, source: string, lines: LineCounter): FormatError {
  const code = "code" in error ? error.code : undefined;
  if (code === "CSV_QUOTE_NOT_CLOSED") {
    return new FormatError(source, "a quoted field of the record that begins here is not closed before the input ends", { line: lines.next }, { cause: error });
  }
  const line = "lines" in error && typeof error.lines === "number" ? lines.correct(error.lines) : lines.next;
  return new FormatError(source, explanations.get(code) ?? error.message, { line }, { cause: error });
}

const explanations: ReadonlyMap<unknown, string> = new Map([
  ["CSV_INVALID_CLOSING_QUOTE", "text after the closing quote of a field; expected a delimiter or the end of the line (a quote within a field is doubled)"],
  ["INVALID_OPENING_QUOTE", "a quote within a field that is not quoted; quote the field and double the quote within it"],
]);
