import type { Point } from "./plane.js";

type Segment = readonly [Point, Point];

/**
 * The lines on which a grid of values has one value, as the path of an SVG (marching squares). The grid has `side` rows from the bottom up; `size` is the side of the picture.
 */
export function contour(values: readonly number[], side: number, level: number, size: number): string {
  const unit = size / (side - 1);
  const placed = ([x, y]: Point): string => `${(x * unit).toFixed(1)},${(size - y * unit).toFixed(1)}`;
  const cells = Array.from({ length: (side - 1) ** 2 }, (_, at): Point => [at % (side - 1), Math.floor(at / (side - 1))]);
  return cells.flatMap((cell) => segmentsOf(cell, values, side, level)).map(([from, to]) => `M${placed(from)}L${placed(to)}`).join("");
}

/** The pieces of the line within one cell of the grid: it enters and leaves through the sides of the cell. */
function segmentsOf([column, row]: Point, values: readonly number[], side: number, level: number): readonly Segment[] {
  const corners: readonly Point[] = [[column, row], [column + 1, row], [column + 1, row + 1], [column, row + 1]];
  const crossings = corners.flatMap((from, at): Point[] => {
    const to = corners[(at + 1) % 4] ?? from;
    const [here, there] = [from, to].map(([x, y]) => values[y * side + x] ?? NaN);
    if (here === undefined || there === undefined || here < level === there < level) return [];
    const share = (level - here) / (there - here);
    return [[from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])]];
  });
  const [first, second, third, fourth] = crossings;
  if (first === undefined || second === undefined) return [];
  return third === undefined || fourth === undefined ? [[first, second]] : [[first, second], [third, fourth]];
}
