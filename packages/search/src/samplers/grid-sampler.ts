import { ArgumentError } from "@nn/tensor";
import { describeValue, didYouMean, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { binOf, valueCount, type Dimension } from "../space/dimension.js";
import type { Sampler } from "./sampler.js";

/** Options of {@link gridSampler}. */
export interface GridOptions {
  /**
   * How many values real numbers have, evenly spaced from `low` to `high`, both included: one number for all, or one for each by its name, such as
   * `{ learningRate: 5, "optimizer.adam.beta1": 3 }`. Needed where the space has real numbers.
   */
  readonly points?: number | Readonly<Record<string, number>> | undefined;
}

const gridOptions: OptionKinds<GridOptions> = { points: "any" };

/**
 * All combinations of values, one after the other: of integers and choices each value, of real numbers as many as `points` says. The last
 * parameter changes first. Branches that are not chosen are not multiplied with. After the last combination the study ends.
 * @throws ArgumentError for points that are not whole numbers from 2; when it is used, for real numbers without points.
 */
export function gridSampler(options: GridOptions = {}): Sampler {
  requireOptions("gridSampler", options, gridOptions);
  const { points } = options;
  for (const count of typeof points === "object" ? Object.values(points) : points === undefined ? [] : [points]) requireCount(count);
  return {
    name: "grid",
    suggest: ({ dimensions, number }) => {
      if (typeof points === "object") requireNames(points, dimensions);
      const coordinatesOf = (dimension: Dimension): readonly number[] => gridOf(dimension, points);
      const point: (number | undefined)[] = Array.from({ length: dimensions.length }, () => undefined);
      return placeIn(dimensions, coordinatesOf, childrenOf(dimensions, undefined), number, point) === 0 ? point : undefined;
    },
  };
}

function requireCount(count: unknown): void {
  if (!Number.isSafeInteger(count) || (count as number) < 2) throw new ArgumentError(`gridSampler: points is ${describeValue(count)}, expected a whole number from 2, or such numbers by the names of parameters`);
}

function requireNames(points: Readonly<Record<string, number>>, dimensions: readonly Dimension[]): void {
  const names = dimensions.filter(({ parameter }) => parameter.type === "float").map(({ name }) => name);
  const unknown = Object.keys(points).find((name) => !names.includes(name));
  if (unknown !== undefined) throw new ArgumentError(`gridSampler: points names "${unknown}", but the space has no float of this name${didYouMean(unknown, names)}`);
}

/** The coordinates of a dimension that the grid has. */
function gridOf(dimension: Dimension, points: GridOptions["points"]): readonly number[] {
  if (dimension.parameter.type !== "float") {
    return Array.from({ length: valueCount(dimension) }, (_, index) => binOf(dimension, index).reduce((a, b) => a + b) / 2);
  }
  const count = typeof points === "object" ? points[dimension.name] : points;
  if (count === undefined) throw new ArgumentError(`gridSampler: the space has the float "${dimension.name}", of which a grid needs a number of points, such as gridSampler({ points: 5 })`);
  return Array.from({ length: count }, (_, index) => index / (count - 1));
}

type Coordinates = (dimension: Dimension) => readonly number[];

/** The dimensions that exist under a condition itself, not under those below it. */
function childrenOf(dimensions: readonly Dimension[], condition: Dimension["condition"]): readonly number[] {
  return dimensions.flatMap((each, index) => (each.condition?.index === condition?.index && each.condition?.value === condition?.value ? [index] : []));
}

/** The number of combinations of some dimensions, with those below them. */
function combinations(dimensions: readonly Dimension[], of: Coordinates, indices: readonly number[]): number {
  return indices.reduce((product, index) => {
    const values = dimensions[index] === undefined ? 1 : of(dimensions[index]).length;
    return product * Array.from({ length: values }, (_, value) => combinations(dimensions, of, childrenOf(dimensions, { index, value }))).reduce((a, b) => a + b, 0);
  }, 1);
}

/** Writes the combination with a number into a point; returns what is left of the number, 0 if there is such a combination. */
function placeIn(dimensions: readonly Dimension[], of: Coordinates, indices: readonly number[], number: number, point: (number | undefined)[]): number {
  let rest = number;
  for (const index of indices.toReversed()) {
    const dimension = dimensions[index];
    if (dimension === undefined) continue;
    const sizes = of(dimension).map((_, value) => combinations(dimensions, of, childrenOf(dimensions, { index, value })));
    const size = sizes.reduce((a, b) => a + b, 0);
    let within = rest % size;
    rest = Math.floor(rest / size);
    let value = 0;
    for (; within >= (sizes[value] ?? Infinity); value++) within -= sizes[value] ?? 0;
    point[index] = of(dimension)[value];
    placeIn(dimensions, of, childrenOf(dimensions, { index, value }), within, point);
  }
  return rest;
}
