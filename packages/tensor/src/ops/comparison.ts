import { bind } from "../interpreter.js";
import { castTo, requireTensor, type Operand } from "../operand.js";
import type { Tensor } from "../tensor.js";
import { promotePair, type Comparison } from "./elementwise.js";

function compare(operation: string, primitive: Comparison, x: Operand, y: Operand): Tensor {
  return bind(primitive, promotePair(operation, x, y), {});
}

/** Whether `x = y`, element by element with broadcasting; NaN equals nothing. */
export function equal(x: Operand, y: Operand): Tensor {
  return compare("equal", "equal", x, y);
}

/** Whether `x ≠ y`, element by element with broadcasting. */
export function notEqual(x: Operand, y: Operand): Tensor {
  return bind("logicalNot", [compare("notEqual", "equal", x, y)], {});
}

/** Whether `x < y`, element by element with broadcasting. */
export function less(x: Operand, y: Operand): Tensor {
  return compare("less", "less", x, y);
}

/** Whether `x ≤ y`, element by element with broadcasting. */
export function lessEqual(x: Operand, y: Operand): Tensor {
  return compare("lessEqual", "lessEqual", x, y);
}

/** Whether `x > y`, element by element with broadcasting. */
export function greater(x: Operand, y: Operand): Tensor {
  return compare("greater", "less", y, x);
}

/** Whether `x ≥ y`, element by element with broadcasting. */
export function greaterEqual(x: Operand, y: Operand): Tensor {
  return compare("greaterEqual", "lessEqual", y, x);
}

/** Where elements are not zero: the truth value of numbers. */
export function truthOf(operation: string, x: Tensor): Tensor {
  requireTensor(operation, x);
  return castTo(x, "bool");
}
