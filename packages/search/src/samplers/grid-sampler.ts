import { ArgumentError } from "@nn/tensor";
import { describeValue, didYouMean, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { binOf, valueCount, type Dimension, type Point } from "../space/dimension.js";
import type { Sampler } from "./sampler.js";

/** Options of {@link gridSampler}. */
export interface GridOptions {
  /**
   * Number of values of each real number, evenly spaced from `low` to `high`, both included: one number for all, or one for each by its name, such as
   * `{ learningRate: 5, "optimizer.adam.beta1": 3 }`. Required if the space has real numbers.
   */
  readonly points?: number | Readonly<Record<string, number>> | undefined;
}

const gridOptions: OptionKinds<GridOptions> = { points: "any" };

/**
 * Tries all combinations of values, one after the other: every value of integers and choices, and `points` values of real numbers. The last parameter changes
 * fastest. Parameters of branches that are not chosen do not multiply the combinations. After the last combination the study ends. Combinations are computed
 * one at a time, so there may be any number of them: `trials` limits how many are tried.
 * @throws ArgumentError for points that are not whole numbers from 2, and, when the sampler is used, for real numbers without points.
 */
export function gridSampler(options: GridOptions = {}): Sampler {
  requireOptions("gridSampler", options, gridOptions);
  const { points } = options;
  for (const count of typeof points === "object" ? Object.values(points) : points === undefined ? [] : [points]) requireCount(count);
  return {
    name: "grid",
    suggest: ({ dimensions, number }) => {
      if (typeof points === "object") requireNames(points, dimensions);
      return new Grid(dimensions, points).point(number);
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

/** The grid values of a dimension: their number, and the coordinate of each. They are not listed, so there may be any number of them. */
interface Axis {
  readonly count: number;
  readonly coordinate: (value: number) => number;
}

function axisOf(dimension: Dimension, points: GridOptions["points"]): Axis {
  if (dimension.parameter.type !== "float") {
    return { count: valueCount(dimension), coordinate: (value) => binOf(dimension, value).reduce((a, b) => a + b) / 2 };
  }
  const count = typeof points === "object" ? points[dimension.name] : points;
  if (count === undefined) throw new ArgumentError(`gridSampler: the space has the float "${dimension.name}", of which a grid needs a number of points, such as gridSampler({ points: 5 })`);
  return { count, coordinate: (value) => value / (count - 1) };
}

/** The combinations of a space. */
class Grid {
  readonly #dimensions: readonly Dimension[];
  readonly #axes: readonly Axis[];

  constructor(dimensions: readonly Dimension[], points: GridOptions["points"]) {
    this.#dimensions = dimensions;
    this.#axes = dimensions.map((dimension) => axisOf(dimension, points));
  }

  /** The combination with a number, from 0; `undefined` if there are not that many. */
  point(number: number): Point | undefined {
    const point: (number | undefined)[] = this.#dimensions.map(() => undefined);
    return this.#write(this.#under(undefined), number, point) === 0 ? point : undefined;
  }

  /** The dimensions that exist under a condition itself, not under those below it. */
  #under(condition: Dimension["condition"]): readonly number[] {
    return this.#dimensions.flatMap((each, index) => (each.condition?.index === condition?.index && each.condition?.value === condition?.value ? [index] : []));
  }

  /** The number of combinations of some dimensions, with those below them. */
  #combinations(indices: readonly number[]): number {
    return indices.reduce((product, index) => {
      const sizes = this.#branchSizes(index);
      return product * (sizes === undefined ? (this.#axes[index]?.count ?? 1) : sizes.reduce((a, b) => a + b, 0));
    }, 1);
  }

  /** The number of combinations below each value of a dimension; `undefined` if there are none. */
  #branchSizes(index: number): readonly number[] | undefined {
    if (!this.#dimensions.some(({ condition }) => condition?.index === index)) return undefined;
    return Array.from({ length: this.#axes[index]?.count ?? 0 }, (_, value) => this.#combinations(this.#under({ index, value })));
  }

  /** Writes the combination of some dimensions into a point; returns what is left of its number. */
  #write(indices: readonly number[], number: number, point: (number | undefined)[]): number {
    let rest = number;
    for (const index of indices.toReversed()) {
      const axis = this.#axes[index];
      if (axis === undefined) continue;
      const sizes = this.#branchSizes(index);
      const size = sizes === undefined ? axis.count : sizes.reduce((a, b) => a + b, 0);
      const [value, within] = sizes === undefined ? [rest % size, 0] : branchOf(sizes, rest % size);
      rest = Math.floor(rest / size);
      point[index] = axis.coordinate(value);
      if (sizes !== undefined) this.#write(this.#under({ index, value }), within, point);
    }
    return rest;
  }
}

/** The branch that has a combination of several branches one after the other, and its number there. */
function branchOf(sizes: readonly number[], number: number): readonly [branch: number, within: number] {
  let within = number;
  for (const [branch, size] of sizes.entries()) {
    if (within < size) return [branch, within];
    within -= size;
  }
  return [0, 0];
}
