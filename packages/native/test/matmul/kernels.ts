import { at, type Buffer, type LibraryKernel, type LoopKernel } from "@nn/compiler/target";
import type { DType } from "@nn/tensor";
import { sizeOf } from "@nn/tensor/extend";

export type MatmulKernel = LibraryKernel<"matmul">;

let created = 0;

/** A buffer that no other kernel uses. */
export function buffer(shape: readonly number[], dtype: DType = "float32"): Buffer {
  return { id: created++, shape, dtype, role: { kind: "temporary" } };
}

/** The sizes of a product, and how its matrices are stored. */
export interface Product {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  /** The batch axes of both matrices. */
  readonly batchA?: readonly number[];
  readonly batchB?: readonly number[];
}

/** The batch axes of the product. */
export function batchOf({ batchA = [], batchB = [] }: Product): number[] {
  const axes = Math.max(batchA.length, batchB.length);
  const size = (batch: readonly number[], axis: number): number => batch[axis - axes + batch.length] ?? 1;
  return Array.from({ length: axes }, (_, axis) => Math.max(size(batchA, axis), size(batchB, axis)));
}

/** The kernel of a product, with an epilogue on its rows and columns if `epilogue` gives one. */
export function matmulKernel(product: Product, epilogue?: (output: Buffer) => LoopKernel["stores"]): MatmulKernel {
  const { m, n, k, transposeA = false, transposeB = false, batchA = [], batchB = [] } = product;
  const inputs = [buffer([...batchA, ...(transposeA ? [k, m] : [m, k])]), buffer([...batchB, ...(transposeB ? [n, k] : [k, n])])] as const;
  const output = buffer([...batchOf(product), m, n]);
  const stores = epilogue?.(output);
  const domain = [sizeOf(output.shape.slice(0, -1)), n];
  return {
    kind: "library", primitive: "matmul", attributes: { transposeA, transposeB }, inputs, output, check: undefined, label: "matmul",
    epilogue: stores === undefined ? undefined : { kind: "loop", domain, reduced: [false, false], stores, label: "epilogue" },
  };
}

/** Numbers from −1 to 1 that look random, and are the same every time. */
export function numbers(count: number, seed: number): Float32Array {
  let state = (seed * 2_654_435_761) >>> 0;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** The product in float64, from numbers in the order of the buffers. */
export function reference(product: Product, a: Float32Array, b: Float32Array): Float64Array {
  const { m, n, k, transposeA = false, transposeB = false, batchA = [], batchB = [] } = product;
  const batch = batchOf(product);
  const result = new Float64Array(sizeOf(batch) * m * n);
  const matrixOf = (own: readonly number[], index: number): number => {
    let [rest, stride, position] = [index, 1, 0];
    for (let axis = batch.length - 1; axis >= 0; axis--) {
      const size = own[axis - batch.length + own.length] ?? 1;
      position += size === 1 ? 0 : (rest % at(batch, axis)) * stride;
      rest = Math.floor(rest / at(batch, axis));
      stride *= size;
    }
    return position;
  };
  for (let index = 0; index < sizeOf(batch); index++) {
    const [fromA, fromB] = [matrixOf(batchA, index) * m * k, matrixOf(batchB, index) * k * n];
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let p = 0; p < k; p++) sum += (a[fromA + (transposeA ? p * m + i : i * k + p)] ?? NaN) * (b[fromB + (transposeB ? j * k + p : p * n + j)] ?? NaN);
        result[(index * m + i) * n + j] = sum;
      }
    }
  }
  return result;
}

/** The largest difference; NaN if there is one. */
export function distance(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  return Array.from(expected).reduce((most, value, index) => Math.max(most, Math.abs((found[index] ?? NaN) - value)), 0);
}
