import type { PenPoint } from "../../tasks/drawing.js";
import { limits, pictureSide } from "../../tasks/playground/choices.js";
import { shareOf } from "../pointer.js";
import { paper, withStroke } from "./own-pictures.js";

/** What a pad tells. */
interface Listener {
  /** The picture is another one. */
  readonly changed: () => void;
  /** A key adds the picture to a class. */
  readonly add: (target: number) => void;
  readonly refresh: () => void;
}

/** A small sheet of paper, for a pointer and for keys. */
export class Pad {
  pixels = paper;
  isErasing = false;
  /** The pixel that keys draw at; its frame is shown when the pad has the focus. */
  cell: readonly [column: number, row: number] = [pictureSide / 2, pictureSide / 2];
  readonly #listener: Listener;
  #last: PenPoint | undefined;

  constructor(listener: Listener) {
    this.#listener = listener;
  }

  /** Puts a picture on the pad, in place of the one that is there. */
  show(pixels: readonly number[]): void {
    this.pixels = pixels;
    this.#listener.changed();
  }

  press(event: PointerEvent): void {
    if (event.button !== 0 || !(event.currentTarget instanceof Element)) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    this.#draw(shareOf(event));
  }

  move(event: PointerEvent): void {
    if (this.#last !== undefined) this.#draw(shareOf(event));
  }

  release(): void {
    this.#last = undefined;
  }

  key(event: KeyboardEvent): void {
    const by = arrows[event.key];
    if (by !== undefined) this.cell = [inside(this.cell[0] + by[0]), inside(this.cell[1] + by[1])];
    else if (event.key === " " || event.key === "Enter") this.#dot(this.isErasing);
    else if (event.key === "Delete" || event.key === "Backspace") this.#dot(true);
    else if (/^[1-9]$/.test(event.key) && Number(event.key) <= limits.classes) this.#listener.add(Number(event.key) - 1);
    else return;
    event.preventDefault();
    this.#listener.refresh();
  }

  #draw(place: PenPoint): void {
    const from = this.#last ?? place;
    this.#last = place;
    this.show(withStroke(this.pixels, from, place, this.isErasing));
  }

  /** Draws at the cell. */
  #dot(erase: boolean): void {
    const centre: PenPoint = [(this.cell[0] + 0.5) / pictureSide, (this.cell[1] + 0.5) / pictureSide];
    this.show(withStroke(this.pixels, centre, centre, erase));
  }
}

const arrows: Readonly<Record<string, readonly [number, number]>> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const inside = (value: number): number => Math.min(pictureSide - 1, Math.max(0, value));
