import { allocate, isFloat, type DType, type TypedArray } from "../dtype.js";
import { DTypeError, ShapeError, UsageError } from "../errors.js";
import { isForeignTensor, isTensor } from "../brand.js";
import { formatShape, requireShape, sizeOf, type Shape } from "../shape.js";
import { Tensor } from "../tensor.js";
import type { NestedArray } from "./reading.js";

/** The typed arrays that a tensor can be made of. */
export type NumericArray =
  | Float32Array | Float64Array | Int8Array | Int16Array | Int32Array | Uint8Array | Uint8ClampedArray | Uint16Array | Uint32Array;

/** What {@link tensor} takes. */
export type TensorValues = NestedArray | NumericArray;

/** Options of {@link tensor}. */
export interface TensorOptions {
  /** Default: float32 for numbers, bool for booleans, that of a typed array. */
  readonly dtype?: DType | undefined;
  /** The elements, in row-major order, get this shape. Default: as they are nested. */
  readonly shape?: Shape | undefined;
}

/**
 * A tensor of the given values, which are copied: a number, a boolean, nested arrays of these, or a typed array.
 *
 * Numbers give float32, whole or not (PyTorch: int64 for whole ones); booleans bool; a `Float32Array` float32, a
 * `Float64Array` float64, arrays of integers int32. Another `dtype` converts; what it cannot hold is an error.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * tensor([[1, 2], [3, 4]]).shape; // => [2, 2]
 * tensor(new Float32Array(6), { shape: [2, 3] }).shape; // => [2, 3]
 * tensor([true, false]).dtype; // => "bool"
 * ```
 * @throws ShapeError if nested arrays differ in length or depth, or `shape` has another number of elements.
 * @throws DTypeError if a value does not fit the dtype.
 */
export function tensor(values: TensorValues, options: TensorOptions = {}): Tensor {
  const source = isNumericArray(values) ? fromTypedArray(values) : fromNested(values);
  const shape = options.shape ?? source.shape;
  const dtype = options.dtype ?? source.dtype;
  requireShape("tensor", shape);
  if (sizeOf(shape) !== source.elements.length) {
    throw new ShapeError(`tensor: ${source.elements.length} values do not fill the shape ${formatShape(shape)}, which has ${sizeOf(shape)} elements`);
  }
  return new Tensor([...shape], dtype, converted(source.elements, dtype));
}

/** Values in row-major order, and the shape and dtype that they have by nature. */
interface Source {
  readonly elements: ArrayLike<number>;
  readonly shape: Shape;
  readonly dtype: DType;
}

function isNumericArray(values: unknown): values is NumericArray {
  if (values instanceof BigInt64Array || values instanceof BigUint64Array) {
    throw new DTypeError("tensor: there is no 64-bit integer dtype; convert a BigInt array to numbers first, for example with Float64Array.from(values, Number)");
  }
  return ArrayBuffer.isView(values) && !(values instanceof DataView);
}

function fromTypedArray(values: NumericArray): Source {
  const dtype = values instanceof Float32Array ? "float32" : values instanceof Float64Array ? "float64" : "int32";
  return { elements: values, shape: [values.length], dtype };
}

/** Row-major elements of nested arrays; bool only if all of them are booleans and there are any. */
function fromNested(values: NestedArray): Source {
  const shape: number[] = [];
  for (let level: NestedArray | undefined = values; Array.isArray(level); level = (level as readonly NestedArray[])[0]) shape.push(level.length);
  const elements = new Float64Array(sizeOf(shape));
  const path: number[] = [];
  let filled = 0;
  let booleans = 0;
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      if (value.length !== shape[path.length]) throw ragged(value, path, shape);
      for (let at = 0; at < value.length; at++) {
        path.push(at);
        visit(value[at]);
        path.pop();
      }
      return;
    }
    if (typeof value !== "number" && typeof value !== "boolean") throw refused(value, path);
    if (path.length !== shape.length) throw ragged(value, path, shape);
    if (typeof value === "boolean") booleans++;
    elements[filled++] = Number(value);
  };
  visit(values);
  return { elements, shape, dtype: filled > 0 && booleans === filled ? "bool" : "float32" };
}

function placeOf(path: readonly number[]): string {
  return path.length === 0 ? "" : ` at ${formatShape(path)}`;
}

function ragged(value: number | boolean | readonly unknown[], path: readonly number[], shape: Shape): ShapeError {
  const expected = shape[path.length];
  if (typeof value !== "object") {
    return new ShapeError(`tensor: found ${value}${placeOf(path)}, expected an array of length ${expected}; nested arrays must have one depth`);
  }
  if (expected === undefined) {
    return new ShapeError(`tensor: found an array${placeOf(path)}, expected a number as at the places before; nested arrays must have one depth`);
  }
  return new ShapeError(`tensor: the array${placeOf(path)} has length ${value.length}, expected ${expected}; nested arrays must be rectangular`);
}

function refused(value: unknown, path: readonly number[]): Error {
  if (isTensor(value) || isForeignTensor(value)) {
    return new UsageError(`tensor: found a Tensor${placeOf(path)}, expected numbers; join tensors with stack or concat`);
  }
  const found = value === null ? "null" : ArrayBuffer.isView(value) ? "a typed array" : typeof value;
  return new DTypeError(`tensor: found ${found}${placeOf(path)}, expected a number or a boolean`);
}

function converted(source: ArrayLike<number>, dtype: DType): TypedArray {
  const data = allocate(dtype, source.length);
  if (isFloat(dtype)) {
    data.set(source);
    return data;
  }
  for (let at = 0; at < source.length; at++) {
    const value = source[at] as number;
    if (dtype === "int32" && value !== (value | 0)) {
      throw new DTypeError(`tensor: ${value} (element ${at}) does not fit into int32, which holds whole numbers from -2^31 to 2^31 - 1`);
    }
    data[at] = dtype === "bool" ? Number(value !== 0) : value;
  }
  return data;
}
