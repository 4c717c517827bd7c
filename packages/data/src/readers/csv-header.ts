import { quote } from "@nn/tensor/extend";
import { FormatError, listed } from "../format-error.js";
import { CsvRecords } from "./csv-records.js";
import type { CsvSyntax } from "./csv-syntax.js";
import { firstRepeated } from "./distinct.js";
import { textChunks, type Reading, type TextSource } from "./input.js";
import { numberOf } from "./number.js";

/** Whether the first record holds the names of the columns; or the names. */
export type CsvHeader = boolean | readonly string[];

/** Options of {@link NamedRecords}. */
export interface NamedRecordsOptions extends CsvSyntax {
  readonly header?: CsvHeader;
  readonly encoding?: string;
}

/** The records of a text. Each has as many fields as there are columns. */
export class NamedRecords {
  names: readonly string[] = [];
  readonly #records: CsvRecords;
  readonly #source: string;
  readonly #header: CsvHeader | undefined;
  readonly #start: (names: readonly string[]) => void;

  /** `start` is called with the names of the columns before the first record. */
  constructor(input: TextSource, how: Reading, { header, encoding, ...syntax }: NamedRecordsOptions, start: (names: readonly string[]) => void) {
    this.#records = new CsvRecords(textChunks(input, how, encoding), how.source, syntax);
    this.#source = how.source;
    this.#header = header;
    this.#start = start;
  }

  /** The character between fields; undefined until it is known. */
  get delimiter(): string | undefined {
    return this.#records.delimiter;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<{ readonly line: number; readonly fields: readonly string[] }, void, undefined> {
    const header = this.#header;
    let begun = false;
    let first = true;
    if (typeof header === "object") this.#begin(requireNames(header, this.#source, undefined));
    for await (const { line, fields, blankLines } of this.#records) {
      // A blank line is a record of one empty field (RFC 4180), which only a file of one column can have.
      if (begun && this.names.length === 1) for (let at = line - blankLines; at < line; at++) yield { line: at, fields: [""] };
      if (!begun) {
        begun = true;
        if (typeof header !== "object") this.#begin(header === false ? fields.map((_, at) => String(at)) : this.#headerOf(fields, line));
        if (header === true || header === undefined) continue;
      }
      if (fields.length !== this.names.length) throw this.#wrongLength(fields, line, first);
      first = false;
      yield { line, fields };
    }
    if (!begun) throw new FormatError(this.#source, `there are no records; expected ${header === true || header === undefined ? "a header and records" : "records"}`);
  }

  #wrongLength(fields: readonly string[], line: number, isFirst: boolean): FormatError {
    const { length: expected } = this.names;
    const problem = `the record has ${fields.length} field${fields.length === 1 ? "" : "s"}; expected ${expected} (${listed(this.names)})`;
    if (isFirst && typeof this.#header !== "object") {
      const comment = this.names[0]?.charAt(0) ?? "";
      const fixes = [`if the lines before are a title, use skipLines: ${line - 1}`, ...(/[#%;!]/.test(comment) ? [`if a comment, comment: ${quote(comment)}`] : []), `otherwise check delimiter: ${quote(this.delimiter ?? ",")}`];
      return new FormatError(this.#source, problem, { line }, { fix: fixes.join("; ") });
    }
    const fix = fields.length > expected ? `quote fields that contain ${quote(this.delimiter ?? ",")}` : "complete the line, or remove it";
    return new FormatError(this.#source, problem, { line }, { fix });
  }

  #begin(names: readonly string[]): void {
    this.names = names;
    this.#start(names);
  }

  #headerOf(fields: readonly string[], line: number): readonly string[] {
    const names = fields.map((field) => field.trim());
    if (this.#header === undefined && /^#(\s|.*\s)/.test(names[0] ?? "")) {
      throw new FormatError(this.#source, `the first record looks like a comment, not like the names of columns (${listed(names)})`, { line }, {
        fix: 'ignore such lines with comment: "#"; if these are names, say so with header: true',
      });
    }
    if (this.#header === undefined && looksLikeValues(names)) {
      throw new FormatError(this.#source, `the first record looks like values, not like the names of columns (${listed(names)})`, { line }, {
        fix: "if there is no header, say so with header: false or header: [names]; if these are names, with header: true",
      });
    }
    return requireNames(names, this.#source, line);
  }
}

/** Whether names look like values: all are numbers, or some are numbers other than ascending whole numbers (such as years). */
function looksLikeValues(names: readonly string[]): boolean {
  const numbers = names.map((name) => numberOf(name)).filter((value) => !Number.isNaN(value));
  if (numbers.length === names.length) return true;
  return numbers.some((value, at) => !Number.isInteger(value) || value < 0 || (at > 0 && value <= (numbers[at - 1] as number)));
}

function requireNames(names: readonly string[], source: string, line: number | undefined): readonly string[] {
  const position = line === undefined ? {} : { line };
  const empty = names.indexOf("");
  if (empty >= 0) throw new FormatError(source, `column ${empty + 1} of the header has no name (${listed(names)})`, position, {
      fix: line === undefined ? "give every column a name" : `name it, or give the names with header: [names] and skipLines: ${line}`,
    });
  const twice = firstRepeated(names);
  if (twice !== undefined) throw new FormatError(source, `two columns of the header have the name ${quote(twice)}`, position, {
      fix: line === undefined ? "give every column a name of its own" : `rename one of them, or give the names with header: [names] and skipLines: ${line}`,
    });
  return names;
}
