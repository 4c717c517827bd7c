import { cosSin } from "../../portable-math.js";
import type { Random } from "../../random.js";
import type { Glyph, Point, Stroke } from "./glyphs.js";
import { drawSegment, imageSize } from "./raster.js";

/**
 * How much handwriting varies. Each amount is the maximum of a uniform distribution, unless stated otherwise. The amounts are chosen so
 * that a linear model is clearly worse than a network with hidden units: a weighted sum of pixels cannot follow shift and rotation.
 */
const variation = {
  /** Shift of each control point of a glyph, as a fraction of its height. */
  jitter: 0.025,
  /** In full turns, in either direction. */
  rotation: 0.068,
  /** Slant: sideways shift per unit of height, in either direction. */
  shear: 0.2,
  /** Height of a digit, in pixels. */
  height: [19, 21],
  /** Width as a fraction of the height. */
  width: [0.85, 1.05],
  /** Shift of the whole digit, in pixels, in either direction. */
  shift: 2.25,
  /** Standard deviation, in pixels, of the shifts at the corners of the distortion grid. */
  elastic: 0.28,
  /** Radius of the pen, in pixels. */
  radius: [1.25, 2.2],
  /** Change of the radius along a stroke, as a fraction of the radius, in either direction. */
  pressure: 0.3,
  /** Width of a line's soft edge, in pixels: 1 is sharp. */
  softness: [1.4, 2.3],
  /** Darkness of the ink. */
  ink: [0.75, 1],
  /** Standard deviation of the noise on every pixel. */
  noise: [0, 0.06],
} as const;

/** Number of lines that approximate each span of a smooth curve. */
const linesPerSpan = 6;

/** Draws a glyph with random variation into `image`, which must be all zeros. */
export function write(image: Float32Array, glyph: Glyph, random: Random): void {
  const transform = placement(random);
  const radius = within(variation.radius, random);
  const softness = within(variation.softness, random);
  for (const stroke of glyph) {
    const points = path(jittered(stroke, random)).map(transform);
    const pressure = random.uniform(-variation.pressure, variation.pressure);
    const radiusAt = (index: number): number => radius * (1 + pressure * (index / (points.length - 1) - 0.5));
    for (let index = 1; index < points.length; index++) {
      const [[fromX, fromY], [toX, toY]] = [points[index - 1] as Point, points[index] as Point];
      drawSegment(image, { fromX, fromY, toX, toY, fromRadius: radiusAt(index - 1), toRadius: radiusAt(index) }, softness);
    }
  }
  develop(image, random);
}

/** Applies ink and noise, and rounds to 256 grey levels. */
function develop(image: Float32Array, random: Random): void {
  const ink = within(variation.ink, random);
  // The sum of two uniform numbers, made from the halves of one word, has the standard deviation √(1/6).
  const amplitude = within(variation.noise, random) * Math.sqrt(6);
  for (let at = 0; at < image.length; at++) {
    const word = random.word();
    const noise = ((word & 0xffff) + (word >>> 16)) / 0x10000 - 1;
    const value = (image[at] as number) * ink + amplitude * noise;
    image[at] = Math.round(255 * Math.min(1, Math.max(0, value))) / 255;
  }
}

function within([low, high]: readonly [number, number], random: Random): number {
  return random.uniform(low, high);
}

function jittered({ smooth, points }: Stroke, random: Random): Stroke {
  const { jitter } = variation;
  return { smooth, points: points.map(([x, y]) => [x + random.uniform(-jitter, jitter), y + random.uniform(-jitter, jitter)]) };
}

/** The corners of the polyline of a stroke; a smooth stroke is a spline of Catmull and Rom (1974). */
function path({ smooth, points }: Stroke): readonly Point[] {
  if (!smooth) return points;
  const result: Point[] = [];
  const at = (index: number): Point => points[Math.min(points.length - 1, Math.max(0, index))] as Point;
  for (let span = 0; span + 1 < points.length; span++) {
    const [before, from, to, after] = [at(span - 1), at(span), at(span + 1), at(span + 2)];
    for (let step = 0; step < linesPerSpan; step++) {
      const t = step / linesPerSpan;
      result.push([spline(before[0], from[0], to[0], after[0], t), spline(before[1], from[1], to[1], after[1], t)]);
    }
  }
  result.push(at(points.length - 1));
  return result;
}

function spline(before: number, from: number, to: number, after: number, t: number): number {
  const slopeFrom = (to - before) / 2;
  const slopeTo = (after - from) / 2;
  const rest = to - from;
  return from + t * (slopeFrom + t * (3 * rest - 2 * slopeFrom - slopeTo + t * (slopeFrom + slopeTo - 2 * rest)));
}

/** A random map from the unit square of a glyph to pixels: size, slant, rotation, shift and elastic distortion. */
function placement(random: Random): (point: Point) => Point {
  const [cos, sin] = cosSin(random.uniform(-variation.rotation, variation.rotation));
  const shear = random.uniform(-variation.shear, variation.shear);
  const height = within(variation.height, random);
  const width = height * within(variation.width, random);
  const center = imageSize / 2;
  const shiftX = center + random.uniform(-variation.shift, variation.shift);
  const shiftY = center + random.uniform(-variation.shift, variation.shift);
  const bend = bentPaper(random);
  return ([x, y]) => {
    const down = (y - 0.5) * height;
    const right = (x - 0.5) * width - shear * down;
    return bend([shiftX + right * cos - down * sin, shiftY + right * sin + down * cos]);
  };
}

/** Intervals of the grid along each side of the image. */
const gridCells = 3;

/** Elastic distortion (after Simard et al. 2003): random shifts at the corners of a coarse grid, interpolated smoothly between them. */
function bentPaper(random: Random): (point: Point) => Point {
  const corners = Array.from({ length: 2 * (gridCells + 1) ** 2 }, () => random.normal() * variation.elastic);
  const corner = (row: number, column: number, axis: 0 | 1): number => corners[2 * (row * (gridCells + 1) + column) + axis] as number;
  return ([x, y]) => {
    const [column, right] = cell(x);
    const [row, down] = cell(y);
    const shift = (axis: 0 | 1): number => {
      const top = blend(corner(row, column, axis), corner(row, column + 1, axis), right);
      return blend(top, blend(corner(row + 1, column, axis), corner(row + 1, column + 1, axis), right), down);
    };
    return [x + shift(0), y + shift(1)];
  };
}

/** The grid cell of a coordinate, and the smoothed position within the cell, so that cells join without a kink. */
function cell(coordinate: number): readonly [cell: number, fraction: number] {
  const position = Math.min(gridCells, Math.max(0, (coordinate / imageSize) * gridCells));
  const index = Math.min(gridCells - 1, Math.floor(position));
  const fraction = position - index;
  return [index, fraction * fraction * (3 - 2 * fraction)];
}

function blend(from: number, to: number, fraction: number): number {
  return from + fraction * (to - from);
}
