import { allocate, type DType, type TypedArray } from "../../dtype.js";
import type { MatmulAttributes } from "../../primitives/contraction.js";
import type { TensorType } from "../../primitives/definition.js";
import { broadcastStrides, sizeOf, type Shape } from "../../shape.js";
import type { NdArray } from "../kernel.js";
import { forEachRun, nestLoops } from "../loops.js";
import { packPanels, panelsSize, tile, type MatrixView, type Panels } from "./panels.js";
import { multiplyPanel } from "./product.js";

/** Packs the matrices of one operand, one at a time; a matrix that is asked for again, being broadcast, is not packed again. */
class Packer {
  readonly panels: Panels;
  readonly #view: Omit<MatrixView, "offset">;
  readonly #rows: number;
  readonly #shared: number;
  #packed = -1;

  constructor(x: NdArray, rows: number, shared: number, sharedIsLast: boolean) {
    const size = panelsSize(rows, shared);
    this.panels = x.dtype === "int32" ? new Int32Array(size) : new Float64Array(size);
    this.#view = { data: x.data, rowStride: sharedIsLast ? shared : 1, sharedStride: sharedIsLast ? 1 : rows };
    this.#rows = rows;
    this.#shared = shared;
  }

  pack(offset: number): Panels {
    if (offset !== this.#packed) packPanels(this.panels, { ...this.#view, offset }, this.#rows, this.#shared);
    this.#packed = offset;
    return this.panels;
  }
}

/** Strides that walk the matrices of `x` over the batch axes of the output; the last two axes are one step of `matrix`. */
function batchStrides(x: NdArray, batch: Shape, matrix: number): number[] {
  return broadcastStrides(x.shape.slice(0, -2), batch).map((stride) => stride * matrix);
}

export function matmul([a, b]: readonly [NdArray, NdArray], { transposeA, transposeB }: MatmulAttributes, output: TensorType): TypedArray {
  const { shape, dtype }: { readonly shape: Shape; readonly dtype: DType } = output;
  const out = allocate(dtype, sizeOf(shape));
  const [rows = 1, columns = 1] = shape.slice(-2);
  const shared = a.shape.at(transposeA ? -2 : -1) ?? 1;
  const batch = shape.slice(0, -2);
  const left = new Packer(a, rows, shared, !transposeA);
  const right = new Packer(b, columns, shared, transposeB);
  const loops = nestLoops(batch, [batchStrides(a, batch, rows * shared), batchStrides(b, batch, shared * columns)]);
  const [aStep = 0, bStep = 0] = loops.strides.map((strides) => strides.at(-1));
  const starts = [0, 0];
  let at = 0;
  forEachRun(loops, starts, (count) => {
    for (let i = 0; i < count; i++) {
      const leftPanels = left.pack((starts[0] as number) + i * aStep);
      const rightPanels = right.pack((starts[1] as number) + i * bStep);
      for (let column = 0; column < columns; column += tile) {
        multiplyPanel(out, at, leftPanels, rightPanels, column * shared, column, { rows, shared, columns });
      }
      at += rows * columns;
    }
  });
  return out;
}
