import { requireKind } from "../arguments/kinds.js";
import { ArgumentError } from "../errors.js";
import { requireTensor } from "../operand.js";
import { inNameOf } from "../out-of-memory.js";
import { formatShape, normalizeAxes, normalizeAxis } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { concat } from "./joining.js";
import { numberList } from "./lists.js";
import { expand, flatten, reshape, unsqueeze } from "./shape.js";
import { narrow } from "./slicing.js";

/**
 * Repeats the whole tensor `times[i]` times along axis `i`. The shorter of shape and `times` is filled up with ones in front.
 *
 * @example
 * ```ts
 * import { tensor, tile } from "@nn/tensor";
 * tile(tensor([1, 2]), [2, 2]).toArray(); // => [[1, 2, 1, 2], [1, 2, 1, 2]]
 * ```
 * @throws ArgumentError if a count is not a non-negative whole number.
 */
export function tile(x: Tensor, times: number | readonly number[]): Tensor {
  requireTensor("tile", x);
  const counts = numberList("tile", "times", times, "size");
  const rank = Math.max(counts.length, x.shape.length);
  const shape = [...new Array<number>(rank - x.shape.length).fill(1), ...x.shape];
  const all = [...new Array<number>(rank - counts.length).fill(1), ...counts];
  // Each axis [n] becomes [count, n]; the new axis repeats.
  const split = reshape(x, shape.flatMap((length) => [1, length]));
  const repeated = inNameOf("tile", () => expand(split, shape.flatMap((length, axis) => [all[axis] as number, length])));
  return reshape(repeated, shape.map((length, axis) => length * (all[axis] as number)));
}

/**
 * Repeats every element along `axis` `repeats` times. Without `axis`, the tensor is flattened first. A list gives a count for each
 * element.
 *
 * @example
 * ```ts
 * import { repeatInterleave, tensor } from "@nn/tensor";
 * repeatInterleave(tensor([1, 2]), 2).toArray(); // => [1, 1, 2, 2]
 * repeatInterleave(tensor([1, 2, 3]), [1, 0, 2]).toArray(); // => [1, 3, 3]
 * ```
 * @throws ArgumentError if a count is not a non-negative whole number, or a list does not have one count for each element.
 */
export function repeatInterleave(x: Tensor, repeats: number | readonly number[], axis?: number): Tensor {
  requireTensor("repeatInterleave", x);
  const source = axis === undefined ? flatten(x) : x;
  const at = normalizeAxis("repeatInterleave", axis === undefined ? 0 : axis, source.shape.length);
  const length = source.shape[at] as number;
  if (typeof repeats === "number") {
    requireKind("repeatInterleave", "repeats", repeats, "size");
    const split = unsqueeze(source, at + 1);
    return inNameOf("repeatInterleave", () => reshape(expand(split, split.shape.with(at + 1, repeats)), source.shape.with(at, length * repeats)));
  }
  numberList("repeatInterleave", "repeats", repeats, "size");
  if (repeats.length !== length) {
    throw new ArgumentError(`repeatInterleave: ${repeats.length} counts for ${length} elements along axis ${axis ?? 0} of ${formatShape(source.shape)}`);
  }
  if (length === 0) return source;
  return inNameOf("repeatInterleave", () => concat(repeats.map((count, position) => expand(narrow(source, at, position, 1), source.shape.with(at, count))), at));
}

/**
 * Moves the elements along `axes` by `shifts` positions. Elements that leave at one end enter at the other. Without `axes`, the flattened
 * tensor is rolled.
 *
 * @example
 * ```ts
 * import { roll, tensor } from "@nn/tensor";
 * roll(tensor([1, 2, 3, 4]), 1).toArray(); // => [4, 1, 2, 3]
 * ```
 * @throws ArgumentError unless there is one shift for each axis.
 */
export function roll(x: Tensor, shifts: number | readonly number[], axes?: number | readonly number[]): Tensor {
  requireTensor("roll", x);
  const positions = numberList("roll", "shifts", shifts, "integer");
  if (axes === undefined) return reshape(roll(flatten(x), shifts, 0), x.shape);
  normalizeAxes("roll", axes, x.shape.length);
  const along = typeof axes === "number" ? [axes] : axes;
  if (positions.length !== along.length) throw new ArgumentError(`roll: ${positions.length} shifts for ${along.length} axes; give one for each`);
  return along.reduce((rolled, axis, at) => rollAxis(rolled, positions[at] as number, normalizeAxis("roll", axis, x.shape.length)), x);
}

function rollAxis(x: Tensor, shift: number, axis: number): Tensor {
  const length = x.shape[axis] as number;
  const positions = length === 0 ? 0 : ((shift % length) + length) % length;
  if (positions === 0) return x;
  return concat([narrow(x, axis, length - positions, positions), narrow(x, axis, 0, length - positions)], axis);
}
