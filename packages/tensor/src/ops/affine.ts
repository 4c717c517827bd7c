import { bind } from "../interpreter.js";
import { scalar } from "../operand.js";
import type { Tensor } from "../tensor.js";

/** `factor · x + offset` in the dtype of `x`, leaving out what changes nothing. */
export function affine(x: Tensor, factor: number, offset: number): Tensor {
  const scaled = factor === 1 ? x : bind("mul", [x, scalar(factor, x.dtype)], {});
  return offset === 0 ? scaled : bind("add", [scaled, scalar(offset, x.dtype)], {});
}
