import { percent } from "../terminal/format.js";
import { html, type Markup } from "./markup.js";

const size = { width: 560, height: 300 } as const;
const margin = { left: 54, right: 24, top: 14, bottom: 38 } as const;
const [across, down] = [size.width - margin.left - margin.right, size.height - margin.top - margin.bottom];

/** A point of the unit square: both coordinates from 0 to 1, from the bottom left. */
export type UnitPoint = readonly [x: number, y: number];

/** A picture of two fractions, one over the other. */
export interface UnitSquare {
  readonly title: string;
  /** The marks of the legend. */
  readonly legend: readonly Markup[];
  /** What the picture shows, for a reader who does not see it. */
  readonly label: string;
  readonly xName: string;
  readonly yName?: string;
  /** Whether the line where both are equal is drawn. */
  readonly diagonal: boolean;
  readonly content: readonly Markup[];
}

/** The picture with its axes, as a figure. */
export function unitSquare({ title, legend, label, xName, yName, diagonal, content }: UnitSquare): Markup {
  const ticks = [0, 0.2, 0.4, 0.6, 0.8, 1];
  const middle = (margin.left + size.width - margin.right) / 2;
  return html`<figure class="chart">
  <figcaption><span class="chart-title">${title}</span>${legend}</figcaption>
  <svg viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${label}">
    <g class="axes">${ticks.map((value) => html`<line x1="${margin.left}" x2="${size.width - margin.right}" y1="${yOf(value)}" y2="${yOf(value)}"/><text x="${margin.left - 8}" y="${fixed(yOf(value) + 4)}" text-anchor="end">${percent(value, 0)}</text><text x="${xOf(value)}" y="${size.height - margin.bottom + 18}" text-anchor="middle">${percent(value, 0)}</text>`)}<text class="axis-name" x="${middle}" y="${size.height - 3}" text-anchor="middle">${xName}</text>${yName === undefined ? null : html`<text class="axis-name vertical" transform="translate(11 ${margin.top + down / 2}) rotate(-90)" text-anchor="middle">${yName}</text>`}</g>
    ${diagonal ? html`<g class="mark"><line x1="${xOf(0)}" y1="${yOf(0)}" x2="${xOf(1)}" y2="${yOf(1)}"/></g>` : null}
    ${content}
  </svg>
</figure>`;
}

/** Points closer than this, in units of the picture, are left out of a curve. */
const closest = 0.7;

/** A curve through points of the unit square, with a remark for the pointer. */
export function unitCurve(points: readonly UnitPoint[], colour: string, remark: string): Markup {
  let [lastX, lastY] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const kept = points.filter(([x, y], at) => {
    const isKept = at === points.length - 1 || Math.hypot((x - lastX) * across, (y - lastY) * down) >= closest;
    if (isKept) [lastX, lastY] = [x, y];
    return isKept;
  });
  const path = kept.map(([x, y], at) => `${at === 0 ? "M" : "L"}${xOf(x)} ${yOf(y)}`).join("");
  return html`<g class="series-${colour}"><path d="${path}"/><path class="target" d="${path}"><title>${remark}</title></path></g>`;
}

/** A bar of the unit square from its bottom, with a dot at a point, and a remark for the pointer. */
export function unitBar(from: number, to: number, height: number, dot: UnitPoint, remark: string): Markup {
  return html`<g><rect class="bin" x="${fixed(xOf(from) + 2)}" y="${yOf(height)}" width="${fixed(across * (to - from) - 4)}" height="${fixed(down * height)}"/><circle class="series-validation" cx="${xOf(dot[0])}" cy="${yOf(dot[1])}" r="4"/><title>${remark}</title></g>`;
}

function xOf(value: number): number {
  return fixed(margin.left + across * value);
}

function yOf(value: number): number {
  return fixed(margin.top + down * (1 - value));
}

/** A coordinate to a tenth of a unit. */
function fixed(value: number): number {
  return Math.round(value * 10) / 10;
}
