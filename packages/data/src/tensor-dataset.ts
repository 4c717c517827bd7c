import { allocate, ArgumentError, formatShape, requireTensor, ShapeError, sizeOf, Tensor } from "@nn/tensor";
import type { Collated } from "./collate.js";
import { Dataset, requireIndex } from "./dataset.js";

/** One row of each tensor. */
export type Rows<Tensors extends readonly Tensor[]> = { readonly [Key in keyof Tensors]: Tensor };

/**
 * Rows of tensors that share the length of their first axis: item `i` is the `i`-th row of each. Batches are copied row by row
 * from the tensors' memory, without a tensor for each item.
 *
 * @example
 * ```ts
 * import { TensorDataset } from "@nn/data";
 * import { tensor } from "@nn/tensor";
 * const dataset = new TensorDataset(tensor([[1, 2], [3, 4], [5, 6]]), tensor([0, 1, 0], { dtype: "int32" }));
 * const [x, y] = dataset.batch([2, 0]);
 * x.toArray(); // => [[5, 6], [1, 2]]
 * y.toArray(); // => [0, 0]
 * ```
 */
export class TensorDataset<Tensors extends readonly [Tensor, ...Tensor[]]> extends Dataset<Rows<Tensors>> {
  readonly tensors: Tensors;
  readonly #length: number;

  /** @throws ShapeError if a tensor is a scalar or the lengths of the first axes differ. */
  constructor(...tensors: Tensors) {
    super();
    const shapes = tensors.map((each, at) => {
      requireTensor("TensorDataset", each, `tensor ${at}`);
      return each.shape;
    });
    const length = shapes[0]?.[0];
    if (length === undefined || shapes.some((shape) => shape[0] !== length)) {
      throw new ShapeError(
        `TensorDataset: tensors have shapes ${shapes.map(formatShape).join(", ")}; their first axes, the items, must have the same length`,
      );
    }
    this.tensors = tensors;
    this.#length = length;
  }

  override get length(): number {
    return this.#length;
  }

  override get(index: number): Rows<Tensors> {
    requireIndex("TensorDataset.get", index, this.#length);
    const rows: unknown = this.tensors.map((each) => row(each, index));
    return rows as Rows<Tensors>;
  }

  override batch(indices: ArrayLike<number>): Collated<Rows<Tensors>> {
    if (indices.length === 0) throw new ArgumentError("TensorDataset.batch: a batch needs at least one index");
    for (let at = 0; at < indices.length; at++) requireIndex("TensorDataset.batch", indices[at] as number, this.#length);
    const batches: unknown = this.tensors.map((each) => gatherRows(each, indices));
    return batches as Collated<Rows<Tensors>>;
  }
}

/** Row `index`, sharing the memory of the whole: tensors do not change. */
function row(whole: Tensor, index: number): Tensor {
  const shape = whole.shape.slice(1);
  const size = sizeOf(shape);
  return new Tensor(shape, whole.dtype, whole.data("TensorDataset").subarray(index * size, (index + 1) * size));
}

function gatherRows(whole: Tensor, indices: ArrayLike<number>): Tensor {
  const shape = whole.shape.slice(1);
  const size = sizeOf(shape);
  const source = whole.data("TensorDataset");
  const target = allocate(whole.dtype, size * indices.length);
  for (let at = 0; at < indices.length; at++) {
    const start = (indices[at] as number) * size;
    if (size === 1) target[at] = source[start] as number;
    else target.set(source.subarray(start, start + size), at * size);
  }
  return new Tensor([indices.length, ...shape], whole.dtype, target);
}
