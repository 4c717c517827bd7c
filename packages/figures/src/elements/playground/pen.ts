import { limits, type Problem } from "../../tasks/playground/choices.js";
import { range, type OwnData } from "../../tasks/playground/settings.js";
import { withoutNear, withoutNearest, withPoint, type Point } from "./own-points.js";

/** What the pen sets: points of a class or with a value, or none. */
export type Brush = number | "eraser";

/** Points along a stroke have this distance; the eraser reaches as far. */
const reach = 0.45;
const keyStep = 0.3;

/** What a pen draws on. */
interface Paper {
  readonly points: () => OwnData;
  readonly problem: () => Problem;
  /** Shows points while a stroke is drawn; they are learned when it ends. */
  readonly show: (points: OwnData) => void;
  readonly learn: (points: OwnData) => void;
  readonly refresh: () => void;
}

/** Draws points with a pointer or with keys. */
export class Pen {
  brush: Brush = 0;
  /** The cross that keys move; it is shown when the plane has the focus. */
  cross: Point = [0, 0];
  readonly #paper: Paper;
  #last: Point | undefined;

  constructor(paper: Paper) {
    this.#paper = paper;
  }

  press(event: PointerEvent): void {
    if (event.button !== 0 || !(event.currentTarget instanceof Element)) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    this.#draw(placeOf(event, event.currentTarget));
  }

  move(event: PointerEvent): void {
    if (this.#last === undefined || !(event.currentTarget instanceof Element)) return;
    const place = placeOf(event, event.currentTarget);
    if (Math.hypot(place[0] - this.#last[0], place[1] - this.#last[1]) >= reach) this.#draw(place);
  }

  release(): void {
    if (this.#last === undefined) return;
    this.#last = undefined;
    this.#paper.learn(this.#paper.points());
  }

  key(event: KeyboardEvent): void {
    const by = arrows[event.key];
    const { points, learn, refresh, problem } = this.#paper;
    if (by !== undefined) this.cross = [bounded(this.cross[0] + by[0] * keyStep), bounded(this.cross[1] + by[1] * keyStep)];
    else if (event.key === " " || event.key === "Enter") learn(this.#changed(this.cross));
    else if (event.key === "Delete" || event.key === "Backspace") learn(withoutNearest(points(), this.cross));
    else if (problem() === "classification" && /^[1-9]$/.test(event.key) && Number(event.key) <= limits.classes) this.brush = Number(event.key) - 1;
    else return;
    event.preventDefault();
    refresh();
  }

  #draw(place: Point): void {
    this.#last = place;
    this.cross = place;
    this.#paper.show(this.#changed(place));
  }

  #changed(place: Point): OwnData {
    const points = this.#paper.points();
    return this.brush === "eraser" ? withoutNear(points, place, reach) : withPoint(points, place, this.brush);
  }
}

const arrows: Readonly<Record<string, Point>> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const bounded = (value: number): number => Math.min(range[1], Math.max(range[0], value));

/** The place in the plane that a pointer is at. */
function placeOf({ clientX, clientY }: PointerEvent, element: Element): Point {
  const { left, top, width, height } = element.getBoundingClientRect();
  const [low, high] = range;
  return [bounded(low + ((clientX - left) / width) * (high - low)), bounded(high - ((clientY - top) / height) * (high - low))];
}
