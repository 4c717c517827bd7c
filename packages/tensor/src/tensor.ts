import { brand, thisCopy } from "./brand.js";
import { holds, type DType, type TypedArray } from "./dtype.js";
import type { Operand } from "./operand.js";
import * as activation from "./ops/activation.js";
import * as arithmetic from "./ops/arithmetic.js";
import * as comparison from "./ops/comparison.js";
import * as contraction from "./ops/contraction.js";
import * as conversion from "./ops/conversion.js";
import * as elementary from "./ops/elementary.js";
import * as indexing from "./ops/indexing.js";
import * as logic from "./ops/logic.js";
import * as reading from "./ops/reading.js";
import type { NestedArray, TensorRecord } from "./ops/reading.js";
import * as reduction from "./ops/reduction.js";
import type { Axes, ReductionOptions } from "./ops/reduction.js";
import * as movement from "./ops/shape.js";
import * as slicing from "./ops/slicing.js";
import type { Index } from "./ops/slicing.js";
import { formatTensor } from "./print.js";
import { requireDeferred, type Storage } from "./storage.js";
import { fills, frozenShape, sizeOf, type Shape } from "./shape.js";

/**
 * An immutable n-dimensional array: a tensor and its shape are frozen. Operations return new tensors. Nothing needs to be disposed. Each
 * method is the function of the same name with the tensor as its first argument. Less common operations (`split`, `sort`, `std`, `sin`, …)
 * are functions only, so that a bundle holds only what is used.
 *
 * Create tensors with `tensor`, `zeros` and so on. The constructor is for interpreters.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * const x = tensor([[1, 2], [3, 4]]);
 * x.mul(10).add(x.sum(0)).toArray(); // => [[14, 26], [34, 46]]
 * x.matmul(x.transpose()).toArray(); // => [[5, 11], [11, 25]]
 * ```
 */
export class Tensor {
  readonly shape: Shape;
  readonly dtype: DType;
  /**
   * The storage of the elements, for interpreters. It is an ordinary property, so that copies by `structuredClone` and `postMessage`, and
   * comparisons by test tools, see the elements. `tensor` makes a tensor from such a copy.
   */
  readonly storage: Storage;

  /** @throws ShapeError, DTypeError or UsageError if the storage does not hold the elements of this shape and dtype. */
  constructor(shape: Shape, dtype: DType, storage: Storage) {
    if (!holds(dtype, storage) || !fills(shape, storage.length)) requireDeferred(shape, dtype, storage);
    this.shape = frozenShape(shape);
    this.dtype = dtype;
    this.storage = storage;
    Object.freeze(this);
  }

  /** Marks the copy of the package that made the tensor. */
  get [brand](): object {
    return thisCopy;
  }

  /** Number of axes. */
  get rank(): number {
    return this.shape.length;
  }

  /** Number of elements. */
  get size(): number {
    return sizeOf(this.shape);
  }

  /** The row-major elements themselves, not a copy. Do not write to them. For interpreters; programs use `toTypedArray`. */
  data(operation: string): TypedArray {
    const { storage } = this;
    return ArrayBuffer.isView(storage) ? storage : storage.read(operation);
  }

  /** The same elements under a new identity: gradients do not flow through it. */
  detach(): Tensor {
    return new Tensor(this.shape, this.dtype, this.storage);
  }

  /** Shape, dtype and elements; for large tensors only the first and last ones. */
  toString(): string {
    return formatTensor(this);
  }

  /** What Node's `console.log` shows. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return formatTensor(this);
  }

  /**
   * What `JSON.stringify` writes, and `tensor` takes back: the elements in row-major order, with shape and dtype.
   * @throws UsageError if an element is NaN or infinite, which JSON cannot hold, or inside a compiled function.
   */
  toJSON(): TensorRecord { return reading.toJSON(this); }

  /**
   * The element, where JavaScript expects a number: `total += loss`, `loss < 0.1`. A template string uses {@link Tensor.toString}.
   * @throws ShapeError if there is not exactly one element, UsageError inside a compiled function.
   */
  [Symbol.toPrimitive](hint: string): string | number {
    return hint === "string" ? formatTensor(this) : reading.toNumber(this);
  }

  // Reading

  /** The only element, as a number. */
  item(): number { return reading.item(this); }
  /** The elements as nested arrays; for a scalar, a number or boolean. */
  toArray(): NestedArray { return reading.toArray(this); }
  /** A row-major copy of the elements. */
  toTypedArray(): TypedArray { return reading.toTypedArray(this); }
  /** A row-major copy of the elements, as soon as they are available. */
  read(): Promise<TypedArray> { return reading.read(this); }
  /** The elements in another dtype. */
  cast(dtype: DType): Tensor { return conversion.cast(this, dtype); }

  // Arithmetic

  /** `this + other`. */
  add(other: Operand): Tensor { return arithmetic.add(this, other); }
  /** `this − other`. */
  sub(other: Operand): Tensor { return arithmetic.sub(this, other); }
  /** `this · other`, element by element. */
  mul(other: Operand): Tensor { return arithmetic.mul(this, other); }
  /** `this / other`, true division. */
  div(other: Operand): Tensor { return arithmetic.div(this, other); }
  /** `this` to the power of `other`. */
  pow(other: Operand): Tensor { return arithmetic.pow(this, other); }
  /** The larger of both, element by element. */
  maximum(other: Operand): Tensor { return arithmetic.maximum(this, other); }
  /** The smaller of both, element by element. */
  minimum(other: Operand): Tensor { return arithmetic.minimum(this, other); }
  /** Limits elements to the range from `low` to `high`. */
  clamp(low?: Operand, high?: Operand): Tensor { return arithmetic.clamp(this, low, high); }
  /** `−this`. */
  neg(): Tensor { return arithmetic.neg(this); }
  /** Absolute value. */
  abs(): Tensor { return arithmetic.abs(this); }
  /** `this²`. */
  square(): Tensor { return arithmetic.square(this); }

  // Elementary functions

  /** Square root. */
  sqrt(): Tensor { return elementary.sqrt(this); }
  /** `e` to the power of `this`. */
  exp(): Tensor { return elementary.exp(this); }
  /** Natural logarithm. */
  log(): Tensor { return elementary.log(this); }
  /** Hyperbolic tangent. */
  tanh(): Tensor { return elementary.tanh(this); }
  /** `max(this, 0)`. */
  relu(): Tensor { return activation.relu(this); }
  /** `1 / (1 + exp(−this))`. */
  sigmoid(): Tensor { return activation.sigmoid(this); }
  /** Softmax along `axis` (default: the last). */
  softmax(axis?: number): Tensor { return activation.softmax(this, axis); }
  /** Logarithm of the softmax along `axis` (default: the last). */
  logSoftmax(axis?: number): Tensor { return activation.logSoftmax(this, axis); }

  // Comparison and logic

  /** Where `this = other`. */
  equal(other: Operand): Tensor { return comparison.equal(this, other); }
  /** Where `this ≠ other`. */
  notEqual(other: Operand): Tensor { return comparison.notEqual(this, other); }
  /** Where `this < other`. */
  less(other: Operand): Tensor { return comparison.less(this, other); }
  /** Where `this ≤ other`. */
  lessEqual(other: Operand): Tensor { return comparison.lessEqual(this, other); }
  /** Where `this > other`. */
  greater(other: Operand): Tensor { return comparison.greater(this, other); }
  /** Where `this ≥ other`. */
  greaterEqual(other: Operand): Tensor { return comparison.greaterEqual(this, other); }
  /** Where both are true. */
  logicalAnd(other: Operand): Tensor { return logic.logicalAnd(this, other); }
  /** Where one or both are true. */
  logicalOr(other: Operand): Tensor { return logic.logicalOr(this, other); }
  /** Where elements are false. */
  logicalNot(): Tensor { return logic.logicalNot(this); }

  // Reductions

  /** Sum over `axis` (default: all). */
  sum(axis?: Axes, options?: ReductionOptions): Tensor { return reduction.sum(this, axis, options); }
  /** Mean over `axis` (default: all). */
  mean(axis?: Axes, options?: ReductionOptions): Tensor { return reduction.mean(this, axis, options); }
  /** Largest element over `axis` (default: all). */
  max(axis?: Axes, options?: ReductionOptions): Tensor { return reduction.max(this, axis, options); }
  /** Smallest element over `axis` (default: all). */
  min(axis?: Axes, options?: ReductionOptions): Tensor { return reduction.min(this, axis, options); }
  /** Index of the largest element along `axis` (default: of all). */
  argMax(axis?: number, options?: ReductionOptions): Tensor { return reduction.argMax(this, axis, options); }
  /** Matrix product. */
  matmul(other: Tensor): Tensor { return contraction.matmul(this, other); }

  // Shape

  /** The same elements under another shape. */
  reshape(shape: Shape): Tensor { return movement.reshape(this, shape); }
  /** The axes in another order. */
  permute(axes: readonly number[]): Tensor { return movement.permute(this, axes); }
  /** Swaps two axes; default: the last two. */
  transpose(a?: number, b?: number): Tensor { return movement.transpose(this, a, b); }
  /** Broadcasts to `shape`. */
  expand(shape: Shape): Tensor { return movement.expand(this, shape); }
  /** Removes axes of size 1. */
  squeeze(axis?: number | readonly number[]): Tensor { return movement.squeeze(this, axis); }
  /** Inserts an axis of size 1 at `axis`. */
  unsqueeze(axis: number): Tensor { return movement.unsqueeze(this, axis); }
  /** Joins axes `startAxis` … `endAxis` (default: all) into one. */
  flatten(startAxis?: number, endAxis?: number): Tensor { return movement.flatten(this, startAxis, endAxis); }
  /** Reverses the order along `axes` (default: all). */
  flip(axes?: number | readonly number[]): Tensor { return movement.flip(this, axes); }
  /** A part of the tensor, by an index or a range for each axis. */
  slice(indices: readonly Index[]): Tensor { return slicing.slice(this, indices); }
  /** The part at one index of `axis`, without that axis. */
  select(axis: number, index: number): Tensor { return slicing.select(this, axis, index); }

  // Indexing and order

  /** Elements at computed positions along `axis`. */
  gather(index: Tensor, axis: number): Tensor { return indexing.gather(this, index, axis); }
  /** Whole slices along `axis`. */
  indexSelect(index: Tensor, axis: number): Tensor { return indexing.indexSelect(this, index, axis); }
}
