import { requireOptions, type OptionKinds } from "../arguments/options.js";
import { isTensor } from "../is-tensor.js";
import { isFloat, promoteDTypes, requireDType } from "../dtype.js";
import { ArgumentError, DTypeError } from "../errors.js";
import { apply } from "../interpreter/stack.js";
import { asTensor, castTo, requireTensor, scalar, type Operand } from "../operand.js";
import { inNameOf } from "../out-of-memory.js";
import * as primitives from "../primitives/all.js";
import { broadcastShapes } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { isFinite, isNaN, notEqual } from "./comparison.js";
import { composeFromPair, promotePair } from "./apply-elementwise.js";

function truth(operation: string, x: Operand): Tensor {
  return castTo(asTensor(operation, x), "bool");
}

/** Whether both are true (not zero), with broadcasting. */
export function logicalAnd(x: Operand, y: Operand): Tensor {
  return apply(primitives.logicalAnd, [truth("logicalAnd", x), truth("logicalAnd", y)], {});
}

/** Whether one or both are true (not zero), with broadcasting. */
export function logicalOr(x: Operand, y: Operand): Tensor {
  return apply(primitives.logicalOr, [truth("logicalOr", x), truth("logicalOr", y)], {});
}

/** Whether exactly one is true (not zero), with broadcasting. */
export function logicalXor(x: Operand, y: Operand): Tensor {
  return composeFromPair("logicalXor", truth("logicalXor", x), truth("logicalXor", y), undefined, notEqual);
}

/** Whether an element is false (zero). */
export function logicalNot(x: Tensor): Tensor {
  requireTensor("logicalNot", x);
  return apply(primitives.logicalNot, [truth("logicalNot", x)], {});
}

/**
 * `condition ? x : y` element by element; all three broadcast. Only the chosen side receives a gradient.
 * @throws DTypeError if the condition is not bool.
 */
export function where(condition: Tensor, x: Operand, y: Operand): Tensor {
  requireTensor("where", condition, "condition");
  requireDType("where", condition.dtype, ["bool"], "condition");
  const [first, second] = promotePair("where", x, y);
  return inNameOf("where", () => apply(primitives.select, [condition, first, second], {}));
}

/** `x` with `value` where `mask` is true. The mask broadcasts; the result has the dtype of `x`. */
export function maskedFill(x: Tensor, mask: Tensor, value: Operand): Tensor {
  requireTensor("maskedFill", x);
  requireTensor("maskedFill", mask, "mask");
  requireDType("maskedFill", mask.dtype, ["bool"], "mask");
  const fill = fillValue(x, value);
  broadcastShapes("maskedFill", [x.shape, mask.shape, fill.shape]);
  return inNameOf("maskedFill", () => apply(primitives.select, [mask, fill, x], {}));
}

function fillValue(x: Tensor, value: Operand): Tensor {
  if (isTensor(value)) {
    if (!isFloat(x.dtype) && promoteDTypes(x.dtype, value.dtype) !== x.dtype) {
      throw new DTypeError(`maskedFill: value has dtype ${value.dtype}, which does not fit into ${x.dtype}, the dtype of the input; cast one`);
    }
    return castTo(value, x.dtype);
  }
  if (typeof value !== "number" && typeof value !== "boolean") requireTensor("maskedFill", value, "value");
  const number = Number(value);
  if (x.dtype === "int32" && number !== (number | 0)) {
    throw new ArgumentError(`maskedFill: ${number} is not an int32, the dtype of the input; cast the input first`);
  }
  return scalar(x.dtype === "bool" ? number !== 0 : number, x.dtype);
}

/** The replacements that {@link nanToNum} uses for numbers that are not finite. */
export interface NanToNumOptions {
  /** For NaN. Default: 0. */
  readonly nan?: number | undefined;
  /** For +Infinity. Default: the largest number of the dtype. */
  readonly positiveInfinity?: number | undefined;
  /** For −Infinity. Default: the smallest number of the dtype. */
  readonly negativeInfinity?: number | undefined;
}

const nanToNumOptions: OptionKinds<NanToNumOptions> = { nan: "number", positiveInfinity: "number", negativeInfinity: "number" };

/** Replaces NaN and the infinities by finite numbers. Replaced elements get no gradient. */
export function nanToNum(x: Tensor, options: NanToNumOptions = {}): Tensor {
  requireTensor("nanToNum", x);
  requireOptions("nanToNum", options, nanToNumOptions);
  const { nan = 0, positiveInfinity, negativeInfinity } = options;
  if (!isFloat(x.dtype)) return x;
  const largest = x.dtype === "float32" ? 3.4028234663852886e38 : Number.MAX_VALUE;
  const isPositive = apply(primitives.less, [scalar(0, x.dtype), x], {});
  const limit = where(isPositive, scalar(positiveInfinity ?? largest, x.dtype), scalar(negativeInfinity ?? -largest, x.dtype));
  return where(isFinite(x), x, where(isNaN(x), scalar(nan, x.dtype), limit));
}
