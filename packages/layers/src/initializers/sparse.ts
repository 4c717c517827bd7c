import { ArgumentError, argSort, formatShape, normal, ShapeError, uniform, where, type Shape, type Tensor } from "@nn/tensor";
import type { InitializerOptions } from "./initializer.js";

/** Options of {@link sparse}. */
export interface SparseOptions extends InitializerOptions {
  /** The fraction of each column that is zero, rounded up to whole elements. */
  readonly sparsity: number;
  /** Standard deviation of the other elements; default 0.01. */
  readonly std?: number | undefined;
}

/**
 * A matrix of normal numbers in each of whose columns `⌈sparsity · rows⌉` elements, chosen by chance, are zero (Martens 2010).
 * @throws ShapeError unless the weight has two axes.
 * @throws ArgumentError unless `sparsity` is from 0 to 1.
 */
export function sparse(shape: Shape, { sparsity, std = 0.01, ...options }: SparseOptions): Tensor {
  const [rows] = shape;
  if (shape.length !== 2 || rows === undefined) throw new ShapeError(`sparse: a weight of shape ${formatShape(shape)} is no matrix; expected the axes [out, in]`);
  if (!(sparsity >= 0 && sparsity <= 1)) throw new ArgumentError(`sparse: sparsity is ${sparsity}, expected 0 to 1`);
  const shuffled = argSort(uniform(shape, options), { axis: 0 });
  return where(shuffled.less(Math.ceil(sparsity * rows)), 0, normal(shape, { std, ...options }));
}
