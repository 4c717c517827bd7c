import { ArgumentError } from "../errors.js";
import { apply } from "../interpreter.js";
import { castTo } from "../operand.js";
import * as primitives from "../primitives/all.js";
import { knownValues } from "../storage.js";
import type { Tensor } from "../tensor.js";

/**
 * `x`, whose elements are refused if `wrong` (bool) holds anywhere: at once where the values are known. In a traced function they are not,
 * and the program that uses the result reads out of range when it runs.
 */
export function refuseWhere(x: Tensor, wrong: Tensor, message: (at: number) => string): Tensor {
  if (wrong.size === 0) return x;
  const values = knownValues(wrong);
  if (values !== undefined) {
    const at = values.indexOf(1);
    if (at !== -1) throw new ArgumentError(message(at));
    return x;
  }
  const flat = apply(primitives.reshape, [wrong], { shape: [wrong.size] });
  const place = castTo(apply(primitives.max, [flat], { axes: [0] }), "int32");
  const zero = apply(primitives.gather, [apply(primitives.full, [], { shape: [1], dtype: x.dtype, value: 0 }), place], { axis: 0 });
  return apply(primitives.add, [x, apply(primitives.reshape, [zero], { shape: [] })], {});
}
