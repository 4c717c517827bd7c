import { Writable } from "node:stream";
import { Terminal, type NoteStream } from "../src/terminal/terminal.js";

/** A stream that keeps what is written to it. */
class Memory extends Writable {
  text = "";
  readonly isTTY: boolean;
  readonly columns: number;

  readonly #listen: (text: string) => void;

  constructor(columns: number | undefined, listen: (text: string) => void = () => undefined) {
    super();
    this.#listen = listen;
    this.isTTY = columns !== undefined;
    this.columns = columns ?? 0;
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    this.#listen(chunk.toString());
    done();
  }
}

/** A terminal whose output can be looked at. With `columns` it is a screen, otherwise a file. `listen` hears each piece of the output. */
export function capturedTerminal(columns?: number, listen?: (text: string) => void): { readonly terminal: Terminal; readonly out: () => string; readonly notes: () => string; readonly stream: NoteStream } {
  const stdout = new Memory(columns, listen);
  const stderr = new Memory(columns);
  return { terminal: new Terminal(stdout, stderr, {}), out: () => stdout.text, notes: () => stderr.text, stream: stderr };
}
