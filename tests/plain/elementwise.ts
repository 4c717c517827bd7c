import * as nn from "@nn/tensor";
import type { Operand, Tensor } from "@nn/tensor";
import { map, zip } from "./array.js";
import type { Random } from "./random.js";
import { digamma, erf, erfc, erfInv, lgamma } from "./special.js";
import { call, type Entries, type Entry } from "./trial.js";

type Range = readonly [low: number, high: number];

const unary = (run: (x: Tensor) => Tensor, f: (x: number) => number, range: Range = [-2, 2], loose = 1): Entry => (random) => {
  const x = random.array(random.shape([0, 3]), ...range);
  return call(`x ${x.shape.join("x")}`, [x], run, (given) => map(given, f), { loose });
};

/** Shapes that broadcast against each other. */
function broadcasting(random: Random): [number[], number[]] {
  const shape = random.shape([0, 3]);
  const other = (): number[] => shape.map((size) => (random.bool(0.25) ? 1 : size)).slice(random.bool(0.25) ? 1 : 0);
  return random.bool() ? [shape, other()] : [other(), shape];
}

const binary = (run: (x: Operand, y: Operand) => Tensor, f: (x: number, y: number) => number, left: Range = [-2, 2], right: Range = left): Entry => (random) => {
  const [first, second] = broadcasting(random);
  const [x, y] = [random.array(first, ...left), random.array(second, ...right)];
  const what = `x ${first.join("x")}, y ${second.join("x")}`;
  if (random.bool(0.2)) {
    const number = random.real(...right);
    return call(`${what}, y = ${number}`, [x], (a) => run(a as Tensor, number), (a) => map(a, (value) => f(value, number)));
  }
  return call(what, [x, y], (a, b) => run(a as Tensor, b as Tensor), (a, b) => zip(f, a, b));
};

const roundHalfEven = (x: number): number => {
  const down = Math.floor(x);
  const rest = x - down;
  return rest < 0.5 || (rest === 0.5 && down % 2 === 0) ? down : down + 1;
};

const floorMod = (x: number, y: number): number => x - Math.floor(x / y) * y;

/** Whole numbers as int32, which have no gradient. */
const integral = (run: (x: Tensor, y: Tensor) => Tensor, f: (x: number, y: number) => number, left: Range, right: Range = left): Entry => (random) => {
  const [first, second] = broadcasting(random);
  const [x, y] = [random.integers(first, ...left), random.integers(second, ...right)];
  return call(`x ${first.join("x")}, y ${second.join("x")}`, [x, y], (a, b) => run(nn.cast(a as Tensor, "int32"), nn.cast(b as Tensor, "int32")), (a, b) => zip(f, a, b), { differentiable: false });
};

/** Small whole numbers: equal ones are frequent. */
const comparison = (run: (x: Tensor, y: Tensor) => Tensor, f: (x: number, y: number) => boolean): Entry => (random) => {
  const [first, second] = broadcasting(random);
  const [x, y] = [random.integers(first, -1, 1), random.integers(second, -1, 1)];
  return call(`x ${first.join("x")}, y ${second.join("x")}`, [x, y], (a, b) => run(a as Tensor, b as Tensor), (a, b) => zip((p, q) => Number(f(p, q)), a, b), { differentiable: false });
};

const special = (run: (x: Tensor) => Tensor, f: (x: number) => number): Entry => (random) => {
  const x = map(random.array(random.shape()), (value) => random.pick([value, NaN, Infinity, -Infinity, 0]));
  return call(`x ${x.data.join(" ")}`, [x], run, (given) => map(given, f), { differentiable: false });
};

/** Functions of each element. */
export const unaryOperations: Entries = {
  abs: unary(nn.abs, Math.abs), neg: unary(nn.neg, (x) => -x), ceil: unary(nn.ceil, Math.ceil), floor: unary(nn.floor, Math.floor),
  round: unary(nn.round, roundHalfEven, [-3, 3]), trunc: unary(nn.trunc, Math.trunc), frac: unary(nn.frac, (x) => x - Math.trunc(x)),
  reciprocal: unary(nn.reciprocal, (x) => 1 / x, [0.3, 3]), sign: unary(nn.sign, Math.sign), square: unary(nn.square, (x) => x * x),
  acos: unary(nn.acos, Math.acos, [-0.9, 0.9]), asin: unary(nn.asin, Math.asin, [-0.9, 0.9]), atan: unary(nn.atan, Math.atan),
  acosh: unary(nn.acosh, Math.acosh, [1.2, 4]), asinh: unary(nn.asinh, Math.asinh), atanh: unary(nn.atanh, Math.atanh, [-0.9, 0.9]),
  cos: unary(nn.cos, Math.cos, [-9, 9]), sin: unary(nn.sin, Math.sin, [-9, 9]), tan: unary(nn.tan, Math.tan, [-1.4, 1.4]),
  cosh: unary(nn.cosh, Math.cosh), sinh: unary(nn.sinh, Math.sinh), tanh: unary(nn.tanh, Math.tanh, [-4, 4]),
  exp: unary(nn.exp, Math.exp, [-4, 4]), exp2: unary(nn.exp2, (x) => 2 ** x, [-4, 4]), expm1: unary(nn.expm1, Math.expm1),
  log: unary(nn.log, Math.log, [0.1, 5]), log2: unary(nn.log2, Math.log2, [0.1, 5]), log10: unary(nn.log10, Math.log10, [0.1, 5]),
  log1p: unary(nn.log1p, Math.log1p, [-0.9, 5]), sqrt: unary(nn.sqrt, Math.sqrt, [0.1, 5]), rsqrt: unary(nn.rsqrt, (x) => 1 / Math.sqrt(x), [0.1, 5]),
  erf: unary(nn.erf, erf, [-4, 4]), erfc: unary(nn.erfc, erfc, [-2, 5]), erfInv: unary(nn.erfInv, erfInv, [-0.95, 0.95]),
  lgamma: unary(nn.lgamma, lgamma, [-2.9, 9]), digamma: unary(nn.digamma, digamma, [0.2, 9]),
  sinc: unary(nn.sinc, (x) => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x))),
  logit: (random) => {
    const epsilon = random.maybe(() => random.real(0.05, 0.2));
    const x = random.array(random.shape(), 0.01, 0.99);
    const clamped = (p: number): number => (epsilon === undefined ? p : Math.min(Math.max(p, epsilon), 1 - epsilon));
    return call(`epsilon ${epsilon}`, [x], (a) => nn.logit(a as Tensor, { epsilon }), (a) => map(a, (p) => Math.log(clamped(p) / (1 - clamped(p)))));
  },
  isNaN: special(nn.isNaN, (x) => Number(Number.isNaN(x))), isFinite: special(nn.isFinite, (x) => Number(Number.isFinite(x))),
  isInfinite: special(nn.isInfinite, (x) => Number(Math.abs(x) === Infinity)),
  nanToNum: (random) => {
    const options = { nan: random.maybe(() => random.real()), positiveInfinity: random.real(5, 9), negativeInfinity: random.real(-9, -5) };
    return { ...special((x) => nn.nanToNum(x, options), (x) =>
      (Number.isNaN(x) ? (options.nan ?? 0) : x === Infinity ? options.positiveInfinity : x === -Infinity ? options.negativeInfinity : x))(random) };
  },
  cast: (random) => {
    const dtype = random.pick(["int32", "bool"] as const);
    const x = random.array(random.shape(), -3, 3);
    return call(dtype, [x], (a) => nn.cast(a as Tensor, dtype), (a) => map(a, (value) => (dtype === "int32" ? Math.trunc(value) : Number(value !== 0))), { differentiable: false });
  },
  bitwiseNot: (random) => {
    const x = random.integers(random.shape(), -9, 9);
    return call(`x ${x.shape.join("x")}`, [x], (a) => nn.bitwiseNot(nn.cast(a as Tensor, "int32")), (a) => map(a, (value) => ~value), { differentiable: false });
  },
  logicalNot: (random) => {
    const x = random.integers(random.shape(), -1, 1);
    return call(`x ${x.shape.join("x")}`, [x], (a) => nn.logicalNot(a as Tensor), (a) => map(a, (value) => Number(value === 0)), { differentiable: false });
  },
};

/** Functions of two elements. */
export const binaryOperations: Entries = {
  add: binary(nn.add, (x, y) => x + y), sub: binary(nn.sub, (x, y) => x - y), mul: binary(nn.mul, (x, y) => x * y),
  div: binary(nn.div, (x, y) => x / y, [-2, 2], [0.5, 2]), pow: binary(nn.pow, (x, y) => x ** y, [0.2, 3], [-2, 2]),
  maximum: binary(nn.maximum, Math.max), minimum: binary(nn.minimum, Math.min), fmax: binary(nn.fmax, Math.max), fmin: binary(nn.fmin, Math.min),
  atan2: binary(nn.atan2, Math.atan2, [0.2, 2], [-2, 2]), hypot: binary(nn.hypot, Math.hypot), copySign: binary(nn.copySign, (x, y) => Math.abs(x) * (y < 0 ? -1 : 1)),
  floorDivide: binary(nn.floorDivide, (x, y) => Math.floor(x / y), [-5, 5], [0.6, 2]), remainder: binary(nn.remainder, floorMod, [-5, 5], [0.6, 2]),
  fmod: binary(nn.fmod, (x, y) => x % y, [-5, 5], [0.6, 2]),
  logAddExp: binary(nn.logAddExp, (x, y) => Math.log(Math.exp(x) + Math.exp(y)), [-9, 9]),
  logAddExp2: binary(nn.logAddExp2, (x, y) => Math.log2(2 ** x + 2 ** y), [-9, 9]),
  xlogy: binary(nn.xlogy, (x, y) => (x === 0 ? 0 : x * Math.log(y)), [-2, 2], [0.2, 3]),
  equal: comparison(nn.equal, (x, y) => x === y), notEqual: comparison(nn.notEqual, (x, y) => x !== y), less: comparison(nn.less, (x, y) => x < y),
  lessEqual: comparison(nn.lessEqual, (x, y) => x <= y), greater: comparison(nn.greater, (x, y) => x > y), greaterEqual: comparison(nn.greaterEqual, (x, y) => x >= y),
  logicalAnd: comparison(nn.logicalAnd, (x, y) => x !== 0 && y !== 0), logicalOr: comparison(nn.logicalOr, (x, y) => x !== 0 || y !== 0),
  logicalXor: comparison(nn.logicalXor, (x, y) => (x !== 0) !== (y !== 0)),
  isClose: (random) => {
    const options = { relativeTolerance: random.pick([0, 0.1]), absoluteTolerance: random.pick([0.05, 0.3]) };
    return comparison((x, y) => nn.isClose(x.mul(0.25), y.mul(0.25), options), (x, y) =>
      Math.abs(x - y) / 4 <= options.absoluteTolerance + (options.relativeTolerance * Math.abs(y)) / 4)(random);
  },
  bitwiseAnd: integral(nn.bitwiseAnd, (x, y) => x & y, [-9, 9]), bitwiseOr: integral(nn.bitwiseOr, (x, y) => x | y, [-9, 9]),
  bitwiseXor: integral(nn.bitwiseXor, (x, y) => x ^ y, [-9, 9]), bitwiseLeftShift: integral(nn.bitwiseLeftShift, (x, y) => x << y, [-9, 9], [0, 5]),
  bitwiseRightShift: integral(nn.bitwiseRightShift, (x, y) => x >> y, [-99, 99], [0, 5]),
};

/** Functions of three elements. */
export const ternaryOperations: Entries = {
  clamp: (random) => {
    const [low, high] = [random.maybe(() => random.real(-1.5, 0)), random.real(0, 1.5)];
    const x = random.array(random.shape());
    return call(`${low}, ${high}`, [x], (a) => nn.clamp(a as Tensor, low, high), (a) => map(a, (value) => Math.min(Math.max(value, low ?? -Infinity), high)));
  },
  lerp: (random) => {
    const [first, second] = broadcasting(random);
    const weight = random.real(0, 1);
    return call(`weight ${weight}`, [random.array(first), random.array(second)], (x, y) => nn.lerp(x as Tensor, y as Tensor, weight), (x, y) => zip((a, b) => a + weight * (b - a), x, y));
  },
  where: (random) => {
    const [first, second] = broadcasting(random);
    const chosen = random.integers(first, 0, 1);
    return call(`${first.join("x")}, ${second.join("x")}`, [random.array(first), random.array(second)],
      (x, y) => nn.where(nn.tensor([...chosen.data], { shape: first, dtype: "bool" }), x as Tensor, y as Tensor), (x, y) => zip((c, a, b) => (c === 0 ? b : a), chosen, x, y));
  },
  maskedFill: (random) => {
    const x = random.array(random.shape());
    const [mask, value] = [random.integers(x.shape, 0, 1), random.real()];
    return call(`value ${value}`, [x], (a) => nn.maskedFill(a as Tensor, nn.tensor([...mask.data], { shape: x.shape, dtype: "bool" }), value), (a) => zip((m, b) => (m === 0 ? b : value), mask, a));
  },
};
