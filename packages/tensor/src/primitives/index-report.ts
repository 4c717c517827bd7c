import { ArgumentError } from "../errors.js";
import { formatShape, stridesOf, type Shape } from "../shape.js";

/** How an index out of range is reported. It changes no result. */
export interface IndexReport {
  /** The operation that was called. */
  readonly operation: string;
  /** The shape of the index that it was given: as many elements, in the same order, as the index of the primitive has; `[]` names no place. */
  readonly shape?: Shape;
  /** The axis of its input that is indexed, where it is another one than the primitive's. */
  readonly axis?: number;
  /** What is wrong, where the index of the primitive is not one that was given. */
  readonly problem?: string;
  /** Whether negative places were counted from the end. Default: false. */
  readonly negative?: boolean;
}

/** The axis that places are counted along, and how one out of range is reported: by default under the name of the primitive. */
export interface IndexAttributes {
  readonly axis: number;
  readonly report?: IndexReport;
}

/** The error for an index out of range: `value`, found at the flat place `at` of an index of the shape `index`, where the axis has `size` elements. */
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
