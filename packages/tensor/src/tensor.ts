import { brand, thisCopy } from "./brand.js";
import { allocate, type DType, type TypedArray } from "./dtype.js";
import type { Storage } from "./storage.js";
import { sizeOf, type Shape } from "./shape.js";

/**
 * An immutable n-dimensional array. Operations give new tensors; nothing needs to be disposed.
 * (constructor: for interpreters; programs create tensors with `tensor`, `zeros`, …)
 */
export class Tensor {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly #storage: Storage;

  constructor(shape: Shape, dtype: DType, storage: Storage) {
    this.shape = shape;
    this.dtype = dtype;
    this.#storage = storage;
  }

  /** Marks the copy of the package that made the tensor. */
  get [brand](): object {
    return thisCopy;
  }

  /** What holds the elements; for interpreters. */
  get storage(): Storage {
    return this.#storage;
  }

  /** Number of axes. */
  get rank(): number {
    return this.shape.length;
  }

  /** Number of elements. */
  get size(): number {
    return sizeOf(this.shape);
  }

  /** The row-major elements themselves, not a copy: not to be written to. For interpreters; programs use `toTypedArray`. */
  data(operation: string): TypedArray {
    const storage = this.#storage;
    return ArrayBuffer.isView(storage) ? storage : storage.read(operation);
  }

  /** The same elements under a new identity: gradients do not follow it back. */
  detach(): Tensor {
    return new Tensor(this.shape, this.dtype, this.#storage);
  }

  toTypedArray(): TypedArray {
    const copy = allocate(this.dtype, this.size);
    copy.set(this.data("toTypedArray"));
    return copy;
  }
}
