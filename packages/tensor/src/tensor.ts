import { brand, thisCopy } from "./brand.js";
import type { DType, TypedArray } from "./dtype.js";
import type { Operand } from "./operand.js";
import { logSoftmax, relu, sigmoid, softmax } from "./ops/activation.js";
import * as arithmetic from "./ops/arithmetic.js";
import * as comparison from "./ops/comparison.js";
import { matmul } from "./ops/contraction.js";
import { cast } from "./ops/conversion.js";
import * as elementary from "./ops/elementary.js";
import * as logic from "./ops/logic.js";
import { gather, indexSelect } from "./ops/indexing.js";
import { scatterAdd } from "./ops/scattering.js";
import { pad, type PadOptions, type PadWidth } from "./ops/padding.js";
import { item, read, toArray, toTypedArray, type NestedArray } from "./ops/reading.js";
import * as reduction from "./ops/reduction.js";
import * as movement from "./ops/shape.js";
import * as slicing from "./ops/slicing.js";
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

  /** See `item`. */
  item(): number {
    return item(this);
  }

  /** See `toArray`. */
  toArray(): NestedArray {
    return toArray(this);
  }

  /** See `toTypedArray`. */
  toTypedArray(): TypedArray {
    return toTypedArray(this);
  }

  /** See `read`. */
  read(): Promise<TypedArray> {
    return read(this);
  }

  /** See `add`. */
  add(other: Operand): Tensor {
    return arithmetic.add(this, other);
  }

  /** See `sub`. */
  sub(other: Operand): Tensor {
    return arithmetic.sub(this, other);
  }

  /** See `mul`. */
  mul(other: Operand): Tensor {
    return arithmetic.mul(this, other);
  }

  /** See `div`. */
  div(other: Operand): Tensor {
    return arithmetic.div(this, other);
  }

  /** See `pow`. */
  pow(other: Operand): Tensor {
    return arithmetic.pow(this, other);
  }

  /** See `maximum`. */
  maximum(other: Operand): Tensor {
    return arithmetic.maximum(this, other);
  }

  /** See `minimum`. */
  minimum(other: Operand): Tensor {
    return arithmetic.minimum(this, other);
  }

  /** See `remainder`. */
  remainder(other: Operand): Tensor {
    return arithmetic.remainder(this, other);
  }

  /** See `equal`. */
  equal(other: Operand): Tensor {
    return comparison.equal(this, other);
  }

  /** See `notEqual`. */
  notEqual(other: Operand): Tensor {
    return comparison.notEqual(this, other);
  }

  /** See `less`. */
  less(other: Operand): Tensor {
    return comparison.less(this, other);
  }

  /** See `lessEqual`. */
  lessEqual(other: Operand): Tensor {
    return comparison.lessEqual(this, other);
  }

  /** See `greater`. */
  greater(other: Operand): Tensor {
    return comparison.greater(this, other);
  }

  /** See `greaterEqual`. */
  greaterEqual(other: Operand): Tensor {
    return comparison.greaterEqual(this, other);
  }

  /** See `logicalAnd`. */
  logicalAnd(other: Operand): Tensor {
    return logic.logicalAnd(this, other);
  }

  /** See `logicalOr`. */
  logicalOr(other: Operand): Tensor {
    return logic.logicalOr(this, other);
  }

  /** See `logicalXor`. */
  logicalXor(other: Operand): Tensor {
    return logic.logicalXor(this, other);
  }

  /** See `neg`. */
  neg(): Tensor {
    return arithmetic.neg(this);
  }

  /** See `abs`. */
  abs(): Tensor {
    return arithmetic.abs(this);
  }

  /** See `sign`. */
  sign(): Tensor {
    return arithmetic.sign(this);
  }

  /** See `floor`. */
  floor(): Tensor {
    return arithmetic.floor(this);
  }

  /** See `ceil`. */
  ceil(): Tensor {
    return arithmetic.ceil(this);
  }

  /** See `round`. */
  round(): Tensor {
    return arithmetic.round(this);
  }

  /** See `trunc`. */
  trunc(): Tensor {
    return arithmetic.trunc(this);
  }

  /** See `frac`. */
  frac(): Tensor {
    return arithmetic.frac(this);
  }

  /** See `reciprocal`. */
  reciprocal(): Tensor {
    return arithmetic.reciprocal(this);
  }

  /** See `square`. */
  square(): Tensor {
    return arithmetic.square(this);
  }

  /** See `exp`. */
  exp(): Tensor {
    return elementary.exp(this);
  }

  /** See `expm1`. */
  expm1(): Tensor {
    return elementary.expm1(this);
  }

  /** See `log`. */
  log(): Tensor {
    return elementary.log(this);
  }

  /** See `log1p`. */
  log1p(): Tensor {
    return elementary.log1p(this);
  }

  /** See `sqrt`. */
  sqrt(): Tensor {
    return elementary.sqrt(this);
  }

  /** See `rsqrt`. */
  rsqrt(): Tensor {
    return elementary.rsqrt(this);
  }

  /** See `sin`. */
  sin(): Tensor {
    return elementary.sin(this);
  }

  /** See `cos`. */
  cos(): Tensor {
    return elementary.cos(this);
  }

  /** See `tanh`. */
  tanh(): Tensor {
    return elementary.tanh(this);
  }

  /** See `erf`. */
  erf(): Tensor {
    return elementary.erf(this);
  }

  /** See `logicalNot`. */
  logicalNot(): Tensor {
    return logic.logicalNot(this);
  }

  /** See `relu`. */
  relu(): Tensor {
    return relu(this);
  }

  /** See `sigmoid`. */
  sigmoid(): Tensor {
    return sigmoid(this);
  }

  /** See `softmax`. */
  softmax(axis?: number): Tensor {
    return softmax(this, axis);
  }

  /** See `logSoftmax`. */
  logSoftmax(axis?: number): Tensor {
    return logSoftmax(this, axis);
  }

  /** See `clamp`. */
  clamp(low?: Operand, high?: Operand): Tensor {
    return arithmetic.clamp(this, low, high);
  }

  /** See `maskedFill`. */
  maskedFill(mask: Tensor, value: Operand): Tensor {
    return logic.maskedFill(this, mask, value);
  }

  /** See `sum`. */
  sum(axis?: reduction.Axes, options?: reduction.ReductionOptions): Tensor {
    return reduction.sum(this, axis, options);
  }

  /** See `mean`. */
  mean(axis?: reduction.Axes, options?: reduction.ReductionOptions): Tensor {
    return reduction.mean(this, axis, options);
  }

  /** See `prod`. */
  prod(axis?: reduction.Axes, options?: reduction.ReductionOptions): Tensor {
    return reduction.prod(this, axis, options);
  }

  /** See `max`. */
  max(axis?: reduction.Axes, options?: reduction.ReductionOptions): Tensor {
    return reduction.max(this, axis, options);
  }

  /** See `min`. */
  min(axis?: reduction.Axes, options?: reduction.ReductionOptions): Tensor {
    return reduction.min(this, axis, options);
  }

  /** See `argMax`. */
  argMax(axis?: number, options?: reduction.ReductionOptions): Tensor {
    return reduction.argMax(this, axis, options);
  }

  /** See `argMin`. */
  argMin(axis?: number, options?: reduction.ReductionOptions): Tensor {
    return reduction.argMin(this, axis, options);
  }

  /** See `matmul`. */
  matmul(other: Tensor): Tensor {
    return matmul(this, other);
  }

  /** See `cast`. */
  cast(dtype: DType): Tensor {
    return cast(this, dtype);
  }

  /** See `reshape`. */
  reshape(shape: Shape): Tensor {
    return movement.reshape(this, shape);
  }

  /** See `permute`. */
  permute(axes: readonly number[]): Tensor {
    return movement.permute(this, axes);
  }

  /** See `transpose`. */
  transpose(a?: number, b?: number): Tensor {
    return movement.transpose(this, a, b);
  }

  /** See `expand`. */
  expand(shape: Shape): Tensor {
    return movement.expand(this, shape);
  }

  /** See `squeeze`. */
  squeeze(axis?: number | readonly number[]): Tensor {
    return movement.squeeze(this, axis);
  }

  /** See `unsqueeze`. */
  unsqueeze(axis: number): Tensor {
    return movement.unsqueeze(this, axis);
  }

  /** See `flatten`. */
  flatten(startAxis?: number, endAxis?: number): Tensor {
    return movement.flatten(this, startAxis, endAxis);
  }

  /** See `flip`. */
  flip(axes?: number | readonly number[]): Tensor {
    return movement.flip(this, axes);
  }

  /** See `slice`. */
  slice(indices: readonly slicing.Index[]): Tensor {
    return slicing.slice(this, indices);
  }

  /** See `split`. */
  split(sizes: number | readonly number[], axis?: number): Tensor[] {
    return slicing.split(this, sizes, axis);
  }

  /** See `chunk`. */
  chunk(count: number, axis?: number): Tensor[] {
    return slicing.chunk(this, count, axis);
  }

  /** See `pad`. */
  pad(widths: readonly PadWidth[], options?: PadOptions): Tensor {
    return pad(this, widths, options);
  }

  /** See `gather`. */
  gather(index: Tensor, axis: number): Tensor {
    return gather(this, index, axis);
  }

  /** See `indexSelect`. */
  indexSelect(index: Tensor, axis: number): Tensor {
    return indexSelect(this, index, axis);
  }

  /** See `scatterAdd`. */
  scatterAdd(index: Tensor, updates: Tensor, axis: number): Tensor {
    return scatterAdd(this, index, updates, axis);
  }
}
