import { bytesPerElement, sizeOf, stridesOf } from "@nn/tensor/extend";
import { broadcastStrides } from "@nn/tensor/interpreter";
import { emitMatmul as emitProduct, i32, matmulScratchBytes as productScratchBytes, type Expr, type MatmulSizes, type MatmulStore } from "@nn/wasm";
import { at } from "../../ir/at.js";
import { valuesOf, type Buffer, type LibraryKernel } from "../../ir/program.js";
import type { Code } from "../lanes.js";
import type { EpilogueEmitter } from "../epilogue.js";
import type { LibraryEmitter, LibraryContext } from "./emitter.js";
import { linear, nest, addressOnce, parallelNest } from "./nest.js";

type MatmulKernel = LibraryKernel<"matmul">;

/** Below this many multiplications one thread does all the work, because waiting for other threads would take longer. */
const parallelMultiplications = 32768;

/** With at least this many batches, threads divide the batches; with fewer, the rows or columns of each product. */
const manyBatches = 4;

/** If the epilogue has more operations than this, its code is written once, in a loop, instead of once for each vector of a tile. */
const heavyStore = 4;

/** Matrix products by tiles of vectors. */
export const emitMatmul: LibraryEmitter<"matmul"> = (b, kernel, context) => {
  const { m, n, k } = sizesOf(kernel, context.wide);
  if (m * n * k * sizeOf(batchOf(kernel)) >= parallelMultiplications) emitBatches(b, kernel, context, true);
  else b.if(i32.eqz(context.thread), () => emitBatches(b, kernel, context, false));
  return undefined;
};

/** Bytes of scratch memory for a number of threads. */
export function matmulScratchBytes(kernel: MatmulKernel, threads: number, wide: boolean): number {
  return productScratchBytes(sizesOf(kernel, wide)) * threads;
}

const batchOf = ({ output }: MatmulKernel): readonly number[] => output.shape.slice(0, -2);

/** The sizes of one product of the batch. */
function sizesOf(kernel: MatmulKernel, wide: boolean): MatmulSizes {
  const [x] = kernel.inputs;
  const { output, epilogue } = kernel;
  const { transposeA, transposeB } = kernel.attributes;
  const [m, n] = [at(output.shape, -2), at(output.shape, -1)];
  const operations = epilogue === undefined ? 0 : [...valuesOf(epilogue)].filter(({ kind }) => kind === "apply").length;
  const dtype = output.dtype === "float64" ? "float64" : "float32";
  return { m, n, k: at(x.shape, transposeA ? -2 : -1), transposeA, transposeB, dtype, heavyStore: operations > heavyStore, wide };
}

/** Strides in elements that walk the matrices of `input` along the batch axes of the output. */
function batchStrides(input: Buffer, output: Buffer): number[] {
  const matrix = sizeOf(input.shape.slice(-2));
  return broadcastStrides(input.shape.slice(0, -2), output.shape.slice(0, -2)).map((stride) => stride * matrix);
}

/** Computes a product for each batch. Threads divide the batches if there are many, otherwise the work of each product. */
function emitBatches(b: Code, kernel: MatmulKernel, context: LibraryContext, shared: boolean): void {
  const batch = batchOf(kernel);
  const byBatch = shared && batch.length > 0 && at(batch, 0) >= manyBatches;
  const body = (indices: readonly Expr<"i32">[]): void => emitBatch(b, kernel, context, indices, shared && !byBatch);
  if (byBatch) parallelNest(b, batch, context, body);
  else nest(b, batch, body);
}

function emitBatch(b: Code, kernel: MatmulKernel, context: LibraryContext, indices: readonly Expr<"i32">[], shared: boolean): void {
  const { output } = kernel;
  const [x, y] = kernel.inputs;
  const sizes = sizesOf(kernel, context.wide);
  const addressOf = (buffer: Buffer, strides: readonly number[]) => addressOnce(b, buffer, linear(indices, strides, bytesPerElement[buffer.dtype]), context);
  const { thread, threads, scratchAddress } = context;
  const scratch = shared ? scratchAddress : i32.add(scratchAddress, i32.mul(thread, productScratchBytes(sizes)));
  const before = b.let(i32.mul(linear(indices, stridesOf(batchOf(kernel))), sizes.m));
  emitProduct(b, {
    ...sizes,
    a: addressOf(x, batchStrides(x, output)),
    b: addressOf(y, batchStrides(y, output)),
    fusedMultiplyAdd: context.relaxedSimd,
    scratch,
    ...(shared ? { thread, threads } : {}),
    ...(context.epilogue === undefined ? { c: addressOf(output, stridesOf(output.shape).slice(0, -2)) } : { store: storeOf(b, context.epilogue, before) }),
  });
}

/** Passes finished elements to the epilogue; `before` is the number of rows in earlier batches. */
function storeOf(b: Code, epilogue: EpilogueEmitter, before: Expr<"i32">): MatmulStore {
  return (_, { row, column, width, value }) => epilogue.emit(b.let(i32.add(before, row)), b.let(column), width, value);
}
