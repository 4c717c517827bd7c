import { SingleBar } from "cli-progress";
import { shorten, widthOf, type Style } from "./style.js";
import type { NoteStream } from "./terminal.js";

/** A line at the end of a screen that is written again and again. Where there is no screen, it is nothing. */
export class LiveLine {
  readonly #bar: SingleBar | undefined;
  #isShown = false;

  constructor(stream: NoteStream, style: Style) {
    if (stream.isTTY !== true) return;
    this.#bar = new SingleBar({
      stream, clearOnComplete: true, hideCursor: true, gracefulExit: false, emptyOnZero: true, fps: 12,
      format: (_options, _parameters, { line }: { line?: string }) => style.dim(shorten(line ?? "", widthOf(stream) - 1)),
    });
  }

  /** Whether there is a screen to show it. */
  get isVisible(): boolean {
    return this.#bar !== undefined;
  }

  show(line: string): void {
    if (!this.#isShown) this.#bar?.start(1, 0, { line });
    this.#isShown = true;
    this.#bar?.update(0, { line });
    // Work that leaves timers no turn would hide it.
    this.#bar?.render();
  }

  clear(): void {
    if (this.#isShown) this.#bar?.stop();
    this.#isShown = false;
  }
}
