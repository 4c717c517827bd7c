import { describeValue } from "./arguments/describe.js";
import { requireKind } from "./arguments/kinds.js";
import { bytesPerElement, type DType } from "./dtype.js";
import { ArgumentError, ShapeError } from "./errors.js";

/** Sizes of a tensor's axes, outermost first; `[]` is a scalar. */
export type Shape = readonly number[];

/** Number of elements of a tensor of this shape. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const length of shape) size *= length;
  return size;
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
  return `[${shape.map(String).join(", ")}]`;
}

/** Whether two shapes are equal. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis]);
}

/** More elements than this fit into no typed array and no WebAssembly memory. */
const mostElements = 2 ** 32;

/**
 * Refuses what is no shape: not an array, or sizes that are negative, fractional or more than can be allocated.
 * @throws ShapeError that names the operation.
 */
export function requireShape(operation: string, shape: unknown, dtype: DType = "float32"): asserts shape is Shape {
  if (!Array.isArray(shape)) throw new ShapeError(`${operation}: the shape is ${describeValue(shape)}, expected an array of sizes such as [2, 3]`);
  for (const length of shape as readonly unknown[]) {
    if (Number.isSafeInteger(length) && (length as number) >= 0) continue;
    const found = typeof length === "number" ? `${formatShape(shape)} is not a shape` : `the shape holds ${describeValue(length)}`;
    throw new ShapeError(`${operation}: ${found}; sizes are non-negative whole numbers`);
  }
  const size = sizeOf(shape);
  if (!(size <= mostElements)) throw new ShapeError(`${operation}: ${tooLarge(shape, dtype)}`);
}

/** Why a tensor cannot be made, with the memory that it would take. */
export function tooLarge(shape: Shape, dtype: DType): string {
  const bytes = sizeOf(shape) * bytesPerElement[dtype];
  const amount = bytes < 1e15 ? `${Number((bytes / 1e9).toPrecision(3))} GB` : `${bytes.toExponential(1)} bytes`;
  return `a ${dtype} tensor of shape ${formatShape(shape)} takes ${amount}, which cannot be allocated`;
}

/**
 * The shape that all shapes broadcast to by NumPy's rules: aligned at the last axis, sizes equal or 1.
 * @throws ShapeError naming all the shapes where they do not fit.
 */
export function broadcastShapes(operation: string, shapes: readonly Shape[]): Shape {
  if (!Array.isArray(shapes) || !shapes.every(Array.isArray)) throw new ShapeError(`${operation}: the shapes are ${describeValue(shapes)}, expected an array of arrays`);
  const [first, ...others] = shapes;
  if (first === undefined) return [];
  if (others.every((shape) => sameShape(shape, first))) return first;
  const rank = Math.max(...shapes.map((shape) => shape.length));
  const result = new Array<number>(rank).fill(1);
  for (const shape of shapes) {
    for (let axis = 0; axis < shape.length; axis++) {
      const at = rank - shape.length + axis;
      const length = shape[axis] ?? 1;
      if (length === 1 || length === result[at]) continue;
      if (result[at] !== 1) {
        throw new ShapeError(
          `${operation}: cannot broadcast ${shapes.map(formatShape).join(" with ")} ` +
            `(sizes ${result[at]} and ${length} on axis ${at - rank}); sizes must be equal or 1`,
        );
      }
      result[at] = length;
    }
  }
  return result;
}

/** Strides that read a tensor of `shape` as if broadcast to `target`: 0 along broadcast axes. */
export function broadcastStrides(shape: Shape, target: Shape): number[] {
  const own = stridesOf(shape);
  const offset = target.length - shape.length;
  return target.map((_, axis) => (axis < offset || shape[axis - offset] === 1 ? 0 : (own[axis - offset] ?? 0)));
}

/** Turns a possibly negative axis into 0 … rank − 1. */
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
