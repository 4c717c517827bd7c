import { requireOptions, type OptionKinds } from "../arguments/options.js";
import { apply } from "../interpreter/stack.js";
import { castTo, requireTensor, toFloat } from "../operand.js";
import * as primitives from "../primitives/all.js";
import type { DefinitionOf } from "../primitives/table.js";
import { normalizeAxis } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { sub } from "./arithmetic.js";
import { isNaN, lessEqual } from "./comparison.js";
import { logAddExp } from "./elementary.js";
import { logicalAnd, logicalNot, logicalOr, logicalXor, where } from "./logic.js";
import { expand, reshape } from "./shape.js";
import { narrow } from "./slicing.js";
import type { ValuesAndIndices } from "./sorting.js";

function scan(primitive: DefinitionOf<"cumSum" | "cumProd">, x: Tensor, axis: number): Tensor {
  requireTensor(primitive.name, x);
  return apply(primitive, [x.dtype === "bool" ? castTo(x, "int32") : x], { axis: normalizeAxis(primitive.name, axis, x.rank) });
}

/** Running sum along `axis`; bools count as int32. Sums of int32 are int32, modulo 2³² (PyTorch: int64). */
export function cumSum(x: Tensor, axis: number): Tensor {
  return scan(primitives.cumSum, x, axis);
}

/** Running product along `axis`; bools count as int32. Products of int32 are int32, modulo 2³² (PyTorch: int64). */
export function cumProd(x: Tensor, axis: number): Tensor {
  return scan(primitives.cumProd, x, axis);
}

/**
 * Scans along `axis` by doubling (Hillis and Steele 1986): after the step of distance `d`, each position holds the combination of the
 * `2d` positions up to it. `combine` must be associative; its first operand comes before the second.
 */
function scanByDoubling(
  parts: readonly Tensor[], axis: number, combine: (earlier: readonly Tensor[], later: readonly Tensor[]) => readonly Tensor[],
): readonly Tensor[] {
  const length = parts[0]?.shape[axis] ?? 0;
  let current = parts;
  for (let distance = 1; distance < length; distance *= 2) {
    const earlier = current.map((part) => narrow(part, axis, 0, length - distance));
    const later = current.map((part) => narrow(part, axis, distance, length - distance));
    const combined = combine(earlier, later);
    current = current.map((part, at) => apply(primitives.concat, [narrow(part, axis, 0, distance), combined[at] as Tensor], { axis }));
  }
  return current;
}

function runningChoice(operation: string, x: Tensor, axis: number, isBetter: (later: Tensor, earlier: Tensor) => Tensor): ValuesAndIndices {
  requireTensor(operation, x);
  const along = normalizeAxis(operation, axis, x.rank);
  const positions = apply(primitives.iota, [], { length: x.shape[along] ?? 0, dtype: "int32" });
  const column = reshape(positions, x.shape.map((length, each) => (each === along ? length : 1)));
  const start = [x.detach(), expand(column, x.shape)];
  const [, indices] = scanByDoubling(start, along, ([a, i], [b, j]) => {
    const [earlier, later] = [a as Tensor, b as Tensor];
    const takesLater = logicalOr(isNaN(later), logicalAnd(logicalNot(isNaN(earlier)), isBetter(later, earlier)));
    return [where(takesLater, later, earlier), where(takesLater, j as Tensor, i as Tensor)];
  });
  return { values: apply(primitives.gather, [x, indices as Tensor], { axis: along }), indices: indices as Tensor };
}

/** Running maximum along `axis` and its position, the last one at a tie. From the first NaN on, the maximum is NaN. */
export function cumMax(x: Tensor, axis: number): ValuesAndIndices {
  return runningChoice("cumMax", x, axis, (later, earlier) => lessEqual(earlier, later));
}

/** Running minimum along `axis` and its position, the last one at a tie. From the first NaN on, the minimum is NaN. */
export function cumMin(x: Tensor, axis: number): ValuesAndIndices {
  return runningChoice("cumMin", x, axis, (later, earlier) => lessEqual(later, earlier));
}

/** Running `log Σ exp(x)` along `axis`, without overflow. */
export function logCumSumExp(x: Tensor, axis: number): Tensor {
  requireTensor("logCumSumExp", x);
  const along = normalizeAxis("logCumSumExp", axis, x.rank);
  const [result] = scanByDoubling([toFloat(x)], along, ([a], [b]) => [logAddExp(a as Tensor, b as Tensor)]);
  return result as Tensor;
}

/** Options of {@link diff}. */
export interface DiffOptions {
  /** Default: the last. */
  readonly axis?: number | undefined;
  /** How many times the difference is taken. Default: 1. */
  readonly order?: number | undefined;
}

const diffOptions: OptionKinds<DiffOptions> = { axis: "number", order: "size" };

/** Differences of neighbours, `x[i + 1] − x[i]` (for bools: whether they differ), taken `order` times. Each time the axis gets shorter by 1. */
export function diff(x: Tensor, options: DiffOptions = {}): Tensor {
  requireTensor("diff", x);
  requireOptions("diff", options, diffOptions);
  const { axis = -1, order = 1 } = options;
  const along = normalizeAxis("diff", axis, x.rank);
  let result = x;
  for (let step = 0; step < order && (result.shape[along] ?? 0) > 0; step++) {
    const length = result.shape[along] ?? 0;
    const later = narrow(result, along, 1, length - 1);
    const earlier = narrow(result, along, 0, length - 1);
    result = x.dtype === "bool" ? logicalXor(later, earlier) : sub(later, earlier);
  }
  return result;
}
