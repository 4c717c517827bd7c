import { systemReason } from "@nn/files";
import { progressBar, type ProgressBar } from "@nn/train/node";
import { Failure, isSystemError } from "../failure.js";
import { escapeControls } from "@nn/tensor/extend";
import { wrap } from "./facts.js";
import { loss, percent } from "./format.js";
import { safeLine } from "./safe-text.js";
import { styleFor, widthOf, type Screen, type Style } from "./style.js";

/** A stream that is written to, perhaps a screen. */
export interface TextStream extends Screen {
  write(text: string, done?: () => void): unknown;
}

/** A stream for remarks and the progress bar. */
export type NoteStream = NodeJS.WritableStream & Screen;

/** Where the program writes: results to one stream, all else to the other. */
export class Terminal {
  readonly style: Style;
  readonly noteStyle: Style;
  readonly stderr: NoteStream;
  readonly #stdout: TextStream;
  /** The line at the end of the screen that is written again and again; all else is written above it. */
  #live: { clear(): void } | undefined;
  #loss: "nobody reads" | Failure | undefined;

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

  /** Columns of a remark. */
  get noteColumns(): number {
    return widthOf(this.stderr);
  }

  /** Whether results go to a screen. */
  get isScreen(): boolean {
    return this.#stdout.isTTY === true;
  }

  /** Records that results can no longer be written. Returns the failure, unless the reader just ended, as `head` does. */
  outputFailed(error: unknown): Failure | undefined {
    const unread = isSystemError(error, "EPIPE") || isSystemError(error, "EIO") || (error instanceof Error && "code" in error && error.code === "ERR_STREAM_DESTROYED");
    this.#loss ??= unread ? "nobody reads" : new Failure(`cannot write the results: ${systemReason(error)}`, { cause: error });
    return this.#loss === "nobody reads" ? undefined : this.#loss;
  }

  /** Whether nobody reads the results any more. */
  get isUnread(): boolean {
    return this.#loss === "nobody reads";
  }

  /** The reason why the results could not be written, once all writes have ended. */
  async failure(): Promise<Failure | undefined> {
    if (this.#loss === undefined) await new Promise<void>((done) => this.#stdout.write("", () => setImmediate(done)));
    return this.#loss instanceof Failure ? this.#loss : undefined;
  }

  /** Lines of a result, for a person. */
  print(...lines: readonly string[]): void {
    this.write(lines.map((line) => `${safeLine(line)}\n`).join(""));
  }

  /** A progress bar at the end of the screen, for the plugins of a training; nothing where there is no screen. `label` stands before the epoch. */
  progressBar(label?: string): ProgressBar {
    const bar = progressBar({ stream: this.stderr, label, format: (name, value) => (name === "accuracy" ? percent(value) : loss(value)), leaveLine: false });
    this.keepLast(bar);
    return bar;
  }

  /** Clears a line at the end of the screen before anything else is written there. Its owner draws it again. */
  keepLast(line: { clear(): void }): void {
    this.#live = line;
  }

  /** A result, as it is. */
  write(text: string): void {
    this.#live?.clear();
    if (this.#loss === undefined) this.#stdout.write(text);
  }

  /** A line of a result, for a program. */
  event(name: string, fields: Readonly<Record<string, unknown>>): void {
    this.write(`${escapeControls(JSON.stringify({ event: name, ...fields }))}\n`);
  }

  /** A remark that is no result: on a screen in lines that fit, else in one. `command` is one for the reader to copy, which stays in one line. */
  note(text: string, command?: string): void {
    this.#live?.clear();
    const isScreen = this.stderr.isTTY === true;
    const lines = isScreen ? text.split("\n").flatMap((line) => wrap(line, this.noteColumns)) : [text];
    const last = command === undefined ? [] : [isScreen ? `\n  ${command}` : command];
    this.stderr.write(`${[lines.map(safeLine).join("\n"), ...last.map(safeLine)].join(isScreen ? "" : " ")}\n`);
  }

  /** A remark in lines of its own, such as the stack of an error. */
  noteAsIs(text: string): void {
    this.#live?.clear();
    this.stderr.write(`${safeLine(text)}\n`);
  }
}
