import { ArgumentError } from "@nn/tensor";
import { describeValue } from "@nn/tensor/extend";

/** The syntax of a CSV text. */
export interface CsvSyntax {
  /** The character between fields. Default: the one of `,`, `;`, tab and `|` that fits the first records; if two fit, the text is refused. */
  readonly delimiter?: string;
  /** The character around fields that contain the delimiter, a line break or this character, which is then doubled. Default `"`. */
  readonly quote?: string;
  /** Lines that begin with this character are ignored. Default: none. */
  readonly comment?: string;
  /** Number of lines to ignore at the beginning, such as a title. Default 0. */
  readonly skipLines?: number;
  /** Whether spaces around fields are removed; spaces within quotes stay. Default true. */
  readonly trim?: boolean;
  /** The most fields of a record. Default 100,000. */
  readonly maxColumns?: number;
  /** The most bytes of a record, in UTF-8. Default 4,194,304. */
  readonly maxRecordLength?: number;
}

/** Default of {@link CsvSyntax.maxColumns}. */
export const defaultMaxColumns = 100_000;

/** Default of {@link CsvSyntax.maxRecordLength}. */
export const defaultMaxRecordLength = 2 ** 22;

/**
 * Refuses delimiter, quote and comment marks that are not single, distinct characters.
 * @throws ArgumentError
 */
export function requireMarks(operation: string, { delimiter, quote, comment }: CsvSyntax): void {
  const marks = Object.entries({ delimiter, quote, comment }).filter(([, mark]) => mark !== undefined);
  for (const [at, [name, mark]] of marks.entries()) {
    if (mark?.length !== 1 || mark === "\n" || mark === "\r") throw new ArgumentError(`${operation}: ${name} is ${describeValue(mark)}, expected one character other than a line break`);
    const same = marks.slice(0, at).find(([, other]) => other === mark);
    if (same !== undefined) throw new ArgumentError(`${operation}: ${same[0]} and ${name} are both ${describeValue(mark)}, expected different characters`);
  }
}
