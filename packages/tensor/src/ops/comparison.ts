import { requireOptions, type OptionKinds } from "../arguments/options.js";
import { isFloat } from "../dtype.js";
import { apply } from "../interpreter/stack.js";
import { requireTensor, type Operand } from "../operand.js";
import * as primitives from "../primitives/all.js";
import type { Tensor } from "../tensor.js";
import { abs, add, mul, sub } from "./arithmetic.js";
import { composeFromPair, promotePair } from "./apply-elementwise.js";

/** Whether `x = y`, element by element with broadcasting; NaN equals nothing. */
export function equal(x: Operand, y: Operand): Tensor {
  return apply(primitives.equal, promotePair("equal", x, y), {});
}

/** Whether `x ≠ y`, element by element with broadcasting. */
export function notEqual(x: Operand, y: Operand): Tensor {
  return composeFromPair("notEqual", x, y, undefined, (a, b) => apply(primitives.logicalNot, [apply(primitives.equal, [a, b], {})], {}));
}

/** Whether `x < y`, element by element with broadcasting. */
export function less(x: Operand, y: Operand): Tensor {
  return apply(primitives.less, promotePair("less", x, y), {});
}

/** Whether `x ≤ y`, element by element with broadcasting. */
export function lessEqual(x: Operand, y: Operand): Tensor {
  return apply(primitives.lessEqual, promotePair("lessEqual", x, y), {});
}

/** Whether `x > y`, element by element with broadcasting. */
export function greater(x: Operand, y: Operand): Tensor {
  return composeFromPair("greater", x, y, undefined, (a, b) => apply(primitives.less, [b, a], {}));
}

/** Whether `x ≥ y`, element by element with broadcasting. */
export function greaterEqual(x: Operand, y: Operand): Tensor {
  return composeFromPair("greaterEqual", x, y, undefined, (a, b) => apply(primitives.lessEqual, [b, a], {}));
}

/** Where elements are NaN; nowhere in integers. */
export function isNaN(x: Tensor): Tensor {
  requireTensor("isNaN", x);
  return apply(primitives.logicalNot, [apply(primitives.equal, [x, x], {})], {});
}

/** Where elements are +Infinity or −Infinity; nowhere in integers. */
export function isInfinite(x: Tensor): Tensor {
  requireTensor("isInfinite", x);
  return isFloat(x.dtype) ? equal(abs(x), Infinity) : isNaN(x);
}

/** Where elements are neither infinite nor NaN; everywhere in integers. */
export function isFinite(x: Tensor): Tensor {
  requireTensor("isFinite", x);
  return isFloat(x.dtype) ? less(abs(x), Infinity) : apply(primitives.equal, [x, x], {});
}

/** Limits of {@link isClose}. */
export interface IsCloseOptions {
  /** The fraction of `|y|` by which `x` may differ. Default: 1e-5. */
  readonly relativeTolerance?: number | undefined;
  /** The amount by which `x` may differ in addition. Default: 1e-8. */
  readonly absoluteTolerance?: number | undefined;
  /** Whether NaN is close to NaN. Default: false. */
  readonly equalNaN?: boolean | undefined;
}

const isCloseOptions: OptionKinds<IsCloseOptions> = { relativeTolerance: "nonNegative", absoluteTolerance: "nonNegative", equalNaN: "boolean" };

/** Whether `|x − y| ≤ absolute + relative·|y|`, element by element with broadcasting; equal infinities are close. */
export function isClose(x: Operand, y: Operand, options: IsCloseOptions = {}): Tensor {
  requireOptions("isClose", options, isCloseOptions);
  const { relativeTolerance = 1e-5, absoluteTolerance = 1e-8, equalNaN = false } = options;
  return composeFromPair("isClose", x, y, "float32", (a, b) => {
    const difference = abs(sub(a, b));
    const allowed = add(absoluteTolerance, mul(relativeTolerance, abs(b)));
    const near = apply(primitives.logicalAnd, [lessEqual(difference, allowed), isFinite(difference)], {});
    const close = apply(primitives.logicalOr, [equal(a, b), near], {});
    return equalNaN ? apply(primitives.logicalOr, [close, apply(primitives.logicalAnd, [isNaN(a), isNaN(b)], {})], {}) : close;
  });
}
