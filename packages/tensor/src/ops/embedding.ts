import { requireOptions, type OptionKinds } from "../arguments/options.js";
import { isFloat } from "../dtype.js";
import { ArgumentError, DTypeError, ShapeError } from "../errors.js";
import { apply } from "../interpreter/stack.js";
import { requireTensor } from "../operand.js";
import { inNameOf } from "../out-of-memory.js";
import * as primitives from "../primitives/all.js";
import type { IndexAttributes } from "../primitives/attributes.js";
import { formatShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { add, div, sub } from "./arithmetic.js";
import { equal } from "./comparison.js";
import { ones, zeros } from "./creation.js";
import { requireIndex } from "./indexing.js";
import { where } from "./logic.js";
import { reshape } from "./shape.js";

/** Options of {@link embedding}. */
export interface EmbeddingOptions {
  /** The row for padding, which receives no gradient. A negative index counts from the end. */
  readonly paddingIndex?: number | undefined;
  /** Whether the gradient of a row is divided by how often the row was looked up. Default: false. */
  readonly scaleGradientByFrequency?: boolean | undefined;
}

const embeddingOptions: OptionKinds<EmbeddingOptions> = { paddingIndex: "integer", scaleGradientByFrequency: "boolean" };

/** Throws unless the index is int32 and the weight is a table. */
export function requireTable(operation: string, index: Tensor, weight: Tensor): readonly [rows: number, features: number] {
  requireIndex(operation, index);
  requireTensor(operation, weight, "weight");
  const [rows, features] = weight.shape;
  if (weight.rank !== 2 || rows === undefined || features === undefined) throw new ShapeError(`${operation}: weight is ${formatShape(weight.shape)}, expected [rows, features]`);
  if (!isFloat(weight.dtype)) throw new DTypeError(`${operation}: weight has dtype ${weight.dtype}, expected float32 or float64`);
  return [rows, features];
}

/** The index of the row for padding, counted from the front. */
export function paddingRow(operation: string, paddingIndex: number | undefined, rows: number): number | undefined {
  if (paddingIndex === undefined) return undefined;
  if (paddingIndex < -rows || paddingIndex >= rows) {
    throw new ArgumentError(`${operation}: paddingIndex is ${paddingIndex}, expected a row from ${-rows} to ${rows - 1}`);
  }
  return paddingIndex < 0 ? paddingIndex + rows : paddingIndex;
}

/** The rows at the positions in `index`, `[positions, features]`. The options decide on the gradients. */
export function lookUp(operation: string, index: Tensor, weight: Tensor, { paddingIndex, scaleGradientByFrequency = false }: EmbeddingOptions): Tensor {
  const [rows = 0] = weight.shape;
  const column = reshape(index, [index.size, 1]);
  const attributes = { axis: 0, report: { operation, shape: index.shape } };
  const found = inNameOf(operation, () => apply(primitives.gather, [weight, column], attributes));
  const scaled = scaleGradientByFrequency ? withGradientDividedBy(found, frequencies(column, weight, attributes)) : found;
  const padding = paddingRow(operation, paddingIndex, rows);
  return padding === undefined ? scaled : where(equal(column, padding), scaled.detach(), scaled);
}

/** For each position, how often its row is looked up, `[positions, 1]`. */
function frequencies(column: Tensor, { shape: [rows = 0], dtype }: Tensor, attributes: IndexAttributes): Tensor {
  const counts = apply(primitives.scatterAdd, [zeros([rows, 1], { dtype }), column, ones(column.shape, { dtype })], attributes);
  return apply(primitives.gather, [counts, column], attributes);
}

/** The same values; their gradient is divided by `counts`. */
function withGradientDividedBy(x: Tensor, counts: Tensor): Tensor {
  return add(x.detach(), div(sub(x, x.detach()), counts));
}

/**
 * Rows of `weight` at the positions in `index`: `y[i…] = weight[index[i…]]`.
 *
 * Shapes: `index` int32 of any shape, `weight` `[rows, features]`; result `[…index, features]`.
 *
 * @example
 * ```ts
 * import { embedding, tensor } from "@nn/tensor";
 * const weight = tensor([[1, 2], [3, 4], [5, 6]]);
 * embedding(tensor([2, 0], { dtype: "int32" }), weight).toArray(); // => [[5, 6], [1, 2]]
 * ```
 * @throws DTypeError if the index is not int32 or the weight not floating-point.
 * @throws ArgumentError if an index or `paddingIndex` is out of range.
 */
export function embedding(index: Tensor, weight: Tensor, options: EmbeddingOptions = {}): Tensor {
  const [, features] = requireTable("embedding", index, weight);
  requireOptions("embedding", options, embeddingOptions);
  return reshape(lookUp("embedding", index, weight, options), [...index.shape, features]);
}
