import { ArgumentError } from "@nn/tensor";
import { describeValue } from "@nn/tensor/extend";
import type { ChoiceParameter, FloatParameter, IntParameter } from "./parameters.js";
import type { Space } from "./parameters.js";

/**
 * One axis of a space as samplers see it: a parameter, mapped to the unit interval. The choice of a branch is a dimension too. It comes before the
 * dimensions of the branches.
 */
export interface Dimension {
  /** The names that lead to the parameter, joined with dots, such as `optimizer.adam.beta1`. */
  readonly name: string;
  readonly parameter: FloatParameter | IntParameter | ChoiceParameter;
  /** The condition under which the dimension exists: dimension `index` has its value number `value`. `undefined`: it always exists. */
  readonly condition: { readonly index: number; readonly value: number } | undefined;
}

/**
 * A point in the space: a number from 0 to 1 for each dimension, or `undefined` if the dimension does not exist there. Of n discrete values, value k
 * (from 0) covers the numbers from k/n to (k + 1)/n; for integers on a logarithmic scale, the widths are in proportion to
 * `log(value + ½) − log(value − ½)`.
 */
export type Point = readonly (number | undefined)[];

/** The dimensions of a space, in the order of its parameters; each branch follows its choice. */
export function dimensionsOf(space: Space): readonly Dimension[] {
  const dimensions: Dimension[] = [];
  const add = (within: Space, prefix: string, condition: Dimension["condition"]): void => {
    for (const [name, parameter] of Object.entries(within)) {
      const path = prefix + name;
      if (parameter.type !== "conditional") {
        dimensions.push({ name: path, parameter, condition });
        continue;
      }
      const kinds = Object.keys(parameter.branches);
      const index = dimensions.length;
      dimensions.push({ name: path, parameter: { type: "choice", values: kinds }, condition });
      for (const [value, kind] of kinds.entries()) add(parameter.branches[kind] ?? {}, `${path}.${kind}.`, { index, value });
    }
  };
  add(space, "", undefined);
  return dimensions;
}

/** Whether a dimension exists at a point. The dimensions before it must be decided. */
export function exists({ condition }: Dimension, point: Point, dimensions: readonly Dimension[]): boolean {
  if (condition === undefined) return true;
  const parent = dimensions[condition.index];
  const at = point[condition.index];
  return parent !== undefined && at !== undefined && discreteIndex(parent, at) === condition.value;
}

/**
 * Refuses values that are not points; your own sampler may return one.
 * @throws ArgumentError unless it is a list with a number from 0 to 1 for each dimension that exists there, and `undefined` or such a number for each other one.
 */
export function requirePoint(operation: string, point: unknown, dimensions: readonly Dimension[]): asserts point is Point {
  if (!Array.isArray(point)) throw new ArgumentError(`${operation}: the point is ${describeValue(point)}, expected a list of ${dimensions.length} coordinates, or undefined if there is none left`);
  const coordinates: readonly unknown[] = point;
  if (coordinates.length > dimensions.length) throw new ArgumentError(`${operation}: the point has ${coordinates.length} coordinates, expected ${dimensions.length}`);
  for (const [index, dimension] of dimensions.entries()) {
    const at = coordinates[index];
    // The dimensions before it were checked.
    if (at === undefined && !exists(dimension, coordinates as Point, dimensions)) continue;
    if (!(typeof at === "number" && at >= 0 && at <= 1)) throw new ArgumentError(`${operation}: the coordinate of "${dimension.name}" is ${describeValue(at)}, expected a number from 0 to 1`);
  }
}

/** The number of values of a discrete dimension; `Infinity` for real numbers. */
export function valueCount({ parameter }: Dimension): number {
  if (parameter.type === "float") return Infinity;
  return parameter.type === "choice" ? parameter.values.length : (parameter.high - parameter.low) / parameter.step + 1;
}

/** The number, from 0, of the value that a discrete dimension has at a coordinate. */
export function discreteIndex(dimension: Dimension, at: number): number {
  const { parameter } = dimension;
  const count = valueCount(dimension);
  if (parameter.type !== "int" || !parameter.log) return clamp(Math.floor(at * count), 0, count - 1);
  const [from, to] = logRange(parameter);
  return clamp(Math.round(Math.exp(from + at * (to - from))), parameter.low, parameter.high) - parameter.low;
}

/** The interval of coordinates of the value with number `index` of a discrete dimension. */
export function binOf(dimension: Dimension, index: number): readonly [from: number, to: number] {
  const { parameter } = dimension;
  const count = valueCount(dimension);
  if (parameter.type !== "int" || !parameter.log) return [index / count, (index + 1) / count];
  const [from, to] = logRange(parameter);
  const edge = (value: number): number => clamp((Math.log(value) - from) / (to - from), 0, 1);
  return [edge(parameter.low + index - 0.5), edge(parameter.low + index + 0.5)];
}

/** The same point with discrete coordinates moved to the middle of their values. */
export function roundPoint(dimensions: readonly Dimension[], point: Point): Point {
  return dimensions.map((dimension, index) => {
    const at = point[index];
    if (at === undefined || dimension.parameter.type === "float") return at;
    const [from, to] = binOf(dimension, discreteIndex(dimension, at));
    return (from + to) / 2;
  });
}

/** The value of a parameter at a coordinate. */
export function valueAt(dimension: Dimension, at: number): string | number | boolean | null {
  const { parameter } = dimension;
  if (parameter.type === "choice") return parameter.values[discreteIndex(dimension, at)] ?? null;
  if (parameter.type === "int") return parameter.low + discreteIndex(dimension, at) * parameter.step;
  const { low, high, log } = parameter;
  return clamp(log ? Math.exp(Math.log(low) + at * (Math.log(high) - Math.log(low))) : low + at * (high - low), low, high);
}

/** The coordinate of a value; for a discrete value, the middle of its interval. `undefined` if the parameter cannot have this value. */
export function coordinateOf(dimension: Dimension, value: unknown): number | undefined {
  const { parameter } = dimension;
  if (parameter.type === "choice") {
    const index = parameter.values.findIndex((each) => each === value);
    return index < 0 ? undefined : middle(binOf(dimension, index));
  }
  const { low, high } = parameter;
  if (typeof value !== "number" || !(value >= low && value <= high)) return undefined;
  if (parameter.type === "int") {
    const index = (value - low) / parameter.step;
    return Number.isInteger(index) ? middle(binOf(dimension, index)) : undefined;
  }
  if (!parameter.log) return (value - low) / (high - low);
  return clamp((Math.log(value) - Math.log(low)) / (Math.log(high) - Math.log(low)), 0, 1);
}

function logRange({ low, high }: IntParameter): readonly [from: number, to: number] {
  return [Math.log(low - 0.5), Math.log(high + 0.5)];
}

function middle([from, to]: readonly [number, number]): number {
  return (from + to) / 2;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
