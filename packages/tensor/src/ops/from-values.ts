import { requireOptions, type OptionKinds } from "../arguments/options.js";
import { describeValue } from "../arguments/describe.js";
import { dtypes, mostBytes, requireDTypeName, type DType, type TypedArray } from "../dtype.js";
import { ArgumentError, DTypeError, ShapeError, UsageError } from "../errors.js";
import { converted } from "../eager/elementwise/cast.js";
import { isAnyTensor } from "../brand.js";
import { outOfMemory } from "../out-of-memory.js";
import { formatShape, mostAxes, requireShape, sizeOf, tooLarge, type Shape } from "../shape.js";
import { Tensor } from "../tensor.js";
import type { NestedArray, TensorRecord } from "./reading.js";

/** The typed arrays that a tensor can be made of. */
export type NumericArray =
  | Float32Array | Float64Array | Int8Array | Int16Array | Int32Array | Uint8Array | Uint8ClampedArray | Uint16Array | Uint32Array;

/** The values that {@link tensor} accepts. */
export type TensorValues = NestedArray | NumericArray | TensorRecord;

/** Options of {@link tensor}. */
export interface TensorOptions {
  /** Default: float32 for numbers, bool for booleans, the dtype of a typed array. */
  readonly dtype?: DType | undefined;
  /** The shape; elements are in row-major order. Default: as they are nested. */
  readonly shape?: Shape | undefined;
}

const tensorOptions: OptionKinds<TensorOptions> = { dtype: dtypes, shape: "any" };

/**
 * Makes a tensor from a copy of the given values: a number, a boolean, nested arrays of these, a typed array, or a tensor that
 * `structuredClone`, `postMessage` or JSON has turned into plain data.
 *
 * Numbers give float32, whole or not (PyTorch: int64 for whole ones), booleans bool, a `Float32Array` float32, a `Float64Array`
 * float64, and typed arrays of integers int32. With another `dtype`, values are converted; values that it cannot hold are an error.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * tensor([[1, 2], [3, 4]]).shape; // => [2, 2]
 * tensor(new Float32Array(6), { shape: [2, 3] }).shape; // => [2, 3]
 * tensor([true, false]).dtype; // => "bool"
 * tensor(structuredClone(tensor([1, 2]))).toArray(); // => [1, 2]
 * ```
 * @throws ShapeError if nested arrays differ in length or depth, or `shape` has another number of elements.
 * @throws DTypeError if a value does not fit the dtype.
 */
export function tensor(values: TensorValues, options: TensorOptions = {}): Tensor {
  if (Array.isArray(options)) {
    const shape = options.every((length) => typeof length === "number") ? options.join(", ") : "…";
    throw new ArgumentError(`tensor: the options are ${describeValue(options)}; to give the shape, write { shape: [${shape}] }`);
  }
  requireOptions("tensor", options, tensorOptions);
  const source = isRecord(values) ? fromRecord(values) : fromArray(values);
  const { shape = source.shape, dtype = source.dtype } = options;
  requireShape("tensor", shape, dtype);
  if (sizeOf(shape) !== source.elements.length) {
    throw new ShapeError(`tensor: ${source.elements.length} values do not fill the shape ${formatShape(shape)}, which has ${sizeOf(shape)} elements`);
  }
  return new Tensor([...shape], dtype, exactly(source.elements, dtype));
}

/** Values in row-major order, and their shape and dtype if no options are given. */
interface Source {
  readonly elements: ArrayLike<number>;
  readonly shape: Shape;
  readonly dtype: DType;
}

function fromArray(values: NestedArray | NumericArray): Source {
  return isNumericArray(values) ? fromTypedArray(values) : fromNested(values);
}

function isRecord(values: unknown): values is TensorRecord {
  return typeof values === "object" && values !== null && "storage" in values && !isAnyTensor(values);
}

function fromRecord({ shape, dtype, storage }: TensorRecord): Source {
  requireDTypeName("tensor", dtype);
  if (Array.isArray(storage) || ArrayBuffer.isView(storage)) return { elements: fromArray(storage).elements, shape, dtype };
  throw new DTypeError(`tensor: the storage is ${describeValue(storage)}, expected the elements`);
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

/** Row-major elements of nested arrays. They are bool only if there are elements and all of them are booleans. */
function fromNested(values: NestedArray): Source {
  const shape: number[] = [];
  for (let level: NestedArray | undefined = values; Array.isArray(level); level = (level as readonly NestedArray[])[0]) {
    if (shape.length === mostAxes) throw new ShapeError(`tensor: the arrays are nested more than ${mostAxes} deep, or contain themselves`);
    shape.push(level.length);
  }
  requireShape("tensor", shape);
  if (sizeOf(shape) > mostBytes / 8) throw outOfMemory("tensor", tooLarge(shape, "float64"));
  const elements = new Float64Array(sizeOf(shape));
  const path: number[] = [];
  let filled = 0;
  let booleans = 0;
  const visit = (value: unknown): void => {
    const length = shape[path.length];
    if (Array.isArray(value) && value.length === length) {
      for (let at = 0; at < length; at++) {
        path.push(at);
        visit(value[at]);
        path.pop();
      }
    } else if (length === undefined && (typeof value === "number" || typeof value === "boolean")) {
      if (typeof value === "boolean") booleans++;
      elements[filled++] = Number(value);
    } else {
      throw misfit(value, path, length);
    }
  };
  visit(values);
  return { elements, shape, dtype: filled > 0 && booleans === filled ? "bool" : "float32" };
}

/** The error for a value that is not an array of the expected `length`, or not an element if `length` is undefined. */
function misfit(value: unknown, path: readonly number[], length: number | undefined): Error {
  const position = path.length === 0 ? "" : ` at ${formatShape(path)}`;
  if (isAnyTensor(value)) {
    return new UsageError(`tensor: found a Tensor${position}, expected numbers; join tensors with stack or concat`);
  }
  if (Array.isArray(value) || typeof value === "number" || typeof value === "boolean") {
    const found = Array.isArray(value) ? `an array of length ${value.length}` : value;
    const expected = length === undefined ? "a number" : `an array of length ${length}`;
    return new ShapeError(`tensor: found ${found}${position}, expected ${expected}, as in the elements before it; nested arrays must be rectangular`);
  }
  return new DTypeError(`tensor: found ${describeValue(value)}${position}, expected a number or a boolean`);
}

/** The elements in `dtype`. Throws for numbers that int32 cannot hold exactly. */
function exactly(source: ArrayLike<number>, dtype: DType): TypedArray {
  const data = converted(dtype, source);
  const at = dtype === "int32" ? data.findIndex((value, index) => value !== source[index]) : -1;
  if (at === -1) return data;
  throw new DTypeError(`tensor: ${source[at]} (element ${at}) does not fit into int32, which holds whole numbers from -2^31 to 2^31 - 1`);
}
