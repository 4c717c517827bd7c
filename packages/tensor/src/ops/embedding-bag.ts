import { requireOptions, type OptionKinds } from "../arguments/options.js";
import { isFloat } from "../dtype.js";
import { ArgumentError, DTypeError, ShapeError } from "../errors.js";
import { apply } from "../interpreter/stack.js";
import { castTo, scalar } from "../operand.js";
import * as primitives from "../primitives/all.js";
import { formatShape, sameShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { div, maximum, mul, sub } from "./arithmetic.js";
import { refuseWhere } from "./refuse-where.js";
import { equal, greater, lessEqual, notEqual } from "./comparison.js";
import { arange, full, ones, zeros } from "./creation.js";
import { lookUp, paddingRow, requireTable, type EmbeddingOptions } from "./embedding.js";
import { requireIndex } from "./indexing.js";
import { concat } from "./joining.js";
import { logicalAnd, logicalNot, logicalOr, where } from "./logic.js";
import { any, sum } from "./reduction.js";
import { reshape } from "./shape.js";
import { narrow } from "./slicing.js";

/** Options of {@link embeddingBag}. */
export interface EmbeddingBagOptions extends EmbeddingOptions {
  /** How the rows of a bag become one. Default: `"mean"`. */
  readonly mode?: "sum" | "mean" | "max" | undefined;
  /** For an index with one axis: where each bag starts, `[bags]`. The first is 0, and none is smaller than the one before. */
  readonly offsets?: Tensor | undefined;
  /** Whether the last offset marks the end of the last bag and starts no bag. Default: false. */
  readonly includeLastOffset?: boolean | undefined;
  /** Factors of the rows, of the shape of the index; only for sums. */
  readonly perSampleWeights?: Tensor | undefined;
}

const embeddingBagOptions: OptionKinds<EmbeddingBagOptions> = {
  paddingIndex: "integer", scaleGradientByFrequency: "boolean", mode: ["sum", "mean", "max"], offsets: "tensor", includeLastOffset: "boolean", perSampleWeights: "tensor",
};

/** How rows, `[positions, features]`, are combined to `[bags, features]`. */
interface Bags {
  readonly count: number;
  readonly total: (rows: Tensor) => Tensor;
  /** The largest of the rows marked in `counted`, `[positions, 1]`; 0 if a bag has none. The first of equal elements gets the gradient. */
  readonly largest: (rows: Tensor, counted: Tensor) => Tensor;
}

/**
 * Sums, means or largest elements of bags of rows of `weight`. In an index `[bags, length]`, each row is a bag. For an index with
 * one axis, `offsets` say where each bag starts. Rows of padding do not count. A bag without rows gives zeros.
 *
 * Shapes: result `[bags, features]`. With offsets, maxima compare every bag with every row.
 *
 * @example
 * ```ts
 * import { embeddingBag, tensor } from "@nn/tensor";
 * const weight = tensor([[1, 2], [3, 4], [5, 6]]);
 * const index = tensor([0, 1, 2], { dtype: "int32" });
 * embeddingBag(index, weight, { offsets: tensor([0, 2], { dtype: "int32" }), mode: "sum" }).toArray(); // => [[4, 6], [5, 6]]
 * ```
 * @throws ShapeError if the shapes of index, offsets or weights do not fit.
 * @throws ArgumentError if offsets are missing, not needed or not in order, if there is no such row, and for weights with another
 *   mode than `"sum"`.
 */
export function embeddingBag(index: Tensor, weight: Tensor, options: EmbeddingBagOptions = {}): Tensor {
  const [tableRows, features] = requireTable("embeddingBag", index, weight);
  requireOptions("embeddingBag", options, embeddingBagOptions);
  const { mode = "mean", perSampleWeights, paddingIndex } = options;
  const factors = perSampleWeights === undefined ? undefined : requireWeights(perSampleWeights, index, weight, mode);
  const bags = bagsOf(index, options);
  if (bags.count === 0 || index.size === 0) return zeros([bags.count, features], { dtype: weight.dtype });

  const column = reshape(index, [index.size, 1]);
  const padding = paddingRow("embeddingBag", paddingIndex, tableRows);
  const counted = padding === undefined ? full(column.shape, true) : notEqual(column, padding);
  const rows = lookUp("embeddingBag", index, weight, options);
  if (mode === "max") return bags.largest(rows, counted);
  const weighted = factors === undefined ? rows : mul(rows, reshape(factors, column.shape));
  const total = bags.total(padding === undefined ? weighted : where(counted, weighted, scalar(0, weight.dtype)));
  return mode === "sum" ? total : div(total, maximum(bags.total(castTo(counted, weight.dtype)), 1));
}

function requireWeights(weights: Tensor, index: Tensor, table: Tensor, mode: string): Tensor {
  if (mode !== "sum") throw new ArgumentError(`embeddingBag: perSampleWeights with mode "${mode}"; only sums can be weighted`);
  if (!sameShape(weights.shape, index.shape)) {
    throw new ShapeError(`embeddingBag: perSampleWeights are ${formatShape(weights.shape)}, expected ${formatShape(index.shape)} as the index`);
  }
  if (!isFloat(weights.dtype) || weights.dtype !== table.dtype) {
    throw new DTypeError(`embeddingBag: perSampleWeights have dtype ${weights.dtype} but weight ${table.dtype}; cast one`);
  }
  return weights;
}

function bagsOf(index: Tensor, { offsets, includeLastOffset = false }: EmbeddingBagOptions): Bags {
  const [count = 0, length = 0] = index.shape;
  if (index.rank === 2 && offsets === undefined) return evenBags(count, length);
  if (index.rank === 2) throw new ArgumentError(`embeddingBag: offsets for an index ${formatShape(index.shape)}, whose rows are the bags; leave them out`);
  if (index.rank !== 1) throw new ShapeError(`embeddingBag: index is ${formatShape(index.shape)}, expected [bags, length], or one axis and offsets`);
  if (offsets === undefined) throw new ArgumentError("embeddingBag: an index with one axis needs offsets, where each bag starts");
  requireIndex("embeddingBag", offsets, "offsets");
  if (offsets.rank !== 1 || (includeLastOffset && offsets.size === 0)) {
    throw new ShapeError(`embeddingBag: offsets are ${formatShape(offsets.shape)}, expected [bags${includeLastOffset ? " + 1" : ""}]`);
  }
  return bagsFrom(offsets, index.size, includeLastOffset ? offsets.size - 1 : offsets.size);
}

/** Bags of one length. */
function evenBags(count: number, length: number): Bags {
  const byBag = (rows: Tensor): Tensor => reshape(rows, [count, length, rows.shape[1] ?? 1]);
  return {
    count,
    total: (rows) => sum(byBag(rows), 1),
    largest: (rows, counted) => {
      const [each, mask] = [byBag(rows), byBag(counted)];
      const best = apply(primitives.argMax, [where(mask, each.detach(), scalar(-Infinity, rows.dtype))], { axis: 1 });
      const values = apply(primitives.gather, [each, best], { axis: 1 });
      return where(any(mask, 1), reshape(values, [count, rows.shape[1] ?? 1]), scalar(0, rows.dtype));
    },
  };
}

/** Bags that start at offsets. */
function bagsFrom(given: Tensor, length: number, count: number): Bags {
  const before = concat([zeros([1], { dtype: "int32" }), narrow(given, 0, 0, Math.max(0, given.size - 1))]);
  const rises = logicalAnd(lessEqual(narrow(before, 0, 0, given.size), given), logicalOr(greater(arange(given.size, { dtype: "int32" }), 0), equal(given, 0)));
  const problem = `offsets must begin with 0, rise, and end at most at ${length}, the length of the index`;
  const offsets = refuseWhere("embeddingBag", problem, logicalNot(rises), given);
  const report = { operation: "embeddingBag", problem };
  // From each offset on, one more bag has started.
  const starts = apply(primitives.scatterAdd, [zeros([length + 1], { dtype: "int32" }), offsets, ones(offsets.shape, { dtype: "int32" })], { axis: 0, report });
  const bag = sub(narrow(apply(primitives.cumSum, [starts], { axis: 0 }), 0, 0, length), 1);
  // If the last offset is an end, rows after it go to an extra bag, which is dropped.
  const all = offsets.size;
  return {
    count,
    total: (rows) => {
      const base = zeros([all, rows.shape[1] ?? 1], { dtype: rows.dtype });
      return narrow(apply(primitives.scatterAdd, [base, reshape(bag, [length, 1]), rows], { axis: 0, report }), 0, 0, count);
    },
    largest: (rows, counted) => {
      const isMember = equal(reshape(bag, [1, length, 1]), reshape(arange(count, { dtype: "int32" }), [count, 1, 1]));
      const mask = logicalAnd(isMember, reshape(counted, [1, length, 1]));
      const best = apply(primitives.argMax, [where(mask, reshape(rows.detach(), [1, ...rows.shape]), scalar(-Infinity, rows.dtype))], { axis: 1 });
      const values = apply(primitives.gather, [rows, reshape(best, [count, rows.shape[1] ?? 1])], { axis: 0 });
      return where(any(mask, 1), values, scalar(0, rows.dtype));
    },
  };
}
