import { allocate, type DType, type TypedArray } from "../../dtype.js";
import type { MatmulAttributes } from "../../primitives/contraction.js";
import type { TensorType } from "../../primitives/definition.js";
import { broadcastStrides, sizeOf, type Shape } from "../../shape.js";
import type { NdArray } from "../kernel.js";
import { forEachRun, nestLoops } from "../loops.js";
import { kernelsFor } from "./matmul-kernels.js";
import { allocatePanels, packPanels, panelsSize, tile, type MatrixView, type Panels } from "./panels.js";
import { multiplyVector, panelProduct, type ProductSizes } from "./product.js";

/** One operand: matrices of `rows` rows along the shared axis. (The rows of the right operand are the product's columns.) */
interface Operand extends Omit<MatrixView, "offset"> {
  readonly rows: number;
  readonly shared: number;
}

function operandOf({ data }: NdArray, rows: number, shared: number, sharedIsLast: boolean): Operand {
  return { data, rows, shared, rowStride: sharedIsLast ? shared : 1, sharedStride: sharedIsLast ? 1 : rows };
}

/** Computes the product of the matrices at `aAt` and `bAt` and writes it to `out` from `at` on. */
type Product = (out: TypedArray, at: number, aAt: number, bAt: number) => void;

/** A function that packs the matrix at an offset; one that is asked for again, being broadcast, is not packed again. */
function packer(operand: Operand, dtype: DType): (offset: number) => Panels {
  const { rows, shared } = operand;
  const panels = allocatePanels(dtype, panelsSize(rows, shared));
  let packed = -1;
  return (offset) => {
    if (offset !== packed) packPanels(panels, { ...operand, offset }, rows, shared);
    packed = offset;
    return panels;
  };
}

function packedProduct(a: Operand, b: Operand, dtype: DType): Product {
  const sizes: ProductSizes = { rows: a.rows, shared: a.shared, columns: b.rows };
  const packA = packer(a, dtype);
  const packB = packer(b, dtype);
  const multiplyPanel = panelProduct(dtype, sizes);
  return (out, at, aAt, bAt) => {
    const left = packA(aAt);
    const right = packB(bAt);
    for (let column = 0; column < b.rows; column += tile) multiplyPanel(out, at, left, right, column * a.shared, column);
  };
}

/** The product where one operand is a single row. */
function vectorProduct(a: Operand, b: Operand): Product {
  const sums = new Float64Array(a.rows * b.rows);
  if (b.rows === 1) return (out, at, aAt, bAt) => multiplyVector(out, at, { ...a, offset: aAt }, b.data, bAt, a.shared, sums);
  return (out, at, aAt, bAt) => multiplyVector(out, at, { ...b, offset: bAt }, a.data, aAt, a.shared, sums);
}

/** The product by WebAssembly, where that pays and the engine can. Sums are of float32, not of float64 as in the loops above. */
function kernelProduct(a: Operand, b: Operand, transposeA: boolean, transposeB: boolean): Product | undefined {
  const { data: x } = a;
  const { data: y } = b;
  const { m, n, k } = { m: a.rows, n: b.rows, k: a.shared };
  if (!(x instanceof Float32Array && y instanceof Float32Array)) return undefined;
  const kernels = kernelsFor(m, n, k);
  if (kernels === undefined) return undefined;
  return (out, at, aAt, bAt) => {
    const target = out.subarray(at, at + m * n);
    if (!(target instanceof Float32Array)) throw new TypeError("matmul: the product of float32 is float32");
    kernels.multiply(x.subarray(aAt, aAt + m * k), y.subarray(bAt, bAt + k * n), { m, n, k, transposeA, transposeB }, target);
  };
}

/** Strides that walk the matrices of `x`, of `size` elements each, over the batch axes of the output. */
function batchStrides(x: NdArray, batch: Shape, size: number): number[] {
  return broadcastStrides(x.shape.slice(0, -2), batch).map((stride) => stride * size);
}

export function matmul([x, y]: readonly [NdArray, NdArray], { transposeA, transposeB }: MatmulAttributes, { shape, dtype }: TensorType): TypedArray {
  const out = allocate(dtype, sizeOf(shape));
  const [rows = 1, columns = 1] = shape.slice(-2);
  const shared = x.shape.at(transposeA ? -2 : -1) ?? 1;
  const a = operandOf(x, rows, shared, !transposeA);
  const b = operandOf(y, columns, shared, transposeB);
  const isVector = dtype !== "int32" && (rows === 1 || columns === 1);
  const product = kernelProduct(a, b, transposeA, transposeB) ?? (isVector ? vectorProduct(a, b) : packedProduct(a, b, dtype));
  const batch = shape.slice(0, -2);
  const loops = nestLoops(batch, [batchStrides(x, batch, rows * shared), batchStrides(y, batch, shared * columns)]);
  const [aStep = 0, bStep = 0] = loops.strides.map((strides) => strides.at(-1));
  const starts = [0, 0];
  let at = 0;
  forEachRun(loops, starts, (count) => {
    const [aAt = 0, bAt = 0] = starts;
    for (let i = 0; i < count; i++) {
      product(out, at, aAt + i * aStep, bAt + i * bStep);
      at += rows * columns;
    }
  });
  return out;
}
