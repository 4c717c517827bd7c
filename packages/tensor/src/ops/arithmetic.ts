import { ArgumentError } from "../errors.js";
import { isTensor } from "../brand.js";
import { isFloat } from "../dtype.js";
import { requireTensor, type Operand } from "../operand.js";
import type { Tensor } from "../tensor.js";
import { applyRounding, applyToFloatPair, applyToNumber, applyToPair } from "./elementwise.js";

/** `x + y`, with broadcasting; of bools, logical or. */
export function add(x: Operand, y: Operand): Tensor {
  return applyToPair("add", x, y, "logicalOr");
}

/**
 * `x − y`, with broadcasting.
 * @throws DTypeError if both are bool.
 */
export function sub(x: Operand, y: Operand): Tensor {
  return applyToPair("sub", x, y, { mend: "use logicalXor, or logicalNot" });
}

/** `x · y` element by element, with broadcasting; of bools, logical and. */
export function mul(x: Operand, y: Operand): Tensor {
  return applyToPair("mul", x, y, "logicalAnd");
}

/** True division `x / y`, with broadcasting; integers become float32. */
export function div(x: Operand, y: Operand): Tensor {
  return applyToFloatPair("div", x, y);
}

/** `−x`. */
export function neg(x: Tensor): Tensor {
  return applyToNumber("neg", x);
}

/** `|x|`. */
export function abs(x: Tensor): Tensor {
  return applyToNumber("abs", x);
}

/** −1, 0 or 1 by the sign of `x`; 0 and NaN stay. */
export function sign(x: Tensor): Tensor {
  return applyToNumber("sign", x);
}

/** The largest whole number not above `x`. */
export function floor(x: Tensor): Tensor {
  return applyRounding("floor", x);
}

/** The smallest whole number not below `x`. */
export function ceil(x: Tensor): Tensor {
  return applyRounding("ceil", x);
}

/** The nearest whole number, halves to the even one. */
export function round(x: Tensor): Tensor {
  return applyRounding("round", x);
}

/** The whole part: rounded towards 0. */
export function trunc(x: Tensor): Tensor {
  return applyRounding("trunc", x);
}

/** What is left of `x` without its whole part, with the sign of `x`. */
export function frac(x: Tensor): Tensor {
  return sub(x, trunc(x));
}

/** `1 / x`; integers become float32. */
export function reciprocal(x: Tensor): Tensor {
  requireTensor("reciprocal", x);
  return div(1, x);
}

/** `x²`. */
export function square(x: Tensor): Tensor {
  requireTensor("square", x);
  return mul(x, x);
}

/**
 * `xʸ`, with broadcasting. A negative base with a fractional exponent gives NaN.
 * @throws ArgumentError for integers with a negative number as the exponent.
 */
export function pow(x: Operand, y: Operand): Tensor {
  if (isTensor(x) && typeof y === "number") {
    if (y === 2 && x.dtype !== "bool") return mul(x, x);
    if (y === 1 && x.dtype !== "bool") return x;
    if (y < 0 && Number.isInteger(y) && !isFloat(x.dtype)) {
      throw new ArgumentError(`pow: ${x.dtype} cannot be raised to ${y}, the result would not be whole; cast to float32 first`);
    }
  }
  return applyToPair("pow", x, y, { mend: "cast one of them" });
}

/** The larger of `x` and `y`, with broadcasting; NaN if either is. */
export function maximum(x: Operand, y: Operand): Tensor {
  return applyToPair("maximum", x, y, "logicalOr");
}

/** The smaller of `x` and `y`, with broadcasting; NaN if either is. */
export function minimum(x: Operand, y: Operand): Tensor {
  return applyToPair("minimum", x, y, "logicalAnd");
}

/**
 * `x` kept between `low` and `high`, either of which may be left out; where `low > high`, `high`.
 * @throws ArgumentError if both are left out.
 */
export function clamp(x: Tensor, low?: Operand, high?: Operand): Tensor {
  requireTensor("clamp", x);
  if (low === undefined && high === undefined) throw new ArgumentError("clamp: expected a lower or an upper limit, got neither");
  const raised = low === undefined ? x : maximum(x, low);
  return high === undefined ? raised : minimum(raised, high);
}

/** Remainder of the division rounded down, `x − y·⌊x / y⌋`: it has the sign of `y`. */
export function remainder(x: Operand, y: Operand): Tensor {
  return applyToPair("remainder", x, y, { mend: "cast one of them" });
}

/** The straight line from `x` (weight 0) to `y` (weight 1): `x + weight·(y − x)`. */
export function lerp(x: Tensor, y: Tensor, weight: Operand): Tensor {
  requireTensor("lerp", x);
  return add(x, mul(weight, sub(y, x)));
}
