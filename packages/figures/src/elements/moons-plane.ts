import { svg, type SVGTemplateResult } from "lit";
import { range, type Points } from "../tasks/noisy-moons.js";
import { planeOf } from "./plane.js";

const plane = planeOf(range);

/** Points as plain numbers: the coordinates of each, and its class, 0 or 1. */
export type DrawnPoint = readonly [x: number, y: number, label: number];

export function drawnPoints({ x, y }: Points): readonly DrawnPoint[] {
  const [coordinates, labels] = [x.toTypedArray(), y.toTypedArray()];
  return Array.from(labels, (label, at) => [Number(coordinates[2 * at]), Number(coordinates[2 * at + 1]), Number(label)]);
}

/** A point that is learned: a circle for class 1, a square for class 0. `isRinged`: with a ring around it. */
export function learnedPoint([x, y, label]: DrawnPoint, isRinged = false): SVGTemplateResult {
  const [left, top] = [plane.x(x), plane.y(y)];
  const ring = isRinged ? svg`<circle class="wrong" cx=${left} cy=${top} r="11"/>` : svg``;
  return svg`${ring}${label === 1 ? svg`<circle class="point one" cx=${left} cy=${top} r="6.5"/>` : svg`<rect class="point zero" x=${left - 6} y=${top - 6} width="12" height="12" rx="1.5"/>`}`;
}

/** A point that the network never learns from: smaller. */
export function unseenPoint([x, y, label]: DrawnPoint): SVGTemplateResult {
  const [left, top] = [plane.x(x), plane.y(y)];
  return label === 1 ? svg`<circle cx=${left} cy=${top} r="2.6" fill="var(--nn-one)"/>` : svg`<rect x=${left - 2.4} y=${top - 2.4} width="4.8" height="4.8" fill="var(--nn-zero)"/>`;
}
