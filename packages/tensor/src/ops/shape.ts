import { requireKind } from "../arguments/kinds.js";
import { ArgumentError, ShapeError } from "../errors.js";
import { apply } from "../interpreter/stack.js";
import { requireTensor } from "../operand.js";
import * as primitives from "../primitives/all.js";
import { formatShape, frozenShape, normalizeAxes, normalizeAxis, requireShape, sameShape, sizeOf, subShape, type Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { numberList } from "./lists.js";

/**
 * The same elements in row-major order under another shape. One size may be −1: it is computed from the others.
 *
 * @example
 * ```ts
 * import { arange, reshape } from "@nn/tensor";
 * reshape(arange(6), [2, -1]).toArray(); // => [[0, 1, 2], [3, 4, 5]]
 * ```
 * @throws ShapeError if the number of elements differs, or if −1 cannot be computed.
 */
export function reshape(x: Tensor, shape: Shape): Tensor {
  requireTensor("reshape", x);
  const target = completeShape(x.shape, shape);
  return sameShape(target, x.shape) ? x : apply(primitives.reshape, [x], { shape: frozenShape(target) });
}

/** Replaces a −1 by the remaining size. */
function completeShape(from: Shape, shape: Shape): Shape {
  if (!Array.isArray(shape)) requireShape("reshape", shape);
  const size = sizeOf(from);
  const unknown = shape.indexOf(-1);
  const refuse = (why: string): never => {
    throw new ShapeError(`reshape: cannot reshape ${formatShape(from)} (${size} elements) into ${formatShape(shape)}${why}`);
  };
  if (unknown !== shape.lastIndexOf(-1)) refuse("; only one size may be -1");
  let known = 1;
  for (const length of shape) {
    if (length === -1) continue;
    if (!Number.isSafeInteger(length) || length < 0) refuse("; sizes are non-negative whole numbers, and one may be -1");
    known *= length;
  }
  if (unknown === -1) {
    if (known !== size) refuse(`, which has ${known}`);
    return shape;
  }
  if (known === 0) refuse("; -1 is ambiguous next to a size of 0");
  if (size % known !== 0) refuse(`; ${size} is not divisible by ${known}`);
  return shape.with(unknown, size / known);
}

/**
 * Reorders the axes: axis `i` of the result is axis `axes[i]` of the input.
 *
 * @example
 * ```ts
 * import { permute, zeros } from "@nn/tensor";
 * permute(zeros([2, 3, 4]), [2, 0, 1]).shape; // => [4, 2, 3]
 * ```
 * @throws ArgumentError unless every axis is named exactly once.
 */
export function permute(x: Tensor, axes: readonly number[]): Tensor {
  requireTensor("permute", x);
  requireKind("permute", "axes", axes, "list");
  const permutation = axes.map((axis) => normalizeAxis("permute", axis, x.shape.length));
  if (permutation.length !== x.shape.length || new Set(permutation).size !== permutation.length) {
    throw new ArgumentError(
      `permute: axes ${formatShape(axes)} must name each of the ${x.shape.length} axes of ${formatShape(x.shape)} exactly once`,
    );
  }
  return permutation.every((axis, at) => axis === at) ? x : apply(primitives.permute, [x], { permutation });
}

/**
 * Swaps two axes; by default the last two, which transposes a matrix or a batch of matrices.
 * @throws ArgumentError if an axis is out of range.
 */
export function transpose(x: Tensor, a = -2, b = -1): Tensor {
  requireTensor("transpose", x);
  const rank = x.shape.length;
  const first = normalizeAxis("transpose", a, rank);
  const second = normalizeAxis("transpose", b, rank);
  return permute(x, swapped(rank, first, second));
}

function swapped(rank: number, first: number, second: number): number[] {
  return Array.from({ length: rank }, (_, axis) => (axis === first ? second : axis === second ? first : axis));
}

/**
 * Repeats axes of size 1 (and new leading axes) to `shape`; −1 keeps the size of an axis.
 * @throws ShapeError if the shape does not broadcast.
 */
export function expand(x: Tensor, shape: Shape): Tensor {
  requireTensor("expand", x);
  if (!Array.isArray(shape)) requireShape("expand", shape);
  const offset = shape.length - x.shape.length;
  const target = shape.map((length, axis) => {
    if (length !== -1) return length;
    const own = x.shape[axis - offset];
    if (own === undefined) {
      throw new ShapeError(`expand: -1 at axis ${axis} of ${formatShape(shape)} stands for an axis that ${formatShape(x.shape)} does not have`);
    }
    return own;
  });
  requireShape("expand", target);
  return sameShape(target, x.shape) ? x : apply(primitives.expand, [x], { shape: frozenShape(target) });
}

/**
 * Removes axes of size 1: all of them, or those of `axis` that have size 1 (others stay, as in PyTorch).
 * @throws ArgumentError if an axis is out of range.
 */
export function squeeze(x: Tensor, axis?: number | readonly number[]): Tensor {
  requireTensor("squeeze", x);
  const axes = normalizeAxes("squeeze", axis, x.shape.length);
  return reshape(x, subShape(x.shape, 0).filter((length, at) => length !== 1 || !axes.includes(at)));
}

/**
 * Inserts an axis of size 1 so that it has index `axis` in the result; −1 is the last.
 * @throws ArgumentError if the axis is out of range.
 */
export function unsqueeze(x: Tensor, axis: number): Tensor {
  requireTensor("unsqueeze", x);
  const at = normalizeAxis("unsqueeze", axis, x.shape.length + 1);
  return reshape(x, [...subShape(x.shape, 0, at), 1, ...subShape(x.shape, at)]);
}

/**
 * Joins the axes from `startAxis` to `endAxis` (included) into one; a scalar becomes `[1]`.
 * @throws ArgumentError if an axis is out of range or the range is empty.
 */
export function flatten(x: Tensor, startAxis = 0, endAxis = -1): Tensor {
  requireTensor("flatten", x);
  if (x.shape.length === 0) return reshape(x, [1]);
  const start = normalizeAxis("flatten", startAxis, x.shape.length);
  const end = normalizeAxis("flatten", endAxis, x.shape.length);
  if (start > end) throw new ArgumentError(`flatten: startAxis ${startAxis} comes after endAxis ${endAxis} in ${formatShape(x.shape)}`);
  const joined = sizeOf(subShape(x.shape, start, end + 1));
  return reshape(x, [...subShape(x.shape, 0, start), joined, ...subShape(x.shape, end + 1)]);
}

/**
 * Splits one axis into several of the given sizes, one of which may be −1: the inverse of {@link flatten}.
 * @throws ShapeError if the product of the sizes is not the size of the axis.
 */
export function unflatten(x: Tensor, axis: number, sizes: Shape): Tensor {
  requireTensor("unflatten", x);
  requireShape("unflatten", Array.isArray(sizes) ? sizes.filter((size) => size !== -1) : sizes);
  const at = normalizeAxis("unflatten", axis, x.shape.length);
  const length = x.shape[at] as number;
  const known = sizeOf(sizes.filter((size) => size !== -1));
  const complete = sizes.map((size) => (size === -1 ? length / known : size));
  if (sizeOf(complete) !== length || complete.some((size) => !Number.isSafeInteger(size) || size < 0) || sizes.indexOf(-1) !== sizes.lastIndexOf(-1)) {
    throw new ShapeError(`unflatten: axis ${axis} of ${formatShape(x.shape)} has size ${length}, which is not the product of ${formatShape(sizes)}`);
  }
  return reshape(x, x.shape.toSpliced(at, 1, ...complete));
}

/**
 * Moves axes to new positions; the others keep their order.
 * @throws ArgumentError if an axis is out of range or named twice, or if the lists differ in length.
 */
export function moveAxis(x: Tensor, source: number | readonly number[], destination: number | readonly number[]): Tensor {
  requireTensor("moveAxis", x);
  const rank = x.shape.length;
  const from = distinctAxes("source", source, rank);
  const to = distinctAxes("destination", destination, rank);
  if (from.length !== to.length) {
    throw new ArgumentError(`moveAxis: ${from.length} source axes but ${to.length} destination axes; each source needs its destination`);
  }
  const rest = Array.from({ length: rank }, (_, axis) => axis).filter((axis) => !from.includes(axis));
  const permutation = Array.from({ length: rank }, (_, position) => {
    const at = to.indexOf(position);
    return at === -1 ? (rest.shift() as number) : (from[at] as number);
  });
  return permute(x, permutation);
}

/** Checks that each axis is given only once. */
function distinctAxes(what: string, axes: number | readonly number[], rank: number): number[] {
  const list = numberList("moveAxis", what, axes, "integer");
  normalizeAxes("moveAxis", list, rank);
  return list.map((axis) => normalizeAxis("moveAxis", axis, rank));
}

/**
 * Reverses the order of the elements along `axes` (all axes by default).
 * @throws ArgumentError if an axis is out of range or named twice.
 */
export function flip(x: Tensor, axes?: number | readonly number[]): Tensor {
  requireTensor("flip", x);
  const normal = normalizeAxes("flip", axes, x.shape.length);
  return normal.length === 0 ? x : apply(primitives.flip, [x], { axes: normal });
}

/**
 * Rotates the plane of two axes by 90° `times` times, from the first axis towards the second.
 * @throws ArgumentError if the axes are equal or out of range.
 */
export function rot90(x: Tensor, times = 1, axes: readonly [number, number] = [0, 1]): Tensor {
  requireTensor("rot90", x);
  requireKind("rot90", "times", times, "integer");
  requireKind("rot90", "axes", axes, "list");
  const rank = x.shape.length;
  const first = normalizeAxis("rot90", axes[0], rank);
  const second = normalizeAxis("rot90", axes[1], rank);
  if (first === second) throw new ArgumentError(`rot90: axes ${axes[0]} and ${axes[1]} are the same axis; a plane needs two`);
  const quarter = ((times % 4) + 4) % 4;
  if (quarter === 0) return x;
  if (quarter === 2) return flip(x, [first, second]);
  return quarter === 1 ? transpose(flip(x, second), first, second) : flip(transpose(x, first, second), second);
}
