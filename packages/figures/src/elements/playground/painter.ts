/** Paints canvases, each only when something that it shows has changed: most of the time of a frame is painting. */
export class Painter {
  readonly #shown = new WeakMap<HTMLCanvasElement, readonly unknown[]>();

  /** Paints a canvas, unless it shows the same things already. */
  paint(canvas: HTMLCanvasElement, things: readonly unknown[], paint: (canvas: HTMLCanvasElement) => void): void {
    const before = this.#shown.get(canvas);
    if (before?.length === things.length && before.every((thing, at) => Object.is(thing, things[at]))) return;
    this.#shown.set(canvas, things);
    paint(canvas);
  }
}
