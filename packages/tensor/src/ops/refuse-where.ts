import { ArgumentError } from "../errors.js";
import { apply } from "../interpreter/stack.js";
import { castTo } from "../operand.js";
import * as primitives from "../primitives/all.js";
import { knownValues } from "../storage.js";
import type { Tensor } from "../tensor.js";

/**
 * Returns `x`, but throws an error with `problem` if an element of `wrong` (bool) is true. It throws at once if the values are known. In a
 * traced function they are not; there, the program that uses the result throws, by a lookup that is out of range.
 *
 * @example
 * ```ts
 * import { less, tensor } from "@nn/tensor";
 * import { refuseWhere } from "@nn/tensor/extend";
 * const lengths = tensor([3, -1], { dtype: "int32" });
 * refuseWhere("pack", "a length is negative", less(lengths, 0), lengths); // throws: ArgumentError: pack: a length is negative
 * ```
 * @throws ArgumentError `operation: problem`.
 */
export function refuseWhere(operation: string, problem: string, wrong: Tensor, x: Tensor): Tensor {
  if (wrong.size === 0) return x;
  const values = knownValues(wrong);
  if (values !== undefined) {
    if (values.includes(1)) throw new ArgumentError(`${operation}: ${problem}`);
    return x;
  }
  const flat = apply(primitives.reshape, [wrong], { shape: [wrong.size] });
  const position = castTo(apply(primitives.max, [flat], { axes: [0] }), "int32");
  const only = apply(primitives.full, [], { shape: [1], dtype: x.dtype, value: 0 });
  const zero = apply(primitives.gather, [only, position], { axis: 0, report: { operation, problem } });
  return apply(primitives.add, [x, apply(primitives.reshape, [zero], { shape: [] })], {});
}
