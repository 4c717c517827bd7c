import { ArgumentError } from "../errors.js";
import { apply } from "../interpreter.js";
import { castTo } from "../operand.js";
import * as primitives from "../primitives/all.js";
import { knownValues } from "../storage.js";
import type { Tensor } from "../tensor.js";

/**
 * `x`, whose elements are refused if `wrong` (bool, of any shape) holds anywhere: at once where the values are known, by an error that
 * `problem` tells of the first place in `wrong`; else, in a compiled function, whenever the program that uses the result runs.
 *
 * @example
 * ```ts
 * import { less, tensor } from "@nn/tensor";
 * import { refuseWhere } from "@nn/tensor/extend";
 * const lengths = tensor([3, -1], { dtype: "int32" });
 * refuseWhere("pack", lengths, less(lengths, 0), () => "a length is negative"); // throws: ArgumentError: pack: a length is negative
 * ```
 * @throws ArgumentError `operation: problem`.
 */
export function refuseWhere(operation: string, x: Tensor, wrong: Tensor, problem: (at?: number) => string): Tensor {
  if (wrong.size === 0) return x;
  const values = knownValues(wrong);
  if (values !== undefined) {
    const at = values.indexOf(1);
    if (at !== -1) throw new ArgumentError(`${operation}: ${problem(at)}`);
    return x;
  }
  const flat = apply(primitives.reshape, [wrong], { shape: [wrong.size] });
  const place = castTo(apply(primitives.max, [flat], { axes: [0] }), "int32");
  // There is a place 0 to read, and no place 1.
  const nothing = apply(primitives.full, [], { shape: [1], dtype: x.dtype, value: 0 });
  const zero = apply(primitives.gather, [nothing, place], { axis: 0, report: { operation, problem: problem() } });
  return apply(primitives.add, [x, apply(primitives.reshape, [zero], { shape: [] })], {});
}
