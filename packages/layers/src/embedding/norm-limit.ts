import { greater, logicalAnd, norm, onesLike, reciprocal, reshape, scatterAdd, where, zeros, type Tensor } from "@nn/tensor";
import { requireTensor } from "@nn/tensor/extend";
import type { Parameter } from "../parameter.js";

/** Limit of the norm of the rows of an embedding. */
export interface NormLimit {
  /** Before the lookup, longer rows among those looked up are scaled down to this norm in the table itself. Default: no limit. */
  readonly maxNorm?: number | undefined;
  /** Exponent of the norm; default 2. */
  readonly normType?: number | undefined;
}

/**
 * Scales the rows of a table that `index` selects down to the largest allowed norm. As in PyTorch, gradients are those of the
 * scaled table.
 */
export function limitNorms(operation: string, table: Parameter, index: Tensor, { maxNorm, normType = 2 }: NormLimit): void {
  if (maxNorm === undefined) return;
  requireTensor(operation, index);
  const weight = table.value;
  const positions = reshape(index, [index.size, 1]);
  const named = scatterAdd(zeros([weight.shape[0] ?? 0, 1], { dtype: "int32" }), positions, onesLike(positions), 0);
  const length = norm(weight.detach(), { p: normType, axis: 1, keepAxes: true });
  const isTooLong = logicalAnd(greater(named, 0), greater(length, maxNorm));
  const shortened = weight.detach().mul(reciprocal(length.add(1e-7)).mul(maxNorm));
  // The change is added without a gradient, so that the gradient of the new value is that of the variable.
  table.value = weight.add(where(isTooLong, shortened.sub(weight.detach()), 0).detach());
}
