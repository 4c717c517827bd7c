import { requireKind } from "../arguments/kinds.js";
import { isTensor } from "../is-tensor.js";
import { isFloat, requireDType } from "../dtype.js";
import { ArgumentError } from "../errors.js";
import { apply } from "../interpreter/stack.js";
import { castTo, promote, requireTensor, scalar, type Operand } from "../operand.js";
import { inNameOf } from "../out-of-memory.js";
import * as primitives from "../primitives/all.js";
import { broadcastShapes } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { applyRounding, applyToFloatPair, applyToNumber, applyToPair, composeFromPair } from "./apply-elementwise.js";

/** `x + y`, with broadcasting. For bools it is logical or; for int32 it is modulo 2³², as in PyTorch and WebAssembly. */
export function add(x: Operand, y: Operand): Tensor {
  return applyToPair(primitives.add, x, y, primitives.logicalOr);
}

/**
 * `x − y`, with broadcasting; for int32 modulo 2³².
 * @throws DTypeError if both are bool.
 */
export function sub(x: Operand, y: Operand): Tensor {
  return applyToPair(primitives.sub, x, y, { fix: "use logicalXor, or logicalNot" });
}

/** `x · y` element by element, with broadcasting. For bools it is logical and; for int32 it is modulo 2³². */
export function mul(x: Operand, y: Operand): Tensor {
  return applyToPair(primitives.mul, x, y, primitives.logicalAnd);
}

/** True division `x / y`, with broadcasting; integers become float32. */
export function div(x: Operand, y: Operand): Tensor {
  return applyToFloatPair(primitives.div, x, y);
}

/** `−x`. */
export function neg(x: Tensor): Tensor {
  return applyToNumber(primitives.neg, x);
}

/** `|x|`. */
export function abs(x: Tensor): Tensor {
  return applyToNumber(primitives.abs, x);
}

/** −1, 0 or 1, depending on the sign of `x`; 0 and NaN stay. */
export function sign(x: Tensor): Tensor {
  return applyToNumber(primitives.sign, x);
}

/** The largest whole number not above `x`. */
export function floor(x: Tensor): Tensor {
  return applyRounding(primitives.floor, x);
}

/** The smallest whole number not below `x`. */
export function ceil(x: Tensor): Tensor {
  return applyRounding(primitives.ceil, x);
}

/** The nearest whole number; halves are rounded to the even one. */
export function round(x: Tensor): Tensor {
  return applyRounding(primitives.round, x);
}

/** The whole part: rounded towards 0. */
export function trunc(x: Tensor): Tensor {
  return applyRounding(primitives.trunc, x);
}

/** `x` without its whole part, with the sign of `x`. */
export function frac(x: Tensor): Tensor {
  requireTensor("frac", x);
  requireDType("frac", x.dtype, ["float32", "float64"]);
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

/** A power that needs no logarithm, as in PyTorch; `undefined` for other exponents. */
function shortPower(x: Tensor, exponent: number): Tensor | undefined {
  if (exponent === 1) return x;
  if (exponent === 2) return mul(x, x);
  if (exponent === 3) return mul(mul(x, x), x);
  if (!isFloat(x.dtype)) return undefined;
  if (exponent === -1) return div(1, x);
  if (Math.abs(exponent) !== 0.5) return undefined;
  const root = apply(primitives.sqrt, [x], {});
  return exponent > 0 ? root : div(1, root);
}

/**
 * `xʸ`, with broadcasting. A negative base with a fractional exponent gives NaN.
 * @throws ArgumentError for integers with a negative number as the exponent.
 */
export function pow(x: Operand, y: Operand): Tensor {
  if (isTensor(x) && typeof y === "number") {
    const short = x.dtype === "bool" ? undefined : shortPower(x, y);
    if (short !== undefined) return short;
    if (y < 0 && Number.isInteger(y) && !isFloat(x.dtype)) {
      throw new ArgumentError(`pow: ${x.dtype} cannot be raised to ${y}, the result would not be whole; cast to float32 first`);
    }
  }
  return applyToPair(primitives.pow, x, y, { fix: "cast one of them" });
}

/** The larger of `x` and `y`, with broadcasting; NaN if one of them is NaN. */
export function maximum(x: Operand, y: Operand): Tensor {
  return applyToPair(primitives.maximum, x, y, primitives.logicalOr);
}

/** The smaller of `x` and `y`, with broadcasting; NaN if one of them is NaN. */
export function minimum(x: Operand, y: Operand): Tensor {
  return applyToPair(primitives.minimum, x, y, primitives.logicalAnd);
}

/** The larger of `x` and `y`, with broadcasting. If one is NaN, the result is the other. At a tie, `x` gets the gradient. */
export function fmax(x: Operand, y: Operand): Tensor {
  return composeFromPair("fmax", x, y, "int32", (a, b) => apply(primitives.select, [apply(primitives.logicalOr, [apply(primitives.lessEqual, [b, a], {}), differsFromItself(b)], {}), a, b], {}));
}

/** The smaller of `x` and `y`, with broadcasting. If one is NaN, the result is the other. At a tie, `x` gets the gradient. */
export function fmin(x: Operand, y: Operand): Tensor {
  return composeFromPair("fmin", x, y, "int32", (a, b) => apply(primitives.select, [apply(primitives.logicalOr, [apply(primitives.lessEqual, [a, b], {}), differsFromItself(b)], {}), a, b], {}));
}

function differsFromItself(x: Tensor): Tensor {
  return apply(primitives.logicalNot, [apply(primitives.equal, [x, x], {})], {});
}

/**
 * Limits `x` to the range from `low` to `high`. Either limit may be left out (`undefined`). If `low > high`, the result is `high`. The
 * gradient at a limit is 1. NaN in `x` or in a limit gives NaN.
 *
 * @example
 * ```ts
 * import { clamp, tensor } from "@nn/tensor";
 * clamp(tensor([-2, 0.5, 9]), 0, 6).toArray(); // => [0, 0.5, 6]
 * clamp(tensor([-2, 0.5, 9]), undefined, 6).toArray(); // => [-2, 0.5, 6]
 * ```
 * @throws ArgumentError if both limits are left out, or one is the number NaN.
 */
export function clamp(x: Tensor, low?: Operand, high?: Operand): Tensor {
  requireTensor("clamp", x);
  for (const [name, limit] of [["low", low], ["high", high]] as const) {
    if (typeof limit === "number") requireKind("clamp", name, limit, "number");
    else if (limit !== undefined && typeof limit !== "boolean") requireTensor("clamp", limit, name);
  }
  const [either, other] = [low ?? high, high ?? low];
  if (either === undefined || other === undefined) throw new ArgumentError("clamp: expected a lower or an upper limit, got neither");
  const [value, lower, upper] = promote("clamp", [x, either, other], "int32") as [Tensor, Tensor, Tensor];
  broadcastShapes("clamp", [value.shape, lower.shape, upper.shape]);
  return inNameOf("clamp", () => {
    const raised = low === undefined ? value : apply(primitives.select, [isBeyond(value, lower, low), lower, value], {});
    return high === undefined ? raised : apply(primitives.select, [isBeyond(upper, raised, high), upper, raised], {});
  });
}

/** Whether `a < b`, or the limit is NaN, which must not disappear. */
function isBeyond(a: Tensor, b: Tensor, limit: Operand): Tensor {
  const isLess = apply(primitives.less, [a, b], {});
  if (!isTensor(limit) || !isFloat(limit.dtype)) return isLess;
  return apply(primitives.logicalOr, [isLess, differsFromItself(limit)], {});
}

/**
 * Remainder of the division rounded down, `x − y·⌊x / y⌋`: it has the sign of `y`.
 * @throws ArgumentError if an int32 is divided by 0.
 */
export function remainder(x: Operand, y: Operand): Tensor {
  return applyToPair(primitives.remainder, x, y, { fix: "cast one of them" });
}

/**
 * Remainder of the division rounded towards 0, `x − y·trunc(x / y)`: it has the sign of `x`.
 * @throws ArgumentError if an int32 is divided by 0.
 */
export function fmod(x: Operand, y: Operand): Tensor {
  return composeFromPair("fmod", x, y, "int32", (a, b) => {
    const sign = apply(primitives.select, [apply(primitives.less, [a, scalar(0, a.dtype)], {}), scalar(-1, a.dtype), scalar(1, a.dtype)], {});
    return mul(sign, apply(primitives.remainder, [mul(sign, a), abs(b)], { report: "fmod" }));
  });
}

/**
 * The quotient rounded down, `⌊x / y⌋`, in the dtype that both promote to. Floats divided by 0 give the result of true division.
 *
 * @throws ArgumentError if an int32 is divided by 0, as {@link remainder} does.
 */
export function floorDivide(x: Operand, y: Operand): Tensor {
  return composeFromPair("floorDivide", x, y, "int32", (a, b) => {
    if (a.dtype === "int32") {
      // The remainder throws for a division by 0.
      const rest = castTo(apply(primitives.remainder, [a, b], { report: "floorDivide" }), "float64");
      return castTo(div(sub(castTo(a, "float64"), rest), castTo(b, "float64")), "int32");
    }
    // Computed from the exact remainder, as in Python: x / y itself may round up to the next whole number.
    const zero = scalar(0, a.dtype);
    const rest = fmod(a, b);
    const towardsZero = div(sub(a, rest), b);
    const signsDiffer = apply(primitives.equal, [apply(primitives.less, [rest, zero], {}), apply(primitives.less, [zero, b], {})], {});
    const down = apply(primitives.logicalAnd, [signsDiffer, apply(primitives.logicalNot, [apply(primitives.equal, [rest, zero], {})], {})], {});
    const rounded = round(apply(primitives.select, [down, sub(towardsZero, 1), towardsZero], {}));
    // Rounded too, so that it has no gradient, like the rest.
    return apply(primitives.select, [apply(primitives.equal, [b, zero], {}), floor(div(a, b)), rounded], {});
  });
}

/** The straight line from `x` (weight 0) to `y` (weight 1): `x + weight·(y − x)`. */
export function lerp(x: Tensor, y: Tensor, weight: Operand): Tensor {
  requireTensor("lerp", x, "start");
  requireTensor("lerp", y, "end");
  const [start, end, fraction] = promote("lerp", [x, y, weight], "int32") as [Tensor, Tensor, Tensor];
  broadcastShapes("lerp", [start.shape, end.shape, fraction.shape]);
  return inNameOf("lerp", () => add(start, mul(fraction, sub(end, start))));
}

/**
 * `|x|` with the sign of `y` (−0 counts as negative), with broadcasting; integers become float32. The sign of NaN counts as positive.
 */
export function copySign(x: Operand, y: Operand): Tensor {
  return composeFromPair("copySign", x, y, "float32", (a, b) => {
    const zero = scalar(0, a.dtype);
    const isNegative = apply(primitives.logicalOr, [
      apply(primitives.less, [b, zero], {}),
      apply(primitives.less, [apply(primitives.div, [scalar(1, b.dtype), b], {}), zero], {}),
    ], {});
    return mul(abs(a), apply(primitives.select, [isNegative, scalar(-1, a.dtype), scalar(1, a.dtype)], {}));
  });
}
