import { expect, test } from "vitest";
import * as nn from "../../src/index.js";
import type { Tensor } from "../../src/index.js";
import { messageOf, messagesOf } from "../message.js";

const x = nn.zeros([2, 3]);
const y = nn.zeros([2]);
const integers = nn.zeros([2, 3], { dtype: "int32" });
const bools = nn.zeros([2, 3], { dtype: "bool" });

test("every operation of two operands names itself when shapes do not broadcast", () => {
  const operations = {
    add: nn.add, sub: nn.sub, mul: nn.mul, div: nn.div, pow: nn.pow, maximum: nn.maximum, minimum: nn.minimum, fmax: nn.fmax, fmin: nn.fmin,
    remainder: nn.remainder, fmod: nn.fmod, floorDivide: nn.floorDivide, copySign: nn.copySign, clamp: nn.clamp, atan2: nn.atan2,
    hypot: nn.hypot, logAddExp: nn.logAddExp, logAddExp2: nn.logAddExp2, xlogy: nn.xlogy, equal: nn.equal, notEqual: nn.notEqual,
    less: nn.less, lessEqual: nn.lessEqual, greater: nn.greater, greaterEqual: nn.greaterEqual, isClose: nn.isClose,
    logicalAnd: nn.logicalAnd, logicalOr: nn.logicalOr, logicalXor: nn.logicalXor,
    bitwiseAnd: (a: Tensor, b: Tensor) => nn.bitwiseAnd(nn.cast(a, "int32"), nn.cast(b, "int32")),
    lerp: (a: Tensor, b: Tensor) => nn.lerp(a, b, 0.5), where: (a: Tensor, b: Tensor) => nn.where(bools, a, b),
    maskedFill: (a: Tensor, b: Tensor) => nn.maskedFill(a, nn.cast(b, "bool"), 1),
  };
  for (const [name, f] of Object.entries(operations)) {
    expect(messageOf(() => f(x, y))).toMatch(new RegExp(`^ShapeError: ${name}: cannot broadcast .*\\[2, 3\\] with \\[2\\]`));
  }
  expect(messageOf(() => nn.add(x, y)))
    .toMatchInlineSnapshot(`"ShapeError: add: cannot broadcast [2, 3] with [2] (sizes 3 and 2 on axis -1); sizes must be equal or 1"`);
});

test("every operation names itself when it gets something other than a tensor", () => {
  const unary = {
    neg: nn.neg, abs: nn.abs, sign: nn.sign, floor: nn.floor, ceil: nn.ceil, round: nn.round, trunc: nn.trunc, frac: nn.frac,
    reciprocal: nn.reciprocal, square: nn.square, clamp: nn.clamp, exp: nn.exp, exp2: nn.exp2, expm1: nn.expm1, log: nn.log, log2: nn.log2,
    log10: nn.log10, log1p: nn.log1p, sqrt: nn.sqrt, rsqrt: nn.rsqrt, sin: nn.sin, cos: nn.cos, tan: nn.tan, asin: nn.asin, acos: nn.acos,
    atan: nn.atan, sinh: nn.sinh, cosh: nn.cosh, tanh: nn.tanh, asinh: nn.asinh, acosh: nn.acosh, atanh: nn.atanh, erf: nn.erf, erfc: nn.erfc,
    erfInv: nn.erfInv, logit: nn.logit, sinc: nn.sinc, lgamma: nn.lgamma, digamma: nn.digamma, isNaN: nn.isNaN, isInfinite: nn.isInfinite,
    isFinite: nn.isFinite, nanToNum: nn.nanToNum, relu: nn.relu, leakyRelu: nn.leakyRelu, elu: nn.elu, sigmoid: nn.sigmoid,
    logSigmoid: nn.logSigmoid, softplus: nn.softplus, gelu: nn.gelu, silu: nn.silu, softmax: nn.softmax, logSoftmax: nn.logSoftmax,
    logicalNot: nn.logicalNot, bitwiseNot: nn.bitwiseNot,
    sum: nn.sum, prod: nn.prod, mean: nn.mean, max: nn.max, min: nn.min, any: nn.any, all: nn.all,
    countNonZero: nn.countNonZero, nanSum: nn.nanSum, nanMean: nn.nanMean, logSumExp: nn.logSumExp, argMax: nn.argMax, argMin: nn.argMin,
    variance: nn.variance, std: nn.std, varianceAndMean: nn.varianceAndMean, stdAndMean: nn.stdAndMean, norm: nn.norm, median: nn.median,
    diff: nn.diff, trace: nn.trace, normalize: nn.normalize,
  };
  const list = [1, 2];
  for (const [name, f] of Object.entries(unary)) {
    expect(messageOf(() => Reflect.apply(f, undefined, [list]))).toBe(`UsageError: ${name}: input is an array of ${list.length}, expected a Tensor; make it one with tensor(...)`);
  }
  expect(messagesOf({
    "undefined": () => Reflect.apply(nn.add, undefined, [x]),
    "string": () => Reflect.apply(nn.mul, undefined, [x, "2"]),
    "null": () => Reflect.apply(nn.equal, undefined, [null, x]),
    "Variable": () => Reflect.apply(nn.exp, undefined, [new nn.Variable(x)]),
    "another copy": () => Reflect.apply(nn.exp, undefined, [{ [Symbol.for("@nn/tensor")]: {} }]),
  })).toMatchInlineSnapshot(`
    {
      "Variable": "UsageError: exp: input is a Variable, expected a Tensor; read it with .value",
      "another copy": "UsageError: exp: input is a tensor of another copy of @nn/tensor; make sure that only one is installed (npm ls @nn/tensor)",
      "null": "UsageError: equal: input is null, expected a Tensor",
      "string": "UsageError: mul: input is the string "2", expected a Tensor",
      "undefined": "UsageError: add: input is undefined, expected a Tensor",
    }
  `);
});

test("dtypes", () => {
  expect(messagesOf({
    "sub of bools": () => nn.sub(bools, bools),
    "pow of bools": () => nn.pow(bools, true),
    "remainder of bools": () => nn.remainder(bools, bools),
    "neg of bools": () => nn.neg(bools),
    "abs of bools": () => nn.abs(bools),
    "floor of bools": () => nn.floor(bools),
    "relu of bools": () => nn.relu(bools),
    "where without a bool": () => nn.where(x, x, x),
    "maskedFill without a bool": () => nn.maskedFill(x, integers, 0),
    "maskedFill of integers": () => nn.maskedFill(integers, bools, 0.5),
    "maskedFill of integers with a tensor": () => nn.maskedFill(integers, bools, nn.tensor(0.5)),
    "cast": () => Reflect.apply(nn.cast, undefined, [x, "float16"]),
    "number beyond int32": () => nn.add(integers, 3e9),
    "bits of floats": () => nn.bitwiseAnd(integers, 0.5),
    "bits of a float": () => nn.bitwiseNot(x),
    "shift of bools": () => nn.bitwiseLeftShift(bools, true),
  })).toMatchInlineSnapshot(`
    {
      "abs of bools": "DTypeError: abs: input has dtype bool, expected float32 or float64 or int32; convert it with .cast("float32")",
      "bits of a float": "DTypeError: bitwiseNot: input has dtype float32, expected int32 or bool",
      "bits of floats": "DTypeError: bitwiseAnd: input has dtype float32, expected int32 or bool",
      "cast": "DTypeError: cast: dtype is the string "float16", expected "bool", "int32", "float32", "float64"; did you mean "float32"?",
      "floor of bools": "DTypeError: floor: input has dtype bool, expected float32 or float64; convert it with .cast("float32")",
      "maskedFill of integers": "ArgumentError: maskedFill: 0.5 is not an int32, the dtype of the input; cast the input first",
      "maskedFill of integers with a tensor": "DTypeError: maskedFill: value has dtype float32, which does not fit into int32, the dtype of the input; cast one",
      "maskedFill without a bool": "DTypeError: maskedFill: mask has dtype int32, expected bool; convert it with .cast("bool")",
      "neg of bools": "DTypeError: neg: input has dtype bool, expected float32 or float64 or int32; convert it with .cast("float32")",
      "number beyond int32": "ArgumentError: add: 3000000000 does not fit into int32; write it as a float64 tensor",
      "pow of bools": "DTypeError: pow: both inputs have dtype bool, expected int32 or float32 or float64; cast one of them",
      "relu of bools": "DTypeError: relu: input has dtype bool, expected float32 or float64 or int32; convert it with .cast("float32")",
      "remainder of bools": "DTypeError: remainder: both inputs have dtype bool, expected int32 or float32 or float64; cast one of them",
      "shift of bools": "DTypeError: bitwiseLeftShift: input has dtype bool, expected int32; convert it with .cast("int32")",
      "sub of bools": "DTypeError: sub: both inputs have dtype bool, expected int32 or float32 or float64; use logicalXor, or logicalNot",
      "where without a bool": "DTypeError: where: condition has dtype float32, expected bool",
    }
  `);
});

test("arguments", () => {
  expect(messagesOf({
    "pow of integers": () => nn.pow(integers, -1),
    "clamp without limits": () => nn.clamp(x),
    "softplus beta": () => nn.softplus(x, { beta: 0 }),
    "gelu approximate": () => Reflect.apply(nn.gelu, undefined, [x, { approximate: "sigmoid" }]),
    "softmax axis": () => nn.softmax(x, 2),
    "logSoftmax axis": () => nn.logSoftmax(x, -3),
    "softmax axis of a scalar": () => nn.softmax(nn.tensor(1), 1),
  })).toMatchInlineSnapshot(`
    {
      "clamp without limits": "ArgumentError: clamp: expected a lower or an upper limit, got neither",
      "gelu approximate": "ArgumentError: gelu: approximate is the string "sigmoid", expected "none" or "tanh"",
      "logSoftmax axis": "ArgumentError: logSoftmax: axis -3 is out of range; expected -2 to 1 for rank 2",
      "pow of integers": "ArgumentError: pow: int32 cannot be raised to -1, the result would not be whole; cast to float32 first",
      "softmax axis": "ArgumentError: softmax: axis 2 is out of range; expected -2 to 1 for rank 2",
      "softmax axis of a scalar": "ArgumentError: softmax: axis 1 is out of range; expected -1 to 0 for rank 1",
      "softplus beta": "ArgumentError: softplus: beta is 0, expected a positive number",
    }
  `);
});
