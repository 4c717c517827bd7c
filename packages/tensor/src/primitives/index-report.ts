import { ArgumentError } from "../errors.js";
import { formatShape, stridesOf, type Shape } from "../shape.js";
import type { IndexAttributes } from "./attributes.js";

/** The error for an index out of range: `value`, found at the flat position `at` of an index of the shape `index`, where the axis has `size` elements. */
export function indexFault(
  primitive: string, { axis, report = { operation: primitive } }: IndexAttributes, index: Shape, size: number, value: number, at?: number,
): ArgumentError {
  const { operation, shape = index, axis: indexed = axis, problem, negative = false } = report;
  if (problem !== undefined) return new ArgumentError(`${operation}: ${problem}`);
  const strides = stridesOf(shape);
  const position = at === undefined || shape.length === 0 ? "" : ` at ${formatShape(shape.map((length, along) => Math.floor(at / (strides[along] as number)) % length))}`;
  const expected = negative ? `expected ${-size} to ${size - 1}` : "indices (of classes, of tokens) count from 0";
  return new ArgumentError(`${operation}: index ${value}${position} is out of range; axis ${indexed} has size ${size}; ${expected}`);
}
