import { dtypes, type DType } from "../dtype.js";
import { DTypeError } from "../errors.js";
import { bind } from "../interpreter.js";
import { promote, requireTensor, toFloat, type Operand } from "../operand.js";
import { broadcastShapes } from "../shape.js";
import type { Tensor } from "../tensor.js";

/** Primitives that map floats to floats. */
export type FloatFunction =
  | "sqrt" | "exp" | "expm1" | "log" | "log1p" | "sin" | "cos" | "tanh" | "sigmoid" | "erf" | "erfc" | "erfInv";

/** Primitives that round floats; whole numbers are their own results. */
export type Rounding = "floor" | "ceil" | "round" | "trunc";

/** Primitives that map numbers of any dtype but bool to the same dtype. */
export type NumberFunction = "neg" | "abs" | "sign";

/** Primitives of two operands of one dtype other than bool. */
export type BinaryFunction = "add" | "sub" | "mul" | "pow" | "remainder" | "maximum" | "minimum";

/** Applies a function of floats; integers and bools become float32 first. */
export function applyToFloat(primitive: FloatFunction, x: Tensor): Tensor {
  requireTensor(primitive, x);
  return bind(primitive, [toFloat(x)], {});
}

/** Applies a rounding; integers are returned as they are. */
export function applyRounding(primitive: Rounding, x: Tensor): Tensor {
  requireTensor(primitive, x);
  return x.dtype === "int32" ? x : bind(primitive, [x], {});
}

/** Applies a function of numbers, which keeps the dtype. */
export function applyToNumber(primitive: NumberFunction, x: Tensor): Tensor {
  requireTensor(primitive, x);
  return bind(primitive, [x], {});
}

function pairOf(operation: string, x: Operand, y: Operand, atLeast?: DType): readonly [Tensor, Tensor] {
  const [first, second] = promote(operation, [x, y], atLeast);
  return [first as Tensor, second as Tensor];
}

/**
 * Two operands in the dtype that they promote to, for an operation made of several primitives: checked to broadcast here, since
 * a primitive would refuse them in its own name.
 */
export function promotePair(operation: string, x: Operand, y: Operand, atLeast?: DType): readonly [Tensor, Tensor] {
  const [first, second] = pairOf(operation, x, y, atLeast);
  broadcastShapes(operation, [first.shape, second.shape]);
  return [first, second];
}

/** Applies a function of two promoted operands; what bools give is said by `forBool`, or they are refused with `mend`. */
export function applyToPair(
  primitive: BinaryFunction, x: Operand, y: Operand, forBool: "logicalAnd" | "logicalOr" | { readonly mend: string },
): Tensor {
  const [a, b] = pairOf(primitive, x, y);
  if (a.dtype !== "bool") return bind(primitive, [a, b], {});
  if (typeof forBool === "string") return bind(forBool, [a, b], {});
  throw new DTypeError(`${primitive}: both inputs have dtype bool, expected ${dtypes.slice(1).join(" or ")}; ${forBool.mend}`);
}

/** Applies a function of two operands that are floats, or become float32. */
export function applyToFloatPair(primitive: "div" | "atan2", x: Operand, y: Operand): Tensor {
  return bind(primitive, pairOf(primitive, x, y, "float32"), {});
}
