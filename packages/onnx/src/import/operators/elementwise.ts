import {
  abs, acos, acosh, add, asin, asinh, atan, atanh, cast, ceil, cos, cosh, div, elu, equal, erf, exp, floor, fmod, greater, greaterEqual, isNaN, leakyRelu, less, lessEqual, log, logicalAnd,
  logicalNot, logicalOr, logicalXor, maximum, minimum, mul, neg, pow, reciprocal, relu, remainder, round, sigmoid, sign, sin, sinh, softplus, sqrt, sub, tan, tanh, trunc, where, type Tensor,
} from "@nn/tensor";
import { isFloat } from "@nn/tensor/extend";
import type { Call } from "../call.js";
import { dtypeOf, typeName } from "../tensors.js";
import { operator, type Operator, type Operators } from "./operator.js";

const unary = (f: (x: Tensor) => Tensor): Operator => operator(1, "", (call) => f(call.input(0)));
const binary = (f: (x: Tensor, y: Tensor) => Tensor): Operator => operator(2, "", (call) => f(call.input(0), call.input(1)));
/** An operator of one or more tensors. */
const variadic = (f: (x: Tensor, y: Tensor) => Tensor): Operator => operator([1, Infinity], "", (call) => call.all.reduce(f));

/** Whole numbers are divided towards zero. */
const quotient = (x: Tensor, y: Tensor): Tensor => (isFloat(x.dtype) ? div(x, y) : cast(trunc(div(cast(x, "float64"), cast(y, "float64"))), "int32"));

/** `x` limited to a range whose ends may be left out. */
function clip(call: Call): Tensor {
  const [x, low, high] = [call.input(0), call.optional(1), call.optional(2)];
  const above = low === undefined ? x : maximum(x, low);
  return high === undefined ? above : minimum(above, high);
}

function castTo(call: Call): Tensor {
  const to = call.int("to", 0);
  const dtype = dtypeOf(to);
  const isExact = ["float32", "float64", "int32", "int64", "bool"].includes(typeName(to));
  return dtype === undefined || !isExact ? call.fail(`a cast to ${typeName(to)} is not supported`) : cast(call.input(0), dtype);
}

const selu = (call: Call): Tensor => mul(elu(call.input(0), call.float("alpha", 1.6732631921768188)), call.float("gamma", 1.0507010221481323));

function celu(call: Call): Tensor {
  const [x, alpha] = [call.input(0), call.float("alpha", 1)];
  return add(maximum(x, 0), minimum(mul(elu(div(minimum(x, 0), alpha)), alpha), 0));
}

export const elementwise: Operators = {
  Abs: unary(abs), Acos: unary(acos), Acosh: unary(acosh), Asin: unary(asin), Asinh: unary(asinh), Atan: unary(atan), Atanh: unary(atanh), Ceil: unary(ceil), Cos: unary(cos), Cosh: unary(cosh),
  Erf: unary(erf), Exp: unary(exp), Floor: unary(floor), IsNaN: unary(isNaN), Log: unary(log), Neg: unary(neg), Not: unary(logicalNot), Reciprocal: unary(reciprocal), Round: unary(round),
  Sign: unary(sign), Sin: unary(sin), Sinh: unary(sinh), Sqrt: unary(sqrt), Tan: unary(tan), Identity: unary((x) => x),
  Add: binary(add), Sub: binary(sub), Mul: binary(mul), Div: binary(quotient), Pow: binary((x, y) => pow(x, cast(y, x.dtype))), And: binary(logicalAnd), Or: binary(logicalOr), Xor: binary(logicalXor),
  Equal: binary(equal), Less: binary(less), LessOrEqual: binary(lessEqual), Greater: binary(greater), GreaterOrEqual: binary(greaterEqual),
  Max: variadic(maximum), Min: variadic(minimum), Sum: variadic(add), Mean: operator([1, Infinity], "", (call) => div(call.all.reduce(add), call.all.length)),
  Mod: operator(2, "fmod", (call) => (call.int("fmod", 0) === 1 ? fmod : remainder)(call.input(0), call.input(1))),
  Where: operator(3, "", (call) => where(call.input(0), call.input(1), call.input(2))),
  Cast: operator(1, "to", castTo),
  Clip: operator([1, 3], "", clip),
  Relu: unary(relu), Sigmoid: unary(sigmoid), Tanh: unary(tanh), Softplus: unary((x) => softplus(x, { threshold: Infinity })), Softsign: unary((x) => div(x, add(abs(x), 1))),
  HardSwish: unary((x) => mul(x, minimum(maximum(add(div(x, 6), 0.5), 0), 1))),
  HardSigmoid: operator(1, "alpha beta", (call) => minimum(maximum(add(mul(call.input(0), call.float("alpha", 0.2)), call.float("beta", 0.5)), 0), 1)),
  LeakyRelu: operator(1, "alpha", (call) => leakyRelu(call.input(0), call.float("alpha", 0.01))),
  ThresholdedRelu: operator(1, "alpha", (call) => where(greater(call.input(0), call.float("alpha", 1)), call.input(0), 0)),
  PRelu: binary((x, slope) => where(greater(x, 0), x, mul(x, slope))),
  Elu: operator(1, "alpha", (call) => elu(call.input(0), call.float("alpha", 1))), Selu: operator(1, "alpha gamma", selu), Celu: operator(1, "alpha", celu),
  /** In inference nothing is dropped. */
  Dropout: operator([1, 3], "seed ratio", (call) => (call.number(2, "training_mode") === 1 ? call.fail("training_mode is true; export the model for inference") : call.input(0)), { shapes: [1, 2] }),
};
