import { FormatError } from "../format-error.js";
import { defaultMaxColumns, defaultMaxRecordLength, type CsvSyntax } from "./csv-syntax.js";

/** The fields of one record and the line that it begins on. */
export interface CsvRecord {
  readonly line: number;
  readonly fields: readonly string[];
  /** The number of blank lines between the record before and this one. */
  readonly blankLines: number;
}

/** The part of csv-parse that this file uses: a Node stream, or a replacement in browsers. */
interface Parser {
  write(text: string, done: (error?: Error | null) => void): boolean;
  end(): void;
  destroy?(): unknown;
  on(event: "data", listener: (record: unknown) => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
  on(event: "end", listener: () => void): unknown;
}

/** A record of csv-parse with the option `info`. */
interface ParsedRecord {
  readonly record: readonly string[];
  readonly info: { readonly lines: number; readonly bytes: number; readonly empty_lines: number };
}

/** Characters passed to the parser at a time. */
const pieceLength = 1 << 16;

/**
 * Parses CSV (RFC 4180) as its text arrives, with csv-parse. Blank lines are counted, but are no records. It keeps only one record and one piece of the
 * text in memory.
 * @throws FormatError if quotes are misplaced, or a record exceeds a limit.
 */
export async function* parseCsv(chunks: AsyncIterable<string>, source: string, syntax: CsvSyntax): AsyncGenerator<CsvRecord, void, undefined> {
  const { maxColumns = defaultMaxColumns, maxRecordLength = defaultMaxRecordLength } = syntax;
  const parser = await createParser(syntax);
  const lines = new LineCounter(syntax.skipLines ?? 0);
  const over = (what: string, option: string, line: number): FormatError =>
    new FormatError(source, `the record has more than ${what}, which is the limit`, { line }, { fix: `if that is right, raise it with ${option}; otherwise check delimiter and quotes` });
  const parsed: ParsedRecord[] = [];
  let failure: Error | undefined;
  let fail: (error: Error) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => (fail = reject));
  failed.catch(() => undefined);
  parser.on("data", (record) => parsed.push(record as ParsedRecord));
  parser.on("error", (error) => fail((failure = toFormatError(error, source, lines))));
  const ended = new Promise<void>((resolve) => parser.on("end", resolve));

  let written = 0;
  let last = 0;
  let finished = 0;
  let blank = 0;
  /** The complete records; each is checked against the limits. */
  function* take(): Generator<CsvRecord, void, undefined> {
    for (const { record, info } of parsed.splice(0)) {
      const line = lines.next(record, info.lines);
      if (record.length > maxColumns) throw over(`${maxColumns} fields`, "maxColumns", line);
      if (info.bytes - finished > maxRecordLength) throw over(`${maxRecordLength} bytes`, "maxRecordLength", line);
      finished = info.bytes;
      yield { line, fields: record, blankLines: info.empty_lines - blank };
      blank = info.empty_lines;
    }
    // The last piece may hold the end of the current record.
    if (written - last - finished > maxRecordLength) throw over(`${maxRecordLength} bytes`, "maxRecordLength", lines.line);
  }
  try {
    for await (const piece of pieces(withoutLines(chunks, syntax.skipLines ?? 0))) {
      await Promise.race([failed, new Promise<void>((resolve) => parser.write(piece, () => resolve()))]);
      last = utf8Length(piece);
      written += last;
      yield* take();
      if (failure !== undefined) throw failure;
    }
    parser.end();
    await Promise.race([failed, ended]).catch(() => undefined);
    yield* take();
    if (failure !== undefined) throw failure;
  } finally {
    parser.destroy?.();
  }
}

async function createParser({ delimiter = ",", quote = '"', comment, trim = true }: CsvSyntax): Promise<Parser> {
  // Loaded only when CSV is read.
  const { parse } = await import("#csv-parse");
  return parse({
    delimiter, quote, escape: quote, trim, info: true, relax_column_count: true, skip_empty_lines: true, record_delimiter: ["\r\n", "\n", "\r"],
    ...(comment === undefined ? {} : { comment, comment_no_infix: true }),
  });
}

/** The text after its first `count` lines. */
async function* withoutLines(chunks: AsyncIterable<string>, count: number): AsyncGenerator<string, void, undefined> {
  let left = count;
  for await (const chunk of chunks) {
    let start = 0;
    for (; left > 0; left--) {
      const end = chunk.indexOf("\n", start);
      if (end < 0) break;
      start = end + 1;
    }
    if (left === 0 && start < chunk.length) yield chunk.slice(start);
  }
}

/** Splits text into pieces, never between the two units of a surrogate pair. */
async function* pieces(chunks: AsyncIterable<string>): AsyncGenerator<string, void, undefined> {
  let rest = "";
  for await (const chunk of chunks) {
    const text = rest + chunk;
    rest = "";
    for (let at = 0; at < text.length;) {
      let end = Math.min(text.length, at + pieceLength);
      if (isHighSurrogate(text.charCodeAt(end - 1))) end--;
      if (end === at) break;
      yield text.slice(at, end);
      at = end;
    }
    if (isHighSurrogate(text.charCodeAt(text.length - 1))) rest = text.slice(-1);
  }
  if (rest !== "") yield rest;
}

function isHighSurrogate(unit: number): boolean {
  return (unit & 0xfc00) === 0xd800;
}

/** The number of bytes of a text in UTF-8, as csv-parse counts. */
function utf8Length(text: string): number {
  let length = text.length;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) continue;
    // Each unit of a surrogate pair counts two bytes.
    length += unit < 0x800 || (unit & 0xfc00) === 0xd800 || (unit & 0xfc00) === 0xdc00 ? 1 : 2;
  }
  return length;
}

/**
 * Computes the line that a record begins on. The parser gives only the line that it ends on, and counts a line break `\r\n` within
 * quotes as two lines.
 */
class LineCounter {
  /** The line number of the parser minus the true one; negative if lines were skipped before the parser. */
  #excess: number;
  /** The line after the last record. */
  line: number;

  constructor(skipped: number) {
    // `-skipped` could be -0, and the engine would then store every line number as a float.
    this.#excess = 0 - skipped;
    this.line = skipped + 1;
  }

  next(record: readonly string[], endLine: number): number {
    let breaks = 0;
    let pairs = 0;
    for (const field of record) {
      if (!field.includes("\n") && !field.includes("\r")) continue;
      breaks += field.match(/[\r\n]/g)?.length ?? 0;
      pairs += field.match(/\r\n/g)?.length ?? 0;
    }
    const begin = this.correct(endLine) - breaks;
    this.#excess += pairs;
    this.line = this.correct(endLine) + 1;
    return begin;
  }

  correct(line: number): number {
    return line - this.#excess;
  }
}

function toFormatError(error: Error, source: string, lines: LineCounter): FormatError {
  const code = "code" in error ? error.code : undefined;
  if (code === "CSV_QUOTE_NOT_CLOSED") {
    return new FormatError(source, "a quoted field of the record that begins here is not closed before the input ends", { line: lines.line }, { cause: error });
  }
  const line = "lines" in error && typeof error.lines === "number" ? lines.correct(error.lines) : lines.line;
  if (code === "INVALID_OPENING_QUOTE") {
    return new FormatError(source, "a quote within a field that is not quoted", { line }, { cause: error, fix: "quote the field and double the quote within it" });
  }
  const closing = code === "CSV_INVALID_CLOSING_QUOTE" || code === "CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE";
  const problem = closing ? "text after the closing quote of a field; expected a delimiter or the end of the line (a quote within a field is doubled)" : error.message;
  return new FormatError(source, problem, { line }, { cause: error });
}
