import { apply } from "../interpreter.js";
import { scalar } from "../operand.js";
import * as primitives from "../primitives/all.js";
import { sizeOf } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { reshape } from "./shape.js";

/**
 * An int32 tensor whose elements are known to be right: an error, eagerly and in compiled code, if `condition`, a bool tensor that
 * broadcasts to its shape, is false anywhere. The check is made where the result is used.
 *
 * @example
 * ```ts
 * import { greater, tensor } from "@nn/tensor";
 * import { checked } from "@nn/tensor/extend";
 * const lengths = tensor([3, -1], { dtype: "int32" });
 * checked("pack", "a length is negative", lengths, greater(lengths, -1)); // throws: ArgumentError: pack: a length is negative
 * ```
 * @throws ArgumentError `operation: problem`.
 */
export function checked(operation: string, problem: string, x: Tensor, condition: Tensor): Tensor {
  // There is a place 0 to read, and no place 1.
  const places = apply(primitives.select, [condition, scalar(0, "int32"), scalar(1, "int32")], {});
  const nothing = apply(primitives.full, [], { shape: [1], dtype: "int32", value: 0 });
  const zeros = apply(primitives.gather, [nothing, reshape(places, [sizeOf(condition.shape)])], { axis: 0, report: { operation, problem } });
  return apply(primitives.add, [x, reshape(zeros, condition.shape)], {});
}
