import { SingleBar } from "cli-progress";
import { percent } from "./format.js";
import { escapeControls } from "@nn/tensor/extend";
import { shorten, widthOf, type Style } from "./style.js";
import type { NoteStream } from "./terminal.js";

/** Reading that takes no longer than this, in milliseconds, is not shown. */
const shortest = 400;

/** A line on the screen while a large file is read; where there is no screen, nothing. */
export class ReadingProgress {
  readonly #bar: SingleBar | undefined;
  readonly #began = performance.now();
  #shown = false;

  constructor(stream: NoteStream, style: Style) {
    if (stream.isTTY !== true) return;
    this.#bar = new SingleBar({
      stream, clearOnComplete: true, hideCursor: true, gracefulExit: false, emptyOnZero: true, fps: 12,
      format: (_options, _parameters, { line }: { line?: string }) => style.dim(shorten(line ?? "", widthOf(stream) - 1)),
    });
  }

  update(path: string, bytes: number, total: number | undefined): void {
    if (this.#bar === undefined || performance.now() - this.#began < shortest) return;
    const megabytes = (bytes / 1e6).toFixed(1);
    const line = total === undefined ? `reading ${escapeControls(path)}: ${megabytes} MB` : `reading ${escapeControls(path)}: ${percent(bytes / total, 0)} of ${(total / 1e6).toFixed(1)} MB`;
    if (!this.#shown) this.#bar.start(1, 0, { line });
    this.#shown = true;
    this.#bar.update(0, { line });
    // Reading leaves timers no turn.
    this.#bar.render();
  }

  clear(): void {
    if (this.#shown) this.#bar?.stop();
    this.#shown = false;
  }
}
