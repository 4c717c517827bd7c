import { apply } from "../interpreter/stack.js";
import { scalar } from "../operand.js";
import * as primitives from "../primitives/all.js";
import type { Tensor } from "../tensor.js";

/** `factor · x + offset` in the dtype of `x`, without a factor of 1 or an offset of 0. */
export function affine(x: Tensor, factor: number, offset: number): Tensor {
  const scaled = factor === 1 ? x : apply(primitives.mul, [x, scalar(factor, x.dtype)], {});
  return offset === 0 ? scaled : apply(primitives.add, [scaled, scalar(offset, x.dtype)], {});
}
