import { isTensor } from "../brand.js";
import { isFloat } from "../dtype.js";
import { ArgumentError } from "../errors.js";
import { bind } from "../interpreter.js";
import { castTo, promote, requireTensor, scalar, type Operand } from "../operand.js";
import { broadcastShapes } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { applyRounding, applyToFloatPair, applyToNumber, applyToPair, promotePair } from "./elementwise.js";

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
  requireTensor("frac", x);
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

/** The larger of `x` and `y`, with broadcasting; where one is NaN, the other. Equal ones give their gradient to `x`. */
export function fmax(x: Operand, y: Operand): Tensor {
  const [a, b] = promotePair("fmax", x, y, "int32");
  return bind("select", [bind("logicalOr", [bind("lessEqual", [b, a], {}), differsFromItself(b)], {}), a, b], {});
}

/** The smaller of `x` and `y`, with broadcasting; where one is NaN, the other. Equal ones give their gradient to `x`. */
export function fmin(x: Operand, y: Operand): Tensor {
  const [a, b] = promotePair("fmin", x, y, "int32");
  return bind("select", [bind("logicalOr", [bind("lessEqual", [a, b], {}), differsFromItself(b)], {}), a, b], {});
}

function differsFromItself(x: Tensor): Tensor {
  return bind("logicalNot", [bind("equal", [x, x], {})], {});
}

/**
 * `x` kept between `low` and `high`, either of which may be left out (`undefined`); where `low > high`, `high`. Its gradient at
 * a limit is 1; NaN stays NaN.
 *
 * @example
 * ```ts
 * import { clamp, tensor } from "@nn/tensor";
 * clamp(tensor([-2, 0.5, 9]), 0, 6).toArray(); // => [0, 0.5, 6]
 * clamp(tensor([-2, 0.5, 9]), undefined, 6).toArray(); // => [-2, 0.5, 6]
 * ```
 * @throws ArgumentError if both limits are left out.
 */
export function clamp(x: Tensor, low?: Operand, high?: Operand): Tensor {
  requireTensor("clamp", x);
  const limits = [low, high].filter((limit) => limit !== undefined);
  if (limits.length === 0) throw new ArgumentError("clamp: expected a lower or an upper limit, got neither");
  const [value, ...promoted] = promote("clamp", [x, ...limits], "int32") as [Tensor, ...Tensor[]];
  broadcastShapes("clamp", [value.shape, ...promoted.map((limit) => limit.shape)]);
  const lower = low === undefined ? undefined : promoted[0];
  const upper = high === undefined ? undefined : promoted[promoted.length - 1];
  const raised = lower === undefined ? value : bind("select", [bind("less", [value, lower], {}), lower, value], {});
  return upper === undefined ? raised : bind("select", [bind("less", [upper, raised], {}), upper, raised], {});
}

/** Remainder of the division rounded down, `x − y·⌊x / y⌋`: it has the sign of `y`. */
export function remainder(x: Operand, y: Operand): Tensor {
  return applyToPair("remainder", x, y, { mend: "cast one of them" });
}

/** Remainder of the division rounded towards 0, `x − y·trunc(x / y)`: it has the sign of `x`. */
export function fmod(x: Operand, y: Operand): Tensor {
  const [a, b] = promotePair("fmod", x, y, "int32");
  const sign = bind("select", [bind("less", [a, scalar(0, a.dtype)], {}), scalar(-1, a.dtype), scalar(1, a.dtype)], {});
  return mul(sign, bind("remainder", [mul(sign, a), abs(b)], {}));
}

/**
 * The quotient rounded down, `⌊x / y⌋`, of the dtype that both promote to; of floats divided by 0, what true division gives.
 * Integers divided by 0 give the nearest int32 to ±Infinity (0 for 0 / 0), where PyTorch throws.
 */
export function floorDivide(x: Operand, y: Operand): Tensor {
  const [a, b] = promotePair("floorDivide", x, y, "int32");
  // In float64 the quotient of two int32 is closer to the exact one than that is to the next whole number.
  if (a.dtype === "int32") return castTo(floor(div(castTo(a, "float64"), castTo(b, "float64"))), "int32");
  // As Python does: from the exact remainder, since x / y itself may round up to a whole number that x does not reach.
  const zero = scalar(0, a.dtype);
  const rest = fmod(a, b);
  const towardsZero = div(sub(a, rest), b);
  const signsDiffer = bind("equal", [bind("less", [rest, zero], {}), bind("less", [zero, b], {})], {});
  const down = bind("logicalAnd", [signsDiffer, bind("logicalNot", [bind("equal", [rest, zero], {})], {})], {});
  const rounded = round(bind("select", [down, sub(towardsZero, 1), towardsZero], {}));
  return bind("select", [bind("equal", [b, zero], {}), div(a, b), rounded], {});
}

/** The straight line from `x` (weight 0) to `y` (weight 1): `x + weight·(y − x)`. */
export function lerp(x: Tensor, y: Tensor, weight: Operand): Tensor {
  requireTensor("lerp", x, "start");
  requireTensor("lerp", y, "end");
  const [start, end, share] = promote("lerp", [x, y, weight], "int32") as [Tensor, Tensor, Tensor];
  broadcastShapes("lerp", [start.shape, end.shape, share.shape]);
  return add(start, mul(share, sub(end, start)));
}

/**
 * `|x|` with the sign of `y`, that of −0 included, with broadcasting; integers become float32. The sign of a NaN counts as +.
 */
export function copySign(x: Operand, y: Operand): Tensor {
  const [a, b] = promotePair("copySign", x, y, "float32");
  const zero = scalar(0, a.dtype);
  const isNegative = bind("logicalOr", [
    bind("less", [b, zero], {}),
    bind("less", [bind("div", [scalar(1, b.dtype), b], {}), zero], {}),
  ], {});
  return mul(abs(a), bind("select", [isNegative, scalar(-1, a.dtype), scalar(1, a.dtype)], {}));
}
