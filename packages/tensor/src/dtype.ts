import { describeValue } from "./arguments/describe.js";
import { requireKind } from "./arguments/kinds.js";
import { didYouMean } from "./arguments/nearest.js";
import { DTypeError, ShapeError } from "./errors.js";

/** Element types in the order of promotion, the narrowest first. */
export const dtypes = ["bool", "int32", "float32", "float64"] as const satisfies readonly DType[];

/** Element type of a tensor. */
export type DType = "bool" | "int32" | "float32" | "float64";

/** The element types that carry gradients. */
export type FloatDType = "float32" | "float64";

/** The typed array that holds the elements of each dtype; `bool` is stored as 0 and 1. */
export interface ArrayOf {
  readonly bool: Uint8Array;
  readonly int32: Int32Array;
  readonly float32: Float32Array;
  readonly float64: Float64Array;
}

/** Row-major elements of a tensor. */
export type TypedArray = ArrayOf[DType];

const constructors: { readonly [D in DType]: new (length: number) => ArrayOf[D] } = {
  bool: Uint8Array,
  int32: Int32Array,
  float32: Float32Array,
  float64: Float64Array,
};

/** Bytes that one element takes. */
export const bytesPerElement: { readonly [D in DType]: number } = { bool: 1, int32: 4, float32: 4, float64: 8 };

/** Bytes of the largest array that can be made: 4 GiB, as much as a WebAssembly memory holds. */
export const mostBytes = 2 ** 32;

/**
 * A zero-filled typed array of `size` elements of `dtype`.
 * @throws ShapeError if it takes more than 4 GiB.
 */
export function allocate<D extends DType>(dtype: D, size: number): ArrayOf[D] {
  if (!dtypes.includes(dtype)) requireDTypeName("allocate", dtype);
  if (size * bytesPerElement[dtype] > mostBytes) throw new ShapeError(`allocate: ${size} elements of ${dtype} take more than 4 GiB, which cannot be allocated`);
  return new constructors[dtype](size);
}

/** Whether `array` is the kind of typed array that holds elements of `dtype`. */
export function holds<D extends DType>(dtype: D, array: unknown): array is ArrayOf[D] {
  return dtypes.includes(dtype) && array instanceof constructors[dtype];
}

/**
 * Throws unless a value is a dtype.
 * @throws DTypeError that names the operation.
 */
export function requireDTypeName(operation: string, dtype: unknown): asserts dtype is DType {
  if (dtypes.includes(dtype as DType)) return;
  const nearest = (typeof dtype === "string" && didYouMean(dtype, dtypes)) || "; whole numbers are int32";
  throw new DTypeError(`${operation}: dtype is ${describeValue(dtype)}, expected ${dtypes.map((name) => `"${name}"`).join(", ")}${nearest}`);
}

/** Whether `dtype` is a floating-point type. */
export function isFloat(dtype: DType): dtype is FloatDType {
  return dtype === "float32" || dtype === "float64";
}

/** The narrowest dtype that both promote to: bool → int32 → float32 → float64. */
export function promoteDTypes(a: DType, b: DType): DType {
  return dtypes.indexOf(a) >= dtypes.indexOf(b) ? a : b;
}

/** Throws for a dtype that `operation` does not accept. */
export function requireDType(operation: string, dtype: DType, accepted: readonly DType[], what = "input"): void {
  requireKind(operation, "accepted", accepted, "list");
  if (!accepted.includes(dtype)) {
    requireDTypeName(operation, dtype);
    const fix = isFloat(dtype) ? "" : `; convert it with .cast("${accepted[0] ?? "float32"}")`;
    throw new DTypeError(`${operation}: ${what} has dtype ${dtype}, expected ${accepted.join(" or ")}${fix}`);
  }
}

/** Throws if two inputs have different dtypes. */
export function requireOneDType(operation: string, a: DType, b: DType, what = "inputs"): void {
  if (a !== b) throw new DTypeError(`${operation}: ${what} have dtypes ${a} and ${b}; cast one`);
}
