import { FormatError } from "../format-error.js";
import { defaultMaxColumns, defaultMaxRecordLength, type CsvSyntax } from "./csv-syntax.js";

/** The fields of one record and the line that it begins on. */
export interface CsvRecord {
  readonly line: number;
  readonly fields: readonly string[];
  /** Fields of the record; more than `fields` holds where only some were wanted. */
  readonly count: number;
}

const lineFeed = 10;
const carriageReturn = 13;

/** Where in a record the parser is. */
type State = "start" | "plain" | "quoted" | "closed" | "comment";

/**
 * Takes CSV (RFC 4180) apart as its text comes; empty lines are left out. The work is proportional to the text, whatever the chunks, and
 * no more than one record is kept.
 */
export class CsvParser {
  readonly #source: string;
  readonly #delimiter: number;
  readonly #quote: number;
  readonly #comment: number;
  readonly #trim: boolean;
  readonly #maxColumns: number;
  readonly #maxRecordLength: number;
  #state: State = "start";
  #fields: string[] = [];
  #count = 0;
  /** The field so far, from earlier chunks and between doubled quotes. */
  #text = "";
  #wasQuoted = false;
  #line = 1;
  #recordLine = 1;
  /** Characters of the record in earlier chunks. */
  #length = 0;
  #afterReturn = false;
  #spaceAfterQuote = false;
  /** Whether any text came. */
  begun = false;
  /** Fields of a record that are kept; the others are only counted. */
  wanted = Infinity;

  constructor(source: string, { delimiter = ",", quote = '"', comment, trim = true, maxColumns = defaultMaxColumns, maxRecordLength = defaultMaxRecordLength }: CsvSyntax) {
    this.#source = source;
    this.#delimiter = delimiter.charCodeAt(0);
    this.#quote = quote.charCodeAt(0);
    this.#comment = comment === undefined ? -1 : comment.charCodeAt(0);
    this.#trim = trim;
    this.#maxColumns = maxColumns;
    this.#maxRecordLength = maxRecordLength;
  }

  /**
   * The records that end within a piece of the text.
   * @throws FormatError where quotes do not fit, or a record is over a limit.
   */
  *push(text: string): Generator<CsvRecord, void, undefined> {
    this.begun = true;
    let begin = 0;
    let from = 0;
    for (let at = 0; at < text.length;) {
      if (this.#state === "quoted") {
        const end = text.indexOf(String.fromCharCode(this.#quote), at);
        const stop = end < 0 ? text.length : end;
        this.#countLines(text, at, stop);
        this.#text += text.slice(at, stop);
        this.#requireLength(stop - begin);
        at = from = stop + 1;
        if (end >= 0) this.#state = "closed";
        continue;
      }
      const code = text.charCodeAt(at);
      if (code === lineFeed && this.#afterReturn) {
        // The second half of `\r\n`.
        this.#afterReturn = false;
        begin = from = ++at;
        continue;
      }
      this.#afterReturn = false;
      if (code === lineFeed || code === carriageReturn) {
        if (this.#state === "plain") this.#text += text.slice(from, at);
        this.#requireLength(at - begin);
        const record = this.#finishRecord();
        this.#line++;
        this.#recordLine = this.#line;
        this.#afterReturn = code === carriageReturn;
        begin = from = ++at;
        if (record !== undefined) yield record;
        continue;
      }
      if (this.#state === "comment") {
        begin = ++at;
      } else if (code === this.#delimiter) {
        if (this.#state === "plain") this.#text += text.slice(from, at);
        this.#finishField();
        from = ++at;
      } else if (this.#state === "closed") {
        at = from = this.#afterQuote(code, at);
      } else if (code === this.#quote) {
        if (this.#state === "plain") this.#text += text.slice(from, at);
        this.#openQuote();
        from = ++at;
      } else if (this.#state === "start") {
        if (code === this.#comment && this.#count === 0) this.#state = "comment";
        else this.#state = "plain";
        from = at++;
      } else at++;
    }
    if (this.#state === "plain") this.#text += text.slice(from);
    this.#requireLength(text.length - begin);
    this.#length += text.length - begin;
  }

  /** The last record, where no line break follows it. */
  *end(): Generator<CsvRecord, void, undefined> {
    if (this.#state === "quoted") {
      throw new FormatError(this.#source, "a quoted field of the record that begins here is not closed before the input ends", { line: this.#recordLine });
    }
    const record = this.#finishRecord();
    if (record !== undefined) yield record;
  }

  /** A quote in a field that is not quoted: it opens one where only spaces stand before it. */
  #openQuote(): void {
    if (this.#text !== "" && !(this.#trim && this.#text.trim() === "")) {
      throw new FormatError(this.#source, "a quote within a field that is not quoted", { line: this.#line }, { fix: "quote the field and double the quote within it" });
    }
    this.#text = "";
    this.#wasQuoted = true;
    this.#state = "quoted";
  }

  /** What follows a quote that closed a field; gives where to go on. */
  #afterQuote(code: number, at: number): number {
    if (code === this.#quote && !this.#spaceAfterQuote) {
      this.#text += String.fromCharCode(code);
      this.#state = "quoted";
      return at + 1;
    }
    if (this.#trim && (code === 32 || code === 9)) {
      this.#spaceAfterQuote = true;
      return at + 1;
    }
    throw new FormatError(this.#source, "text after the closing quote of a field; expected a delimiter or the end of the line (a quote within a field is doubled)", {
      line: this.#line,
    });
  }

  #finishField(): void {
    if (this.#count++ < this.wanted) this.#fields.push(this.#trim && !this.#wasQuoted ? this.#text.trim() : this.#text);
    if (this.#count > this.#maxColumns) throw this.#over(`more than ${this.#maxColumns} fields`, "maxColumns");
    this.#text = "";
    this.#wasQuoted = this.#spaceAfterQuote = false;
    this.#state = "start";
  }

  #finishRecord(): CsvRecord | undefined {
    this.#length = 0;
    const isComment = this.#state === "comment";
    const isEmpty = this.#count === 0 && !this.#wasQuoted && (this.#trim ? this.#text.trim() === "" : this.#text === "");
    if (isComment || isEmpty) {
      this.#text = "";
      this.#state = "start";
      return undefined;
    }
    this.#finishField();
    const record = { line: this.#recordLine, fields: this.#fields, count: this.#count };
    this.#fields = [];
    this.#count = 0;
    return record;
  }

  #countLines(text: string, from: number, to: number): void {
    for (let at = from; at < to; at++) {
      const code = text.charCodeAt(at);
      if (code === carriageReturn || (code === lineFeed && !this.#afterReturn)) this.#line++;
      this.#afterReturn = code === carriageReturn;
    }
    if (to < text.length) this.#afterReturn = false;
  }

  #requireLength(length: number): void {
    if (this.#length + length > this.#maxRecordLength) throw this.#over(`more than ${this.#maxRecordLength} characters`, "maxRecordLength");
  }

  #over(what: string, option: string): FormatError {
    return new FormatError(this.#source, `the record has ${what}, which is the limit`, { line: this.#recordLine }, { fix: `if that is right, raise it with ${option}; otherwise check delimiter and quotes` });
  }
}
