import { dtypes, promoteDTypes, type DType } from "../dtype.js";
import { DTypeError } from "../errors.js";
import { apply } from "../interpreter/stack.js";
import { isTensor } from "../is-tensor.js";
import { promote, requireTensor, toFloat, type Operand } from "../operand.js";
import { inNameOf } from "../out-of-memory.js";
import type { DefinitionOf } from "../primitives/table.js";
import { broadcastShapes } from "../shape.js";
import type { Tensor } from "../tensor.js";

/** A primitive that maps floats to floats. */
export type FloatFunction = DefinitionOf<
  "sqrt" | "exp" | "expm1" | "log" | "log1p" | "sin" | "cos" | "tanh" | "sigmoid" | "erf" | "erfc" | "erfInv"
>;

/** A primitive that rounds floats and leaves whole numbers as they are. */
export type Rounding = DefinitionOf<"floor" | "ceil" | "round" | "trunc">;

/** A primitive that maps numbers of any dtype but bool to the same dtype. */
export type NumberFunction = DefinitionOf<"neg" | "abs" | "sign">;

/** A primitive of two operands of one dtype other than bool. */
export type BinaryFunction = DefinitionOf<"add" | "sub" | "mul" | "pow" | "remainder" | "maximum" | "minimum">;

/** Applies a function of floats; integers and bools become float32 first. */
export function applyToFloat(primitive: FloatFunction, x: Tensor): Tensor {
  requireTensor(primitive.name, x);
  return apply(primitive, [toFloat(x)], {});
}

/** Applies a rounding; integers are returned as they are. */
export function applyRounding(primitive: Rounding, x: Tensor): Tensor {
  requireTensor(primitive.name, x);
  return x.dtype === "int32" ? x : apply(primitive, [x], {});
}

/** Applies a function of numbers, which keeps the dtype. */
export function applyToNumber(primitive: NumberFunction, x: Tensor): Tensor {
  requireTensor(primitive.name, x);
  return apply(primitive, [x], {});
}

function pairOf(operation: string, x: Operand, y: Operand, atLeast: DType = "bool"): readonly [Tensor, Tensor] {
  // What most calls are is decided at once.
  if (isTensor(x) && isTensor(y) && x.dtype === y.dtype && promoteDTypes(x.dtype, atLeast) === x.dtype) return [x, y];
  const [first, second] = promote(operation, [x, y], atLeast);
  return [first as Tensor, second as Tensor];
}

/**
 * Promotes two operands to one dtype, for an operation made of several primitives. It checks here that they broadcast, so that the
 * error names the operation and not a primitive.
 */
export function promotePair(operation: string, x: Operand, y: Operand, atLeast?: DType): readonly [Tensor, Tensor] {
  const [first, second] = pairOf(operation, x, y, atLeast);
  broadcastShapes(operation, [first.shape, second.shape]);
  return [first, second];
}

/** An operation made of several primitives, of two operands promoted to one dtype. Errors name the operation, also for lack of memory. */
export function composeFromPair(operation: string, x: Operand, y: Operand, atLeast: DType | undefined, compute: (x: Tensor, y: Tensor) => Tensor): Tensor {
  const [a, b] = promotePair(operation, x, y, atLeast);
  return inNameOf(operation, () => compute(a, b));
}

/** Applies a function of two promoted operands. `forBool` is the function for bools, or the `fix` for the error that refuses them. */
export function applyToPair(
  primitive: BinaryFunction, x: Operand, y: Operand, forBool: DefinitionOf<"logicalAnd" | "logicalOr"> | { readonly fix: string },
): Tensor {
  const [a, b] = pairOf(primitive.name, x, y);
  if (a.dtype !== "bool") return apply(primitive, [a, b], {});
  if ("kernel" in forBool) return apply(forBool, [a, b], {});
  throw new DTypeError(`${primitive.name}: both inputs have dtype bool, expected ${dtypes.slice(1).join(" or ")}; ${forBool.fix}`);
}

/** Applies a function of two operands that are floats, or become float32. */
export function applyToFloatPair(primitive: DefinitionOf<"div" | "atan2">, x: Operand, y: Operand): Tensor {
  return apply(primitive, pairOf(primitive.name, x, y, "float32"), {});
}
