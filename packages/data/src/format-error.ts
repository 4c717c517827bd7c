import { didYouMean, escapeControls, quote } from "@nn/tensor/extend";

/** The position of an error in a file or another input. */
export interface InputPosition {
  /** Line, from 1 on. */
  readonly line?: number;
  /** Name of the column. */
  readonly column?: string;
  /** Byte, from 0 on. */
  readonly offset?: number;
}

/** Optional details of a {@link FormatError}. */
export interface FormatErrorOptions extends ErrorOptions {
  /** What to do about it. */
  readonly fix?: string;
}

/**
 * The input violates its format. The message gives the input, the position, what was found, what was expected, and the fix. Text
 * from the input is quoted, with control characters escaped.
 */
export class FormatError extends Error implements InputPosition {
  override readonly name = "FormatError";
  /** Name of the file, or of the function that reads. */
  readonly source: string;
  /** What is wrong: the message without the position and the fix. */
  readonly problem: string;
  /** What to do about it, if known: the end of the message. */
  readonly fix: string | undefined;
  readonly line?: number;
  readonly column?: string;
  readonly offset?: number;

  constructor(source: string, problem: string, position: InputPosition = {}, { fix, ...options }: FormatErrorOptions = {}) {
    super(`${[escapeControls(source), ...describe(position)].join(", ")}: ${problem}${fix === undefined ? "" : `; ${fix}`}`, options);
    this.source = source;
    this.problem = problem;
    this.fix = fix;
    if (position.line !== undefined) this.line = position.line;
    if (position.column !== undefined) this.column = position.column;
    if (position.offset !== undefined) this.offset = position.offset;
  }
}

function describe({ line, column, offset }: InputPosition): string[] {
  const parts: string[] = [];
  if (line !== undefined) parts.push(`line ${line}`);
  if (column !== undefined) parts.push(`column ${quote(column)}`);
  if (offset !== undefined) parts.push(`byte ${offset}`);
  return parts;
}

/** Lists names for a message: the first eight, quoted. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, 8).map((name) => quote(name)).join(", ");
  return names.length > 8 ? `${shown}, … ${names.length} in all` : shown;
}

/** The message for a column that does not exist. */
export function noColumn(name: string, names: readonly string[]): string {
  // Very short names are all similar to each other.
  return `there is no column ${quote(name)}; there are ${listed(names)}${name.length > 2 ? didYouMean(name, names) : ""}`;
}
