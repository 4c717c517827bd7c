import * as layers from "@nn/layers";
import * as nn from "@nn/tensor";
import type { Tensor } from "@nn/tensor";
import { along, at, get, make, map, permute, sum, type Plain } from "./array.js";
import type { Random } from "./random.js";
import { erf } from "./special.js";
import { call, type Entries, type Entry, type Trial } from "./trial.js";

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const elu = (x: number, alpha: number): number => (x > 0 ? x : alpha * Math.expm1(x));
const softplus = (x: number, beta = 1, threshold = 20): number => (beta * x > threshold ? x : Math.log1p(Math.exp(beta * x)) / beta);
const gelu = (x: number, approximate: string): number => (approximate === "tanh"
  ? 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))
  : 0.5 * x * (1 + erf(x / Math.SQRT2)));
const selu = (x: number): number => 1.0507009873554805 * elu(x, 1.6732632423543772);

/** The function of a configuration, and its description. */
interface Made {
  readonly ours: (x: Tensor) => Tensor;
  readonly plain: (x: number) => number;
  readonly what?: string;
}

const pointwise = (of: (random: Random) => Made): Entry => (random) => {
  const { ours, plain, what = "" } = of(random);
  const x = random.array(random.shape(), -4, 4);
  return call(`${x.shape.join("x")} ${what}`, [x], (a) => ours(a as Tensor), (a) => map(a, plain));
};

/** A layer, or a function, without options. */
const simple = (ours: (x: Tensor) => Tensor, plain: (x: number) => number): Entry => pointwise(() => ({ ours, plain }));
const layer = (construct: () => layers.TensorModule, plain: (x: number) => number): Entry => pointwise(() => ({ ours: (x) => construct().forward(x), plain }));
/** A layer or function with a number as its argument. */
const withNumber = (low: number, high: number, ours: (value: number) => (x: Tensor) => Tensor, plain: (x: number, value: number) => number): Entry => pointwise((random) => {
  const value = random.real(low, high);
  return { ours: ours(value), plain: (x) => plain(x, value), what: String(value) };
});

const softmax = (row: readonly number[]): number[] => {
  const powers = row.map(Math.exp);
  return powers.map((each) => each / sum(powers));
};
const logSoftmax = (row: readonly number[]): number[] => softmax(row).map(Math.log);

const overAxis = (ours: (axis: number) => (x: Tensor) => Tensor, plain: (row: readonly number[]) => readonly number[]): Entry => (random) => {
  const x = random.array(random.shape());
  const axis = random.axis(x.shape.length);
  return call(`${x.shape.join("x")}, axis ${axis}`, [x], (a) => ours(axis)(a as Tensor), (a) => along(a, axis, plain));
};

const geluEntry = (ours: (approximate: "none" | "tanh") => (x: Tensor) => Tensor): Entry => pointwise((random) => {
  const approximate = random.pick(["none", "tanh"] as const);
  return { ours: ours(approximate), plain: (x) => gelu(x, approximate), what: approximate };
});

const softplusEntry = (ours: (options: layers.SoftplusOptions) => (x: Tensor) => Tensor): Entry => pointwise((random) => {
  const [beta, threshold] = [random.pick([1, 0.5, 2]), random.pick([undefined, 3])];
  return { ours: ours({ beta, threshold }), plain: (x) => softplus(x, beta, threshold), what: `${beta}, ${threshold}` };
});

/** The activations of `@nn/tensor`. */
export const activationFunctions: Entries = {
  relu: simple(nn.relu, (x) => Math.max(0, x)), sigmoid: simple(nn.sigmoid, sigmoid), silu: simple(nn.silu, (x) => x * sigmoid(x)), logSigmoid: simple(nn.logSigmoid, (x) => -softplus(-x)),
  elu: withNumber(0.2, 2, (alpha) => (x) => nn.elu(x, alpha), elu), leakyRelu: withNumber(0.01, 0.5, (slope) => (x) => nn.leakyRelu(x, slope), (x, slope) => (x > 0 ? x : slope * x)),
  gelu: geluEntry((approximate) => (x) => nn.gelu(x, { approximate })), softplus: softplusEntry((options) => (x) => nn.softplus(x, options)),
  softmax: overAxis((axis) => (x) => nn.softmax(x, axis), softmax), logSoftmax: overAxis((axis) => (x) => nn.logSoftmax(x, axis), logSoftmax),
};

/** Runs a module whose parameters are inputs too. */
export const moduleTrial = (what: string, inputs: readonly Plain[], construct: (dtype: nn.FloatDType) => layers.Module, forward: (module: layers.Module, ...inputs: Tensor[]) => Tensor | readonly Tensor[], plain: Trial["plain"], options: Partial<Trial> = {}): Trial => ({
  what, inputs, plain, ours: (dtype) => {
    const module = construct(dtype);
    return { module, call: (...xs) => forward(module, ...xs) };
  }, ...options,
});

/** A module of one tensor. */
export const layerTrial = <M extends layers.TensorModule>(what: string, x: Plain, construct: (dtype: nn.FloatDType) => M, plain: (x: Plain, parameters: Readonly<Record<string, Plain>>) => Plain, options: Partial<Trial> = {}): Trial => ({
  what, inputs: [x], plain: ([given], parameters) => plain(given as Plain, parameters), ours: (dtype) => {
    const module = construct(dtype);
    return { module, call: (a) => module.forward(a as Tensor) };
  }, ...options,
});

/** The parameter of a name. */
export function parameter(parameters: Readonly<Record<string, Plain>>, name: string): Plain {
  const found = parameters[name];
  if (found === undefined) throw new TypeError(`there is no parameter ${name} among ${Object.keys(parameters).join(", ")}`);
  return found;
}

/** The activation layers. */
export const activationLayers: Entries = {
  ReLU: layer(() => new layers.ReLU(), (x) => Math.max(0, x)), ReLU6: layer(() => new layers.ReLU6(), (x) => Math.min(6, Math.max(0, x))),
  Sigmoid: layer(() => new layers.Sigmoid(), sigmoid), Tanh: layer(() => new layers.Tanh(), Math.tanh), SELU: layer(() => new layers.SELU(), selu),
  SiLU: layer(() => new layers.SiLU(), (x) => x * sigmoid(x)), Mish: layer(() => new layers.Mish(), (x) => x * Math.tanh(softplus(x))), Softsign: layer(() => new layers.Softsign(), (x) => x / (1 + Math.abs(x))),
  LogSigmoid: layer(() => new layers.LogSigmoid(), (x) => -softplus(-x)), Hardsigmoid: layer(() => new layers.Hardsigmoid(), (x) => Math.min(6, Math.max(0, x + 3)) / 6),
  Hardswish: layer(() => new layers.Hardswish(), (x) => (x * Math.min(6, Math.max(0, x + 3))) / 6), Tanhshrink: layer(() => new layers.Tanhshrink(), (x) => x - Math.tanh(x)),
  Step: layer(() => new layers.Step(), (x) => Number(x > 0)), Identity: layer(() => new layers.Identity(), (x) => x),
  ELU: withNumber(0.2, 2, (alpha) => (x) => new layers.ELU(alpha).forward(x), elu), CELU: withNumber(0.2, 2, (alpha) => (x) => new layers.CELU(alpha).forward(x), (x, alpha) => Math.max(0, x) + Math.min(0, alpha * Math.expm1(x / alpha))),
  LeakyReLU: withNumber(0.01, 0.5, (slope) => (x) => new layers.LeakyReLU(slope).forward(x), (x, slope) => (x > 0 ? x : slope * x)),
  Hardshrink: withNumber(0.2, 2, (lambda) => (x) => new layers.Hardshrink(lambda).forward(x), (x, lambda) => (Math.abs(x) > lambda ? x : 0)),
  Softshrink: withNumber(0.2, 2, (lambda) => (x) => new layers.Softshrink(lambda).forward(x), (x, lambda) => Math.sign(x) * Math.max(0, Math.abs(x) - lambda)),
  Hardtanh: withNumber(0.2, 2, (high) => (x) => new layers.Hardtanh(-1, high).forward(x), (x, high) => Math.min(high, Math.max(-1, x))),
  Threshold: withNumber(-1, 1, (value) => (x) => new layers.Threshold(value, 0.5).forward(x), (x, value) => (x > value ? x : 0.5)),
  GELU: geluEntry((approximate) => (x) => new layers.GELU({ approximate }).forward(x)), Softplus: softplusEntry((options) => (x) => new layers.Softplus(options).forward(x)),
  RReLU: withNumber(0.1, 0.4, (lower) => (x) => {
    const module = new layers.RReLU(lower, 0.5);
    module.eval();
    return module.forward(x);
  }, (x, lower) => (x > 0 ? x : ((lower + 0.5) / 2) * x)),
  Softmax: overAxis((axis) => (x) => new layers.Softmax(axis).forward(x), softmax), LogSoftmax: overAxis((axis) => (x) => new layers.LogSoftmax(axis).forward(x), logSoftmax),
  Softmin: overAxis((axis) => (x) => new layers.Softmin(axis).forward(x), (row) => softmax(row.map((value) => -value))),
  Softmax2d: (random) => call("", [random.array([1, random.int(1, 3), random.int(1, 3), random.int(1, 3)])], (x) => new layers.Softmax2d().forward(x as Tensor), (x) => along(x, 1, softmax)),
  GLU: (random) => {
    const rank = random.int(1, 3);
    const axis = random.axis(rank);
    const x = random.array(random.list(rank, () => random.int(1, 3)).map((size) => 2 * size));
    return call(`${x.shape.join("x")}, axis ${axis}`, [x], (a) => new layers.GLU(axis).forward(a as Tensor), (a) => along(a, axis, (row) => row.slice(0, row.length / 2).map((value, step) => value * sigmoid(get(row, step + row.length / 2)))));
  },
  Maxout: (random) => {
    const [rank, pieces] = [random.int(1, 3), random.int(1, 3)];
    const axis = random.axis(rank);
    const x = random.array(random.list(rank, () => pieces * random.int(1, 2)));
    return call(`${x.shape.join("x")}, ${pieces} pieces, axis ${axis}`, [x], (a) => new layers.Maxout(pieces, axis).forward(a as Tensor), (a) =>
      along(a, axis, (row) => Array.from({ length: row.length / pieces }, (_, which) => Math.max(...row.slice(which * pieces, (which + 1) * pieces)))));
  },
  PReLU: (random) => {
    const channels = random.pick([1, 3]);
    return layerTrial(`${channels} slopes`, random.array([2, 3, 2]), (dtype) => new layers.PReLU(channels, { dtype }), (x, parameters) => {
      const slopes = parameter(parameters, "weight");
      return make(x.shape, (index) => (at(x, ...index) > 0 ? at(x, ...index) : at(slopes, channels === 1 ? 0 : get(index, 1)) * at(x, ...index)));
    });
  },
};

/** `x Wᵀ + b`, of the last axis. */
export function affine(x: Plain, weight: Plain, bias?: Plain): Plain {
  const [outputs = 0, features = 0] = weight.shape;
  return make([...x.shape.slice(0, -1), outputs], (index) => (bias === undefined ? 0 : at(bias, get(index, -1)))
    + sum(Array.from({ length: features }, (_, feature) => at(weight, get(index, -1), feature) * at(x, ...index.slice(0, -1), feature))));
}

export const activation = { sigmoid, softmax, logSoftmax, gelu, transposed: (x: Plain): Plain => permute(x, [1, 0]) };
