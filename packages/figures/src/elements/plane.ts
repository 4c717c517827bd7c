import { scaleLinear, type ScaleLinear } from "d3-scale";
import { svg, type SVGTemplateResult } from "lit";

/** A point of a plane. */
export type Point = readonly [x: number, y: number];

/** Square plots have this side in their own pixels. */
export const side = 360;

/** A part of the plane, drawn into a square. */
export interface Plane {
  readonly x: ScaleLinear<number, number>;
  readonly y: ScaleLinear<number, number>;
  readonly range: readonly [from: number, to: number];
}

export function planeOf(range: readonly [number, number]): Plane {
  return { range, x: scaleLinear().domain([...range]).range([0, side]), y: scaleLinear().domain([...range]).range([side, 0]) };
}

/** A line `bias + first x + second y = 0`. */
export type Line = readonly [bias: number, first: number, second: number];

const valueAt = ([bias, first, second]: Line, [x, y]: Point): number => bias + first * x + second * y;

/** The part of a square in which the line's left side is positive. */
export function positiveSide(line: Line, [from, to]: readonly [number, number]): readonly Point[] {
  const square: readonly Point[] = [[from, from], [to, from], [to, to], [from, to]];
  return square.flatMap((point, at): Point[] => {
    const next = square[(at + 1) % square.length] ?? point;
    const [here, there] = [valueAt(line, point), valueAt(line, next)];
    const kept: Point[] = here >= 0 ? [point] : [];
    if (here >= 0 === there >= 0) return kept;
    const share = here / (here - there);
    return [...kept, [point[0] + share * (next[0] - point[0]), point[1] + share * (next[1] - point[1])]];
  });
}

/** Where a line crosses the border of a square: two points, or none. */
export function crossing(line: Line, range: readonly [number, number]): readonly [Point, Point] | undefined {
  const crosses = positiveSide(line, range).filter((point) => Math.abs(valueAt(line, point)) < 1e-9 * Math.max(1, ...line.map(Math.abs)));
  const [first, second] = [crosses[0], crosses.at(-1)];
  return first === undefined || second === undefined || crosses.length < 2 ? undefined : [first, second];
}

/** Points as SVG writes them. */
export function pathOf(points: readonly Point[], { x, y }: Plane): string {
  return points.map((point) => `${x(point[0]).toFixed(1)},${y(point[1]).toFixed(1)}`).join(" ");
}

/** Both sides of a line, and the line. */
export function sides(line: Line, plane: Plane, shaded = true): SVGTemplateResult {
  const ends = crossing(line, plane.range);
  const background = shaded ? svg`<rect class="side-zero" width=${side} height=${side}/><polygon class="side-one" points=${pathOf(positiveSide(line, plane.range), plane)}/>` : svg``;
  const border = ends === undefined ? svg`` : svg`<line class="border" x1=${plane.x(ends[0][0])} y1=${plane.y(ends[0][1])} x2=${plane.x(ends[1][0])} y2=${plane.y(ends[1][1])}/>`;
  return svg`${background}${border}`;
}

/** An example: a circle if its output is 1, a square if it is 0. A wrong answer has a dashed ring. */
export function example([x, y]: Point, { output, right, name }: { readonly output: number; readonly right: boolean; readonly name: string }, plane: Plane): SVGTemplateResult {
  const [left, top] = [plane.x(x), plane.y(y)];
  const shape = output === 1 ? svg`<circle class="point one" cx=${left} cy=${top} r="10"/>` : svg`<rect class="point zero" x=${left - 9} y=${top - 9} width="18" height="18" rx="2"/>`;
  return svg`<g>${right ? svg`` : svg`<circle class="wrong" cx=${left} cy=${top} r="17"/>`}${shape}<text x=${left} y=${top + 32} text-anchor="middle">${name}</text></g>`;
}
