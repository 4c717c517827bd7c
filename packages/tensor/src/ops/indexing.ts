import { ShapeError } from "../errors.js";
import { bind } from "../interpreter.js";
import { requireTensor } from "../operand.js";
import { formatShape, normalizeAxis } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { pad } from "./padding.js";
import { reshape } from "./shape.js";
import { slice } from "./slicing.js";

/**
 * Takes elements along `axis` at the places of `index`: `y[…, i, …] = x[…, index[…, i, …], …]`. The result has the shape of
 * `index`, which has the rank of `x` and on other axes at most its sizes.
 *
 * @example
 * ```ts
 * import { gather, tensor } from "@nn/tensor";
 * const x = tensor([[1, 2, 3], [4, 5, 6]]);
 * gather(x, tensor([[2], [0]], { dtype: "int32" }), 1).toArray(); // => [[3], [4]]
 * ```
 * @throws ShapeError if the index does not fit.
 */
export function gather(x: Tensor, index: Tensor, axis: number): Tensor {
  requireTensor("gather", x);
  requireTensor("gather", index, "index");
  const at = requireIndexed("gather", x, index, axis);
  const part = slice(x, x.shape.map((_, other) => (other === at ? null : { stop: index.shape[other] as number })));
  return bind("gather", [part, index], { axis: at });
}

/**
 * Takes whole slices along `axis` at the places of the vector `index`.
 * @throws ShapeError unless `index` is a vector or a scalar.
 */
export function indexSelect(x: Tensor, index: Tensor, axis: number): Tensor {
  requireTensor("indexSelect", x);
  requireTensor("indexSelect", index, "index");
  const at = normalizeAxis("indexSelect", axis, x.shape.length);
  if (index.shape.length > 1) throw new ShapeError(`indexSelect: index is ${formatShape(index.shape)}, expected a vector`);
  return bind("gather", [x, reshape(index, alongAxis(x, at, index.size))], { axis: at });
}

/** `length` on one axis, 1 on the others. */
function alongAxis(x: Tensor, axis: number, length: number): number[] {
  return x.shape.map((_, at) => (at === axis ? length : 1));
}

/**
 * `base` with each element of `updates` added at the place along `axis` that `index` gives; repeated places add up.
 * `index` may be smaller than `base` on other axes, `updates` larger than `index`: what is outside takes no part.
 * @throws ShapeError if the shapes do not fit.
 */
export function scatterAdd(base: Tensor, index: Tensor, updates: Tensor, axis: number): Tensor {
  requireTensor("scatterAdd", base, "base");
  requireTensor("scatterAdd", index, "index");
  requireTensor("scatterAdd", updates, "updates");
  const at = requireIndexed("scatterAdd", base, index, axis);
  if (updates.shape.length !== index.shape.length || updates.shape.some((length, other) => length < (index.shape[other] as number))) {
    throw new ShapeError(`scatterAdd: updates ${formatShape(updates.shape)} are smaller than index ${formatShape(index.shape)}`);
  }
  if (index.size === 0) return base;
  // Where the index leaves out part of another axis, zeros are added at place 0.
  const rest = base.shape.map((length, other) => [0, other === at ? 0 : length - (index.shape[other] as number)] as const);
  const used = slice(updates, index.shape.map((length) => ({ stop: length })));
  return bind("scatterAdd", [base, pad(index, rest), pad(used, rest)], { axis: at });
}

/** Refuses an index that has another rank, or is larger on other axes, than what it indexes; gives the axis. */
function requireIndexed(operation: string, x: Tensor, index: Tensor, axis: number): number {
  const at = normalizeAxis(operation, axis, x.shape.length);
  if (index.shape.length !== x.shape.length || index.shape.some((length, other) => other !== at && length > (x.shape[other] as number))) {
    throw new ShapeError(
      `${operation}: index ${formatShape(index.shape)} does not fit ${formatShape(x.shape)} along axis ${axis}; ` +
        "it needs the same rank, and on the other axes at most the same sizes",
    );
  }
  return at;
}
