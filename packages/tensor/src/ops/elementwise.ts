import { dtypes, type DType } from "../dtype.js";
import { DTypeError } from "../errors.js";
import { bind } from "../interpreter.js";
import { promote, requireTensor, toFloat, type Operand } from "../operand.js";
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

/** Primitives that compare two operands. */
export type Comparison = "equal" | "less" | "lessEqual";

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

/** Two operands in the dtype that they promote to. */
export function promotePair(operation: string, x: Operand, y: Operand, atLeast: DType = "bool"): readonly [Tensor, Tensor] {
  const [first, second] = promote(operation, [x, y], atLeast);
  return [first as Tensor, second as Tensor];
}

/** Applies a function of two promoted operands; what bools give is said by `forBool`, or they are refused with `mend`. */
export function applyToPair(
  primitive: BinaryFunction, x: Operand, y: Operand, forBool: "logicalAnd" | "logicalOr" | { readonly mend: string },
): Tensor {
  const [a, b] = promotePair(primitive, x, y);
  if (a.dtype !== "bool") return bind(primitive, [a, b], {});
  if (typeof forBool === "string") return bind(forBool, [a, b], {});
  throw new DTypeError(`${primitive}: both inputs have dtype bool, expected ${dtypes.slice(1).join(" or ")}; ${forBool.mend}`);
}

/** Applies a function of two operands that are floats, or become float32. */
export function applyToFloatPair(primitive: "div" | "atan2", x: Operand, y: Operand): Tensor {
  return bind(primitive, promotePair(primitive, x, y, "float32"), {});
}
