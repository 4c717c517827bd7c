import type { DType } from "../dtype.js";
import { requireDType } from "../dtype.js";
import { DTypeError } from "../errors.js";
import { broadcastShapes } from "../shape.js";
import { define, type None, type PrimitiveDefinition } from "./definition.js";

const floats = ["float32", "float64"] as const;
const numbers = ["float32", "float64", "int32"] as const;

/** `y = f(x)` element by element, of the same dtype. */
function unary(name: string, accepted: readonly DType[]): PrimitiveDefinition<1, None> {
  return define(1, ([x]) => {
    requireDType(name, x.dtype, accepted);
    return x;
  });
}

/** `z = f(x, y)` element by element with broadcasting; both inputs have one dtype, the output that or bool. */
function binary(name: string, accepted: readonly DType[] | "all", output?: "bool"): PrimitiveDefinition<2, None> {
  return define(2, ([x, y]) => {
    if (x.dtype !== y.dtype) throw new DTypeError(`${name}: inputs have dtypes ${x.dtype} and ${y.dtype}; cast one`);
    if (accepted !== "all") requireDType(name, x.dtype, accepted);
    return { shape: broadcastShapes(name, [x.shape, y.shape]), dtype: output ?? x.dtype };
  });
}

/** Primitives that compute each output element from the input elements at the same (broadcast) place. */
export const elementwise = {
  neg: unary("neg", numbers),
  abs: unary("abs", numbers),
  /** −1, 0, 1; 0 and NaN stay. */
  sign: unary("sign", numbers),
  floor: unary("floor", floats),
  ceil: unary("ceil", floats),
  /** To the nearest whole number, halves to the even one. */
  round: unary("round", floats),
  trunc: unary("trunc", floats),
  sqrt: unary("sqrt", floats),
  exp: unary("exp", floats),
  /** exp(x) − 1 without cancellation near 0. */
  expm1: unary("expm1", floats),
  log: unary("log", floats),
  /** log(1 + x) without cancellation near 0. */
  log1p: unary("log1p", floats),
  sin: unary("sin", floats),
  cos: unary("cos", floats),
  tanh: unary("tanh", floats),
  /** 1 / (1 + exp(−x)) without overflow. */
  sigmoid: unary("sigmoid", floats),
  erf: unary("erf", floats),
  /** 1 − erf(x) without cancellation for large x. */
  erfc: unary("erfc", floats),
  erfInv: unary("erfInv", floats),
  logicalNot: unary("logicalNot", ["bool"]),

  add: binary("add", numbers),
  sub: binary("sub", numbers),
  mul: binary("mul", numbers),
  /** True division. */
  div: binary("div", floats),
  pow: binary("pow", numbers),
  /** x − y·⌊x / y⌋, with the sign of y. */
  remainder: binary("remainder", numbers),
  /** The larger; NaN if either is. */
  maximum: binary("maximum", numbers),
  /** The smaller; NaN if either is. */
  minimum: binary("minimum", numbers),
  atan2: binary("atan2", floats),
  equal: binary("equal", "all", "bool"),
  less: binary("less", "all", "bool"),
  lessEqual: binary("lessEqual", "all", "bool"),
  logicalAnd: binary("logicalAnd", ["bool"]),
  logicalOr: binary("logicalOr", ["bool"]),

  /** `condition ? x : y` with broadcasting. */
  select: define(3, ([condition, x, y]) => {
    requireDType("where", condition.dtype, ["bool"], "condition");
    if (x.dtype !== y.dtype) throw new DTypeError(`where: branches have dtypes ${x.dtype} and ${y.dtype}; cast one`);
    return { shape: broadcastShapes("where", [condition.shape, x.shape, y.shape]), dtype: x.dtype };
  }),

  /** To another dtype: floats to int32 truncate and saturate (NaN to 0), anything to bool is `!= 0`. */
  cast: define<1, { readonly dtype: DType }>(1, ([x], { dtype }) => ({ shape: x.shape, dtype })),
};
