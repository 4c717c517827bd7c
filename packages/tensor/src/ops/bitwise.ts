import { requireDType } from "../dtype.js";
import { apply } from "../interpreter/stack.js";
import { requireTensor, scalar, type Operand } from "../operand.js";
import * as primitives from "../primitives/all.js";
import type { DefinitionOf } from "../primitives/table.js";
import type { Tensor } from "../tensor.js";
import { promotePair } from "./apply-elementwise.js";
import { logicalAnd, logicalNot, logicalOr, logicalXor } from "./logic.js";

type Bitwise = DefinitionOf<"bitwiseAnd" | "bitwiseOr" | "bitwiseXor" | "bitwiseLeftShift" | "bitwiseRightShift">;

/** Applies a function of bits to whole numbers, and its logical counterpart, if there is one, to bools. */
function applyToBits(primitive: Bitwise, x: Operand, y: Operand, forBool?: (x: Tensor, y: Tensor) => Tensor): Tensor {
  const [a, b] = promotePair(primitive.name, x, y);
  requireDType(primitive.name, a.dtype, forBool === undefined ? ["int32"] : ["int32", "bool"]);
  return forBool !== undefined && a.dtype === "bool" ? forBool(a, b) : apply(primitive, [a, b], {});
}

/**
 * The bits that both numbers have, with broadcasting; for bools, whether both are true.
 *
 * @example
 * ```ts
 * import { bitwiseAnd, bitwiseRightShift, tensor } from "@nn/tensor";
 *
 * const packed = tensor([0x2a, 0x7f], { dtype: "int32" });
 * bitwiseAnd(packed, 0xf).toArray(); // => [10, 15]
 * bitwiseRightShift(packed, 4).toArray(); // => [2, 7]
 * ```
 * @throws DTypeError for floats.
 */
export function bitwiseAnd(x: Operand, y: Operand): Tensor {
  return applyToBits(primitives.bitwiseAnd, x, y, logicalAnd);
}

/**
 * The bits that one or both numbers have, with broadcasting; for bools, whether one or both are true.
 * @throws DTypeError for floats.
 */
export function bitwiseOr(x: Operand, y: Operand): Tensor {
  return applyToBits(primitives.bitwiseOr, x, y, logicalOr);
}

/**
 * The bits that exactly one of the numbers has, with broadcasting; for bools, whether exactly one is true.
 * @throws DTypeError for floats.
 */
export function bitwiseXor(x: Operand, y: Operand): Tensor {
  return applyToBits(primitives.bitwiseXor, x, y, logicalXor);
}

/**
 * The bits that a number does not have, `−1 − x` in two's complement; for bools, the negation.
 * @throws DTypeError for floats.
 */
export function bitwiseNot(x: Tensor): Tensor {
  requireTensor("bitwiseNot", x);
  requireDType("bitwiseNot", x.dtype, ["int32", "bool"]);
  return x.dtype === "bool" ? logicalNot(x) : apply(primitives.bitwiseXor, [x, scalar(-1, "int32")], {});
}

/**
 * Shifts bits to the left by `y`: `x · 2ʸ` modulo 2³², with broadcasting. The result is 0 for `y` outside of 0 to 31.
 * @throws DTypeError for floats and bools.
 */
export function bitwiseLeftShift(x: Operand, y: Operand): Tensor {
  return applyToBits(primitives.bitwiseLeftShift, x, y);
}

/**
 * Shifts bits to the right by `y`: `⌊x / 2ʸ⌋`, with broadcasting. For `y` outside of 0 to 31, the result is the sign: 0 or −1.
 * @throws DTypeError for floats and bools.
 */
export function bitwiseRightShift(x: Operand, y: Operand): Tensor {
  return applyToBits(primitives.bitwiseRightShift, x, y);
}
