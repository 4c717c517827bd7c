import { allocate, type DType, type TypedArray } from "../dtype.js";
import { ArgumentError, DTypeError, ShapeError, UsageError } from "../errors.js";
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
  const flat: number[] = [];
  const isArray = isNumericArray(values);
  const shape = isArray ? [values.length] : flattenInto(flat, values);
  const source = isArray ? values : flat;
  const dtype = options.dtype ?? (isArray ? dtypeOfArray(values) : dtypeOfNested(values));
  const target = options.shape ?? shape;
  requireShape("tensor", target);
  if (sizeOf(target) !== source.length) {
    throw new ShapeError(`tensor: ${source.length} values do not fill the shape ${formatShape(target)}, which has ${sizeOf(target)} elements`);
  }
  return new Tensor([...target], dtype, converted(source, dtype));
}

function isNumericArray(values: unknown): values is NumericArray {
  if (values instanceof BigInt64Array || values instanceof BigUint64Array) {
    throw new DTypeError("tensor: there is no 64-bit integer dtype; convert a BigInt array to numbers first, for example with Float64Array.from(values, Number)");
  }
  return ArrayBuffer.isView(values) && !(values instanceof DataView);
}

function dtypeOfArray(values: NumericArray): DType {
  if (values instanceof Float32Array) return "float32";
  return values instanceof Float64Array ? "float64" : "int32";
}

/** bool only if all elements are booleans and there are any. */
function dtypeOfNested(values: NestedArray): DType {
  const kind = (value: NestedArray): "bool" | "number" | "none" => {
    if (typeof value === "boolean") return "bool";
    if (typeof value === "number") return "number";
    return value.reduce<"bool" | "number" | "none">((found, each) => {
      if (found === "number") return found;
      const own = kind(each);
      return own === "none" ? found : own;
    }, "none");
  };
  return kind(values) === "bool" ? "bool" : "float32";
}

/** Appends the elements of nested arrays in row-major order and gives their shape. */
function flattenInto(flat: number[], values: NestedArray): Shape {
  const shape: number[] = [];
  for (let level: NestedArray | undefined = values; Array.isArray(level); level = (level as readonly NestedArray[])[0]) shape.push(level.length);
  const visit = (value: unknown, path: readonly number[]): void => {
    const where = path.length === 0 ? "" : ` at ${formatShape(path)}`;
    if (Array.isArray(value)) {
      if (path.length >= shape.length) throw new ShapeError(`tensor: found an array${where}, expected a number as at the places before; nested arrays must have one depth`);
      if (value.length !== shape[path.length]) {
        throw new ShapeError(`tensor: the array${where} has length ${value.length}, expected ${shape[path.length]}; nested arrays must be rectangular`);
      }
      value.forEach((each, at) => visit(each, [...path, at]));
      return;
    }
    if (typeof value !== "number" && typeof value !== "boolean") throw refused(value, where);
    if (path.length !== shape.length) {
      throw new ShapeError(`tensor: found ${value}${where}, expected an array of length ${shape[path.length]}; nested arrays must have one depth`);
    }
    flat.push(Number(value));
  };
  visit(values, []);
  return shape;
}

function refused(value: unknown, where: string): Error {
  if (isTensor(value) || isForeignTensor(value)) {
    return new UsageError(`tensor: found a Tensor${where}, expected numbers; join tensors with stack or concat`);
  }
  const found = value === null ? "null" : ArrayBuffer.isView(value) ? "a typed array" : typeof value;
  return new DTypeError(`tensor: found ${found}${where}, expected a number or a boolean`);
}

function converted(source: ArrayLike<number>, dtype: DType): TypedArray {
  const data = allocate(dtype, source.length);
  for (let at = 0; at < source.length; at++) {
    const value = source[at] as number;
    if (dtype === "int32" && value !== (value | 0)) {
      throw new ArgumentError(`tensor: ${value} (element ${at}) does not fit into int32, which holds whole numbers from -2^31 to 2^31 - 1`);
    }
    data[at] = dtype === "bool" && value !== 0 ? 1 : value;
  }
  return data;
}
