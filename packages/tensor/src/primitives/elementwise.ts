import type { DType } from "../dtype.js";
import { dtypes, requireDType, requireOneDType } from "../dtype.js";
import * as binaryLoops from "../eager/elementwise/binary.js";
import { cast as castKernel } from "../eager/elementwise/cast.js";
import { computeElementwise, type Loops } from "../eager/elementwise/loops.js";
import { select as selectLoops } from "../eager/elementwise/select.js";
import * as unaryLoops from "../eager/elementwise/unary.js";
import { ArgumentError } from "../errors.js";
import { broadcastShapes } from "../shape.js";
import { erf as erfOf, erfc as erfcOf } from "../special/error-function.js";
import { erfInv as erfInvOf } from "../special/inverse-error-function.js";
import { sigmoid as sigmoidOf } from "../special/sigmoid.js";
import type { RemainderAttributes } from "./attributes.js";
import type { InputTuple, None, ScalarFunction, PrimitiveDefinition, TensorType } from "./definition.js";

const floats = ["float32", "float64"] as const;
const numbers = ["float32", "float64", "int32"] as const;

/** `y = f(x)` element by element, of the same dtype. */
function unary<Name extends string, D extends DType>(name: Name, accepted: readonly D[], loops: Loops<D>, scalarFunction?: ScalarFunction): PrimitiveDefinition<Name, 1, None> {
  return {
    name,
    arity: 1,
    kernel: (inputs, _, output) => computeElementwise(loops, output, inputs[0]),
    scalarFunction,
    type: ([x]) => {
      requireDType(name, x.dtype, accepted);
      return x;
    },
  };
}

/** The type rule of two inputs that broadcast and have one dtype. The output has it too, or bool for comparisons. */
function typeOfPair(name: string, accepted: readonly DType[], output?: "bool") {
  return ([x, y]: InputTuple<2, TensorType>): TensorType => {
    requireOneDType(name, x.dtype, y.dtype);
    requireDType(name, x.dtype, accepted);
    return { shape: broadcastShapes(name, [x.shape, y.shape]), dtype: output ?? x.dtype };
  };
}

/** `z = f(x, y)` element by element, with broadcasting. */
function binary<Name extends string, D extends DType>(
  name: Name, accepted: readonly D[], loops: Loops<D>, scalarFunction?: ScalarFunction, output?: "bool",
): PrimitiveDefinition<Name, 2, None> {
  return {
    name,
    arity: 2,
    kernel: (inputs, _, type) => computeElementwise(loops, type, inputs[0], inputs[1]),
    scalarFunction,
    type: typeOfPair(name, accepted, output),
  };
}

/** A comparison of two inputs of any dtype. */
function comparison<Name extends string>(name: Name, loops: Loops<DType>): PrimitiveDefinition<Name, 2, None> {
  return binary(name, dtypes, loops, undefined, "bool");
}

// Primitives that compute each output element from the input elements at the same (broadcast) position.

export const neg = /* @__PURE__ */ unary("neg", numbers, unaryLoops.neg);
export const abs = /* @__PURE__ */ unary("abs", numbers, unaryLoops.abs);
/** −1, 0, 1; 0 and NaN stay. */
export const sign = /* @__PURE__ */ unary("sign", numbers, unaryLoops.sign);
export const floor = /* @__PURE__ */ unary("floor", floats, unaryLoops.floor);
export const ceil = /* @__PURE__ */ unary("ceil", floats, unaryLoops.ceil);
/** Rounds to the nearest whole number; halves go to the even one. */
export const round = /* @__PURE__ */ unary("round", floats, unaryLoops.round);
export const trunc = /* @__PURE__ */ unary("trunc", floats, unaryLoops.trunc);
export const sqrt = /* @__PURE__ */ unary("sqrt", floats, unaryLoops.sqrt);
export const exp = /* @__PURE__ */ unary("exp", floats, unaryLoops.exp, Math.exp);
/** exp(x) − 1 without cancellation near 0. */
export const expm1 = /* @__PURE__ */ unary("expm1", floats, unaryLoops.expm1, Math.expm1);
export const log = /* @__PURE__ */ unary("log", floats, unaryLoops.log, Math.log);
/** log(1 + x) without cancellation near 0. */
export const log1p = /* @__PURE__ */ unary("log1p", floats, unaryLoops.log1p, Math.log1p);
export const sin = /* @__PURE__ */ unary("sin", floats, unaryLoops.sin, Math.sin);
export const cos = /* @__PURE__ */ unary("cos", floats, unaryLoops.cos, Math.cos);
export const tanh = /* @__PURE__ */ unary("tanh", floats, unaryLoops.tanh, Math.tanh);
/** 1 / (1 + exp(−x)) without overflow. */
export const sigmoid = /* @__PURE__ */ unary("sigmoid", floats, unaryLoops.sigmoid, sigmoidOf);
export const erf = /* @__PURE__ */ unary("erf", floats, unaryLoops.erf, erfOf);
/** 1 − erf(x) without cancellation for large x. */
export const erfc = /* @__PURE__ */ unary("erfc", floats, unaryLoops.erfc, erfcOf);
export const erfInv = /* @__PURE__ */ unary("erfInv", floats, unaryLoops.erfInv, erfInvOf);
export const logicalNot = /* @__PURE__ */ unary("logicalNot", ["bool"], unaryLoops.logicalNot);

export const add = /* @__PURE__ */ binary("add", numbers, binaryLoops.add);
export const sub = /* @__PURE__ */ binary("sub", numbers, binaryLoops.sub);
export const mul = /* @__PURE__ */ binary("mul", numbers, binaryLoops.mul);
/** True division. */
export const div = /* @__PURE__ */ binary("div", floats, binaryLoops.div);
export const pow = /* @__PURE__ */ binary("pow", numbers, binaryLoops.pow, binaryLoops.powerOf);
/** x − y·⌊x / y⌋, with the sign of y. */
export const remainder: PrimitiveDefinition<"remainder", 2, RemainderAttributes> = {
  name: "remainder",
  arity: 2,
  kernel: ([x, y], { report = "remainder" }, output) => {
    if (y.dtype === "int32" && y.data.includes(0) && !output.shape.includes(0)) {
      throw new ArgumentError(`${report}: division by 0 is not defined for int32; convert to a float with .cast("float32")`);
    }
    return computeElementwise(binaryLoops.remainder, output, x, y);
  },
  scalarFunction: binaryLoops.remainderOf,
  type: /* @__PURE__ */ typeOfPair("remainder", numbers),
};
/** The larger operand; NaN if one of them is NaN. */
export const maximum = /* @__PURE__ */ binary("maximum", numbers, binaryLoops.maximum);
/** The smaller operand; NaN if one of them is NaN. */
export const minimum = /* @__PURE__ */ binary("minimum", numbers, binaryLoops.minimum);
export const atan2 = /* @__PURE__ */ binary("atan2", floats, binaryLoops.atan2, Math.atan2);
export const equal = /* @__PURE__ */ comparison("equal", binaryLoops.equal);
export const less = /* @__PURE__ */ comparison("less", binaryLoops.less);
export const lessEqual = /* @__PURE__ */ comparison("lessEqual", binaryLoops.lessEqual);
export const logicalAnd = /* @__PURE__ */ binary("logicalAnd", ["bool"], binaryLoops.logicalAnd);
export const logicalOr = /* @__PURE__ */ binary("logicalOr", ["bool"], binaryLoops.logicalOr);
export const bitwiseAnd = /* @__PURE__ */ binary("bitwiseAnd", ["int32"], binaryLoops.bitwiseAnd);
export const bitwiseOr = /* @__PURE__ */ binary("bitwiseOr", ["int32"], binaryLoops.bitwiseOr);
export const bitwiseXor = /* @__PURE__ */ binary("bitwiseXor", ["int32"], binaryLoops.bitwiseXor);
/** x·2ʸ modulo 2³²; 0 if y is not 0 to 31. */
export const bitwiseLeftShift = /* @__PURE__ */ binary("bitwiseLeftShift", ["int32"], binaryLoops.bitwiseLeftShift);
/** ⌊x / 2ʸ⌋; the sign, 0 or −1, if y is not 0 to 31. */
export const bitwiseRightShift = /* @__PURE__ */ binary("bitwiseRightShift", ["int32"], binaryLoops.bitwiseRightShift);

/** `condition ? x : y` with broadcasting. */
export const select: PrimitiveDefinition<"select", 3, None> = {
  name: "select",
  arity: 3,
  kernel: (inputs, _, output) => computeElementwise(selectLoops, output, inputs[0], inputs[1], inputs[2]),
  type: ([condition, x, y]) => {
    requireDType("where", condition.dtype, ["bool"], "condition");
    requireOneDType("where", x.dtype, y.dtype, "branches");
    return { shape: broadcastShapes("where", [condition.shape, x.shape, y.shape]), dtype: x.dtype };
  },
};

/** Converts to another dtype. Floats are truncated and clamped to int32 (NaN becomes 0). For bool, everything but 0 is true. */
export const cast: PrimitiveDefinition<"cast", 1, { readonly dtype: DType }> = {
  name: "cast",
  arity: 1,
  kernel: castKernel,
  type: ([x], { dtype }) => ({ shape: x.shape, dtype }),
};
