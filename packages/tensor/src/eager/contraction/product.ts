import type { DType, TypedArray } from "../../dtype.js";
import { kernelsFor } from "./matmul-level.js";

/** The sizes of one product, `[m, k] x [k, n]`, and how its operands lie in their arrays. */
export interface ProductSizes {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** Whether the left operand is `[k, m]`. */
  readonly transposeA: boolean;
  /** Whether the right operand is `[n, k]`. */
  readonly transposeB: boolean;
}

/** Multiplies the matrices that begin at `aAt` and `bAt`, and writes their product to `out` from `at` on. */
export type Product = (out: TypedArray, at: number, a: TypedArray, aAt: number, b: TypedArray, bAt: number) => void;

/** The product by WebAssembly, if that pays off and the engine can. It sums in float32; the loops sum in float64. */
export function kernelProduct(dtype: DType, sizes: ProductSizes): Product | undefined {
  const { m, n, k } = sizes;
  const kernels = dtype === "float32" ? kernelsFor(m, n, k) : undefined;
  if (kernels === undefined) return undefined;
  return (out, at, a, aAt, b, bAt) => {
    kernels.multiply(matrix(a, aAt, m * k), matrix(b, bAt, k * n), sizes, matrix(out, at, m * n));
  };
}

function matrix(data: TypedArray, at: number, size: number): Float32Array {
  if (!(data instanceof Float32Array)) throw new TypeError("matmul: the elements of float32 are not in a Float32Array");
  return data.subarray(at, at + size);
}

/** The product by loops. The operands are float64 arrays for every dtype, and the shared axis is the last one of both: `[m, k]` and `[n, k]`. */
export function loopProduct(dtype: DType, { m, n, k }: Pick<ProductSizes, "m" | "n" | "k">): Product {
  const dot = dtype === "int32" ? dotInt32 : dotFloat;
  return (out, at, a, aAt, b, bAt) => {
    for (let row = 0; row < m; row++) {
      for (let column = 0; column < n; column++) out[at + row * n + column] = dot(a, aAt + row * k, b, bAt + column * k, k);
    }
  };
}

/** Sums in float64, so that float32 is rounded once. */
function dotFloat(a: TypedArray, aAt: number, b: TypedArray, bAt: number, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += (a[aAt + i] as number) * (b[bAt + i] as number);
  return sum;
}

/** Sums modulo 2³². */
function dotInt32(a: TypedArray, aAt: number, b: TypedArray, bAt: number, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum = (sum + Math.imul(a[aAt + i] as number, b[bAt + i] as number)) | 0;
  return sum;
}
