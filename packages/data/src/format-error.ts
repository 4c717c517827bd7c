/** Where in a file or other input something is wrong. */
export interface Place {
  /** Line, from 1 on. */
  readonly line?: number;
  /** Name of the column. */
  readonly column?: string;
  /** Byte, from 0 on. */
  readonly offset?: number;
}

/** Input is not what its format demands. The message names the input, the place, what was found and what was expected. */
export class FormatError extends Error implements Place {
  override readonly name = "FormatError";
  /** Name of the file, or "input". */
  readonly source: string;
  readonly line?: number;
  readonly column?: string;
  readonly offset?: number;

  constructor(source: string, message: string, place: Place = {}, options?: ErrorOptions) {
    super(`${[source, ...describe(place)].join(", ")}: ${message}`, options);
    this.source = source;
    if (place.line !== undefined) this.line = place.line;
    if (place.column !== undefined) this.column = place.column;
    if (place.offset !== undefined) this.offset = place.offset;
  }
}

function describe({ line, column, offset }: Place): string[] {
  const parts: string[] = [];
  if (line !== undefined) parts.push(`line ${line}`);
  if (column !== undefined) parts.push(`column ${JSON.stringify(column)}`);
  if (offset !== undefined) parts.push(`byte ${offset}`);
  return parts;
}

/** A value as messages show it: quoted, and cut if it is long. */
export function quoted(value: string): string {
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
}
