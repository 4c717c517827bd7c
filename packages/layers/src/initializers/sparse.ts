import { argSort, normal, ShapeError, uniform, where, type Shape, type Tensor } from "@nn/tensor";
import { formatShape, requireKind, requireShape, type OptionKinds } from "@nn/tensor/extend";
import { checkOptions } from "../options.js";
import type { InitializerOptions } from "./initializer.js";

/** Options of {@link sparse}. */
export interface SparseOptions extends InitializerOptions {
  /** The fraction of each column that is zero, rounded up to whole elements. */
  readonly sparsity: number;
  /** Standard deviation of the other elements; default 0.01. */
  readonly std?: number | undefined;
}

const sparseOptions: OptionKinds<SparseOptions> = { sparsity: "probability", std: "nonNegative", dtype: ["float32", "float64"], generator: "any" };

/**
 * A matrix of normal numbers. In each column, `⌈sparsity · rows⌉` random elements are zero (Martens 2010).
 * @throws ShapeError unless the weight has two axes.
 * @throws ArgumentError unless `sparsity` is from 0 to 1.
 */
export function sparse(shape: Shape, options: SparseOptions): Tensor {
  requireShape("sparse", shape);
  checkOptions("sparse", options, sparseOptions);
  const { sparsity, std = 0.01, ...others } = options ?? {};
  requireKind("sparse", "sparsity", sparsity, "probability");
  const [rows] = shape;
  if (shape.length !== 2 || rows === undefined) throw new ShapeError(`sparse: a weight of shape ${formatShape(shape)} is not a matrix; expected the axes [out, in]`);
  const shuffled = argSort(uniform(shape, others), { axis: 0 });
  return where(shuffled.less(Math.ceil(sparsity * rows)), 0, normal(shape, { std, ...others }));
}
