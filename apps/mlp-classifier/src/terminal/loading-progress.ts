import type { DownloadListener } from "../data/built-in.js";
import { ReadingProgress } from "./reading.js";
import type { Terminal } from "./terminal.js";

/** The number of bytes between two messages about a download. */
const downloadStep = 1 << 21;

/** The progress of loading data on the error stream: a live line on a screen, nothing elsewhere. */
export class LoadingProgress {
  readonly #terminal: Terminal;
  readonly #reading: ReadingProgress | undefined;
  #told = 0;

  constructor(terminal: Terminal, quiet: boolean) {
    this.#terminal = terminal;
    this.#reading = quiet ? undefined : new ReadingProgress(terminal.stderr, terminal.noteStyle);
  }

  reading(path: string, bytes: number, total: number | undefined): void {
    this.#reading?.update(path, bytes, total);
  }

  clear(): void {
    this.#reading?.clear();
  }

  downloading({ file, received, total }: Parameters<DownloadListener>[0]): void {
    if (this.#reading === undefined || (received - this.#told < downloadStep && received !== total && received >= this.#told)) return;
    this.#told = received;
    const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
    this.#terminal.note(`downloading ${file}: ${megabytes(received)}${total === undefined ? "" : ` of ${megabytes(total)}`} MB`);
  }
}
