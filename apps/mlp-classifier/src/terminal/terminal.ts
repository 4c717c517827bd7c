import { styleFor, widthOf, type Screen, type Style } from "./style.js";

/** A stream that is written to, perhaps a screen. */
export interface TextStream extends Screen {
  write(text: string): unknown;
}

/** A stream for remarks and the progress bar. */
export type NoteStream = NodeJS.WritableStream & Screen;

/** Where the program writes: results to one stream, all else to the other. */
export class Terminal {
  readonly style: Style;
  readonly noteStyle: Style;
  readonly stderr: NoteStream;
  readonly #stdout: TextStream;

  constructor(stdout: TextStream, stderr: NoteStream, environment: NodeJS.ProcessEnv = process.env) {
    this.#stdout = stdout;
    this.stderr = stderr;
    this.style = styleFor(stdout, environment);
    this.noteStyle = styleFor(stderr, environment);
  }

  /** Columns of a line of results. */
  get columns(): number {
    return widthOf(this.#stdout);
  }

  /** Lines of a result, for a person. */
  print(...lines: readonly string[]): void {
    this.write(lines.map((line) => `${line}\n`).join(""));
  }

  /** A result, as it is. */
  write(text: string): void {
    this.#stdout.write(text);
  }

  /** A line of a result, for a program. */
  event(name: string, fields: Readonly<Record<string, unknown>>): void {
    this.write(`${JSON.stringify({ event: name, ...fields })}\n`);
  }

  /** A remark that is no result. */
  note(line: string): void {
    this.stderr.write(`${line}\n`);
  }
}
