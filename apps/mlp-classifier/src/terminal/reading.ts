import { escapeControls } from "@nn/tensor/extend";
import { percent } from "./format.js";
import { LiveLine } from "./live-line.js";
import type { Style } from "./style.js";
import type { NoteStream } from "./terminal.js";

/** Reading that takes no longer than this, in milliseconds, is not shown. */
const shortest = 400;

/** A line on the screen while a large file is read; where there is no screen, nothing. */
export class ReadingProgress {
  readonly #line: LiveLine;
  readonly #began = performance.now();

  constructor(stream: NoteStream, style: Style) {
    this.#line = new LiveLine(stream, style);
  }

  update(path: string, bytes: number, total: number | undefined): void {
    if (!this.#line.isVisible || performance.now() - this.#began < shortest) return;
    const megabytes = (bytes / 1e6).toFixed(1);
    this.#line.show(total === undefined ? `reading ${escapeControls(path)}: ${megabytes} MB` : `reading ${escapeControls(path)}: ${percent(bytes / total, 0)} of ${(total / 1e6).toFixed(1)} MB`);
  }

  clear(): void {
    this.#line.clear();
  }
}
