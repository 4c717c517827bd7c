import { describeValue } from "./arguments/describe.js";
import { requireKind } from "./arguments/kinds.js";
import { bytesPerElement, type DType } from "./dtype.js";
import { ArgumentError, ShapeError } from "./errors.js";
import { outOfMemory } from "./out-of-memory.js";

/** Sizes of a tensor's axes, outermost first; `[]` is a scalar. */
export type Shape = readonly number[];

/**
 * A frozen shape: the shape itself if it is frozen, otherwise a frozen copy. Tensors, variables, gradients and compiled programs share it. `slice` and `every` are slow on frozen arrays, so
 * code that runs for every operation uses loops or {@link subShape}.
 */
export function frozenShape(shape: Shape): Shape {
  return Object.isFrozen(shape) ? shape : Object.freeze([...shape]);
}

/** Number of elements of a tensor of this shape. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (let axis = 0; axis < shape.length; axis++) size *= shape[axis] as number;
  return size;
}

/** Whether `shape` is a list of numbers whose product is `size`. */
export function fills(shape: unknown, size: number): boolean {
  if (!Array.isArray(shape)) return false;
  let product = 1;
  for (let axis = 0; axis < shape.length; axis++) {
    const length: unknown = shape[axis];
    if (typeof length !== "number") return false;
    product *= length;
  }
  return product === size;
}

/** The sizes of the axes from `start` up to, not including, `end`, as `slice` counts. */
export function subShape(shape: Shape, start: number, end?: number): number[] {
  return [...shape].slice(start, end);
}

/** Row-major strides, in elements. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis] ?? 1;
  }
  return strides;
}

/** `[2, 3]`, as error messages write shapes. */
export function formatShape(shape: Shape): string {
  if (!Array.isArray(shape)) throw new ShapeError(`formatShape: the shape is ${describeValue(shape)}, expected an array`);
  return `[${shape.map((length: unknown) => (typeof length === "number" ? String(length) : describeValue(length))).join(", ")}]`;
}

/** Whether two shapes are equal. */
export function sameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let axis = 0; axis < a.length; axis++) if (a[axis] !== b[axis]) return false;
  return true;
}

/** The most elements of a tensor. Compiled functions number positions with 32 bits, also for tensors that are not written to memory. */
const mostElements = 2 ** 32;

/** The most axes of a tensor, as in PyTorch and NumPy. */
export const mostAxes = 64;

/**
 * Throws unless a value is a shape: an array of non-negative whole numbers whose product can be allocated.
 * @throws ShapeError that names the operation.
 */
export function requireShape(operation: string, shape: unknown, dtype: DType = "float32"): asserts shape is Shape {
  if (!Array.isArray(shape)) throw new ShapeError(`${operation}: the shape is ${describeValue(shape)}, expected an array of sizes such as [2, 3]`);
  for (const length of shape as readonly unknown[]) {
    if (Number.isSafeInteger(length) && (length as number) >= 0) continue;
    const found = typeof length === "number" ? `${formatShape(shape)} is not a shape` : `the shape holds ${describeValue(length)}`;
    throw new ShapeError(`${operation}: ${found}; sizes are non-negative whole numbers`);
  }
  if (shape.length > mostAxes) throw new ShapeError(`${operation}: the shape has ${shape.length} axes, expected at most ${mostAxes}`);
  const size = sizeOf(shape);
  if (!(size <= mostElements)) throw outOfMemory(operation, tooLarge(shape, dtype));
}

/** Why a tensor cannot be made, with the memory that it would take. */
export function tooLarge(shape: Shape, dtype: DType): string {
  const bytes = sizeOf(shape) * bytesPerElement[dtype];
  const amount = bytes < 1e15 ? `${Number((bytes / 1e9).toPrecision(3))} GB` : `${bytes.toExponential(1)} bytes`;
  return `a ${dtype} tensor of shape ${formatShape(shape)} takes ${amount}, which cannot be allocated`;
}

/**
 * The shape that all shapes broadcast to by NumPy's rules: aligned at the last axis, sizes equal or 1.
 * @throws ShapeError that names all shapes if they do not fit.
 */
export function broadcastShapes(operation: string, shapes: readonly Shape[]): Shape {
  if (!Array.isArray(shapes) || !shapes.every((shape: unknown) => Array.isArray(shape))) throw new ShapeError(`${operation}: the shapes are ${describeValue(shapes)}, expected an array of arrays`);
  let result: Shape = shapes[0] ?? [];
  for (let at = 1; at < shapes.length; at++) {
    const shape = shapes[at] as Shape;
    if (!sameShape(result, shape)) result = broadcastPair(operation, result, shape, shapes);
  }
  return result;
}

function broadcastPair(operation: string, a: Shape, b: Shape, shapes: readonly Shape[]): Shape {
  const rank = Math.max(a.length, b.length);
  const result: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const [inA, inB] = [axis + a.length - rank, axis + b.length - rank];
    const x = inA < 0 ? 1 : (a[inA] as number);
    const y = inB < 0 ? 1 : (b[inB] as number);
    if (x !== y && x !== 1 && y !== 1) {
      throw new ShapeError(
        `${operation}: cannot broadcast ${shapes.map(formatShape).join(" with ")} ` +
          `(sizes ${x} and ${y} on axis ${axis - rank}); sizes must be equal or 1`,
      );
    }
    result.push(x === 1 ? y : x);
  }
  return result;
}

/** Strides that read a tensor of `shape` as if broadcast to `target`: 0 along broadcast axes. */
export function broadcastStrides(shape: Shape, target: Shape): number[] {
  const strides = new Array<number>(target.length).fill(0);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const length = shape[axis] as number;
    if (length !== 1) strides[axis + target.length - shape.length] = stride;
    stride *= length;
  }
  return strides;
}

/** Converts a possibly negative axis to 0 … rank − 1. */
export function normalizeAxis(operation: string, axis: number, rank: number): number {
  requireKind(operation, "the rank", rank, "size");
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank) {
    const range = rank === 0 ? "a scalar has no axes" : `expected ${-rank} to ${rank - 1} for rank ${rank}`;
    throw typeof axis === "number" ? new ArgumentError(`${operation}: axis ${axis} is out of range; ${range}`) : noAxis(operation, axis, range);
  }
  return axis < 0 ? axis + rank : axis;
}

/** Sorted non-negative axes without repeats; `undefined` means all. A single axis may be given as a number. */
export function normalizeAxes(operation: string, axes: number | readonly number[] | undefined, rank: number): number[] {
  requireKind(operation, "the rank", rank, "size");
  if (axes === undefined) return Array.from({ length: rank }, (_, axis) => axis);
  if (typeof axes !== "number" && !Array.isArray(axes)) throw noAxis(operation, axes, "expected a whole number or an array of them");
  const list: readonly number[] = typeof axes === "number" ? [axes] : axes;
  const result = Array.from(list, (axis) => normalizeAxis(operation, axis, rank)).toSorted((a, b) => a - b);
  if (new Set(result).size !== result.length) {
    throw new ArgumentError(`${operation}: axes [${list.join(", ")}] name one axis twice`);
  }
  return result;
}

function noAxis(operation: string, axis: unknown, expected: string): ArgumentError {
  const hint = typeof axis === "object" && axis !== null && "axis" in axis ? "; give the axis itself, not an object" : "";
  return new ArgumentError(`${operation}: axis is ${describeValue(axis)}, ${expected}${hint}`);
}
