import { allocate, type DType, type TypedArray } from "../dtype.js";
import { ShapeError, UsageError } from "../errors.js";
import { noteReading } from "../interpreter/stack.js";
import { requireTensor } from "../operand.js";
import { formatShape, sizeOf, type Shape } from "../shape.js";
import type { Storage } from "../storage.js";
import type { Tensor } from "../tensor.js";

/** A number, a boolean, or arrays of these nested to one depth. */
export type NestedArray = number | boolean | readonly NestedArray[];

/** A tensor as plain data. `structuredClone`, `postMessage` and JSON turn a tensor into this, and `tensor` turns it into a tensor. */
export interface TensorRecord {
  readonly shape: Shape;
  readonly dtype: DType;
  /** The elements in row-major order; bools are 0 and 1. */
  readonly storage: Storage | readonly number[];
}

/** The elements, for code that continues with numbers. */
function elementsOf(operation: string, x: Tensor): TypedArray {
  noteReading(x);
  return x.data(operation);
}

/**
 * The only element of a tensor, as a number; `true` is 1.
 * @throws ShapeError if there is not exactly one element.
 * @throws UsageError inside a compiled function, where there are no values yet.
 */
export function item(x: Tensor): number {
  requireTensor("item", x);
  if (sizeOf(x.shape) !== 1) {
    throw new ShapeError(`item: ${formatShape(x.shape)} has ${sizeOf(x.shape)} elements, expected exactly 1; use toArray or toTypedArray`);
  }
  return elementsOf("item", x)[0] as number;
}

/** The only element of a tensor that is used where JavaScript expects a number, as in `x < 1` and `x + 1`. */
export function toNumber(x: Tensor): number {
  if (sizeOf(x.shape) === 1) return elementsOf("item", x)[0] as number;
  throw new ShapeError(
    `a tensor ${formatShape(x.shape)} is used where JavaScript expects a number; use operations: x.add(y) for +, x.less(y) for <, x.equal(y) for ==`,
  );
}

/** The most elements and empty arrays for which nested arrays are made. These take some gigabytes. */
const mostNested = 2 ** 28;

/**
 * The elements as nested arrays, bool as `true` and `false`; a scalar as itself.
 * @throws ShapeError for more than 2²⁸ elements.
 * @throws UsageError inside a compiled function, where there are no values yet.
 */
export function toArray(x: Tensor): NestedArray {
  requireTensor("toArray", x);
  let arrays = 1;
  for (const length of x.shape) arrays *= length === 0 ? 1 : length;
  if (arrays > mostNested) throw new ShapeError(`toArray: ${formatShape(x.shape)} has too many nested arrays or elements for JavaScript; use toTypedArray`);
  const data = elementsOf("toArray", x);
  const read = x.dtype === "bool" ? (at: number): boolean => data[at] !== 0 : (at: number): number => data[at] as number;
  return nested(x.shape, 0, 0, sizeOf(x.shape), read);
}

/** Elements `offset` … `offset + size − 1` as arrays nested from `axis` inwards. */
function nested(shape: Shape, axis: number, offset: number, size: number, read: (at: number) => number | boolean): NestedArray {
  if (axis === shape.length) return read(offset);
  const length = shape[axis] as number;
  const stride = length === 0 ? 0 : size / length;
  return Array.from({ length }, (_, at) => nested(shape, axis + 1, offset + at * stride, stride, read));
}

/**
 * The row-major elements, copied into a typed array of the tensor's dtype (`Uint8Array` for bool).
 * @throws UsageError inside a compiled function, where there are no values yet.
 */
export function toTypedArray(x: Tensor): TypedArray {
  requireTensor("toTypedArray", x);
  const copy = allocate(x.dtype, sizeOf(x.shape));
  copy.set(elementsOf("toTypedArray", x));
  return copy;
}

/**
 * The row-major elements as a typed array, also for storages that deliver them later.
 * @throws UsageError inside a compiled function, where there are no values yet.
 */
export async function read(x: Tensor): Promise<TypedArray> {
  requireTensor("read", x);
  const storage = x.storage;
  return ArrayBuffer.isView(storage) ? toTypedArray(x) : storage.readAsync("read");
}

/** Converts the tensor to data that JSON can hold. */
export function toJSON(x: Tensor): TensorRecord {
  const storage = Array.from(elementsOf("toJSON", x));
  const at = storage.findIndex((value) => !Number.isFinite(value));
  if (at === -1) return { shape: x.shape, dtype: x.dtype, storage };
  throw new UsageError(`toJSON: element ${at} of a tensor ${formatShape(x.shape)} is ${storage[at]}, which JSON cannot hold; save tensors as safetensors, or use toTypedArray`);
}
