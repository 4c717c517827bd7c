import { ArgumentError, ShapeError, Tensor } from "@nn/tensor";
import { allocate, formatShape, requireKind, requireTensor, sameShape, sizeOf } from "@nn/tensor/extend";
import type { Collated } from "./collate.js";
import { acceptedIndices, Dataset, requireIndex, requireIndices } from "./dataset.js";

/** One row of each tensor. */
export type Rows<Tensors extends readonly Tensor[]> = { readonly [Key in keyof Tensors]: Tensor };

/**
 * A data set of the rows of tensors with the same length of the first axis: item `i` is the `i`-th row of each. Batches are copied row by
 * row from the tensors' memory, without a tensor for each item. `subset`, `filter`, splits and folds give a `TensorDataset` too; its rows
 * are copied when `tensors` is first read.
 *
 * @example
 * ```ts
 * import { TensorDataset } from "@nn/data";
 * import { tensor } from "@nn/tensor";
 * const dataset = new TensorDataset(tensor([[1, 2], [3, 4], [5, 6]]), tensor([0, 1, 0], { dtype: "int32" }));
 * const [x, y] = dataset.batch([2, 0]);
 * x.toArray(); // => [[5, 6], [1, 2]]
 * y.toArray(); // => [0, 0]
 * dataset.skip(1).tensors[1].toArray(); // => [1, 0]
 * ```
 */
export class TensorDataset<Tensors extends readonly [Tensor, ...Tensor[]]> extends Dataset<Rows<Tensors>> {
  /** The tensors, with a row for each item. */
  declare readonly tensors: Tensors;
  readonly #whole: Tensors;
  /** The indices of the rows that are items; undefined if all rows are. */
  #rows: Int32Array | undefined;
  #length: number;

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
        `TensorDataset: ${shapes.length === 0 ? "there are no tensors" : `tensors have shapes ${shapes.map(formatShape).join(", ")}`}; their first axes, the items, must have the same length`,
      );
    }
    this.#whole = tensors;
    this.#length = length;
    // An own property, so that comparing and cloning see it, unlike an accessor of the class.
    let own: Tensors | undefined;
    Object.defineProperty(this, "tensors", { enumerable: true, get: () => (own ??= this.#gathered()) });
  }

  override get length(): number {
    return this.#length;
  }

  override get(index: number): Rows<Tensors> {
    requireIndex("TensorDataset.get", index, this.#length);
    const rows: unknown = this.#whole.map((each) => row(each, this.#rows?.[index] ?? index));
    return rows as Rows<Tensors>;
  }

  override batch(indices: ArrayLike<number>): Collated<Rows<Tensors>> {
    requireIndices("TensorDataset.batch", indices, this.#length);
    if (indices.length === 0) throw new ArgumentError("TensorDataset.batch: a batch needs at least one index");
    const rows = this.#rows;
    return this.#batchOf(rows === undefined ? indices : Int32Array.from(indices, (index) => rows[index] as number));
  }

  /** All rows, which are {@link TensorDataset.tensors}. */
  override all(): Collated<Rows<Tensors>> {
    const tensors: unknown = [...this.tensors];
    return tensors as Collated<Rows<Tensors>>;
  }

  /** The rows that `predicate` accepts. It is called for all rows immediately. */
  override filter(predicate: (item: Rows<Tensors>, index: number) => boolean): TensorDataset<Tensors> {
    return this.#view(Int32Array.from(acceptedIndices("TensorDataset.filter", this, predicate)));
  }

  /**
   * The rows at `indices`, in this order; an index may occur more than once.
   * @throws ArgumentError if an index is out of range.
   */
  override subset(indices: ArrayLike<number>): TensorDataset<Tensors> {
    requireIndices("TensorDataset.subset", indices, this.#length);
    return this.#view(Int32Array.from(indices));
  }

  /** The first `count` rows, or all if there are fewer. */
  override take(count: number): TensorDataset<Tensors> {
    requireKind("TensorDataset.take", "count", count, "size");
    return this.#view(Int32Array.from({ length: Math.min(count, this.#length) }, (_, index) => index));
  }

  /** All but the first `count` rows. */
  override skip(count: number): TensorDataset<Tensors> {
    requireKind("TensorDataset.skip", "count", count, "size");
    return this.#view(Int32Array.from({ length: Math.max(0, this.#length - count) }, (_, index) => count + index));
  }

  /** The rows of this data set, then those of the others. It is a `TensorDataset` if all others are, with rows of the same shapes and dtypes. */
  override concat(...others: readonly TensorDataset<Tensors>[]): TensorDataset<Tensors>;
  override concat(...others: readonly Dataset<Rows<Tensors>>[]): Dataset<Rows<Tensors>>;
  override concat(...others: readonly Dataset<Rows<Tensors>>[]): Dataset<Rows<Tensors>> {
    const parts = [this, ...others].filter((each): each is TensorDataset<Tensors> => each instanceof TensorDataset);
    if (parts.length <= others.length || !parts.every((part) => sameRows(this.#whole, part.#whole))) return super.concat(...others);
    const joined: unknown = this.#whole.map((_, at) => joinRows(parts.map(({ tensors }) => tensors[at] as Tensor)));
    return new TensorDataset<Tensors>(...(joined as Tensors));
  }

  override toString(): string {
    const rows = this.#whole.map(({ dtype, shape }) => `${dtype} ${formatShape(shape.slice(1))}`).join(", ");
    return `TensorDataset of ${this.#length} items: ${rows}`;
  }

  #view(indices: Int32Array): TensorDataset<Tensors> {
    const rows = this.#rows;
    const view = new TensorDataset<Tensors>(...this.#whole);
    view.#rows = rows === undefined ? indices : Int32Array.from(indices, (index) => rows[index] as number);
    view.#length = indices.length;
    return view;
  }

  #gathered(): Tensors {
    if (this.#rows === undefined) return this.#whole;
    const tensors: unknown = this.#whole.map((each) => gatherRows(each, this.#rows ?? []));
    return tensors as Tensors;
  }

  #batchOf(rows: ArrayLike<number>): Collated<Rows<Tensors>> {
    const batches: unknown = this.#whole.map((each) => gatherRows(each, rows));
    return batches as Collated<Rows<Tensors>>;
  }
}

/** Row `index`. It shares the memory of the whole tensor, since tensors do not change. */
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

function sameRows(some: readonly Tensor[], others: readonly Tensor[]): boolean {
  return some.length === others.length && some.every(({ dtype, shape }, at) => others[at]?.dtype === dtype && sameShape(shape.slice(1), others[at].shape.slice(1)));
}

function joinRows(parts: readonly Tensor[]): Tensor {
  const { dtype, shape } = parts[0] as Tensor;
  const target = allocate(dtype, parts.reduce((sum, { size }) => sum + size, 0));
  let at = 0;
  for (const part of parts) {
    target.set(part.data("TensorDataset"), at);
    at += part.size;
  }
  return new Tensor([parts.reduce((sum, part) => sum + (part.shape[0] as number), 0), ...shape.slice(1)], dtype, target);
}
