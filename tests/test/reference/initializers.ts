import {
  calculateFans, calculateGain, constant, dirac, identity, kaimingNormal, kaimingUniform, lecunNormal, lecunUniform, orthogonal, sparse, xavierNormal,
  xavierUniform, type FanMode, type Initializer, type Nonlinearity,
} from "@nn/layers";
import { Generator, manualSeed, normal, ones, truncatedNormal, uniform, zeros, type Tensor } from "@nn/tensor";
import { Arguments } from "./arguments.js";
import { constructModule } from "./called-modules.js";
import { compareNumbers, compareTensor, type Comparison } from "./compare.js";
import type { Execution } from "./execution.js";
import { requireFields, type InitializerCase } from "./format.js";
import { lookUp } from "./outcome.js";

const nonlinearities: Readonly<Record<string, Nonlinearity>> = {
  linear: "linear", conv1d: "linear", conv2d: "linear", conv3d: "linear", conv_transpose1d: "linear", conv_transpose2d: "linear", conv_transpose3d: "linear",
  sigmoid: "sigmoid", tanh: "tanh", relu: "relu", leaky_relu: "leakyRelu", selu: "selu",
};

const kaiming = (args: Arguments): { mode: FanMode; nonlinearity: Nonlinearity; negativeSlope: number } => ({
  mode: args.choice("mode", { fan_in: "fanIn", fan_out: "fanOut" } as const, "fan_in"),
  nonlinearity: args.choice("nonlinearity", nonlinearities, "leaky_relu"),
  negativeSlope: args.number("a", 0),
});

/** Our initializers by the names of PyTorch's. */
export const initializers: Readonly<Record<string, (args: Arguments) => Initializer>> = {
  lecun_normal: () => lecunNormal,
  lecun_uniform: () => lecunUniform,
  "nn.init.constant_": (args) => (shape, options) => constant(shape, { ...options, value: args.number("val") }),
  "nn.init.dirac_": (args) => (shape, options) => dirac(shape, { ...options, groups: args.number("groups", 1) }),
  "nn.init.eye_": () => identity,
  "nn.init.kaiming_normal_": (args) => (shape, options) => kaimingNormal(shape, { ...options, ...kaiming(args) }),
  "nn.init.kaiming_uniform_": (args) => (shape, options) => kaimingUniform(shape, { ...options, ...kaiming(args) }),
  "nn.init.normal_": (args) => (shape, options) => normal(shape, { ...options, mean: args.number("mean", 0), std: args.number("std", 1) }),
  "nn.init.orthogonal_": (args) => (shape, options) => orthogonal(shape, { ...options, gain: args.number("gain", 1) }),
  "nn.init.ones_": () => ones,
  "nn.init.zeros_": () => zeros,
  "nn.init.sparse_": (args) => (shape, options) => sparse(shape, { ...options, sparsity: args.number("sparsity"), std: args.number("std", 0.01) }),
  "nn.init.trunc_normal_": (args) => (shape, options) =>
    truncatedNormal(shape, { ...options, mean: args.number("mean", 0), std: args.number("std", 1), low: args.number("a", -2), high: args.number("b", 2) }),
  "nn.init.uniform_": (args) => (shape, options) => uniform(shape, { ...options, low: args.number("a", 0), high: args.number("b", 1) }),
  "nn.init.xavier_normal_": (args) => (shape, options) => xavierNormal(shape, { ...options, gain: args.number("gain", 1) }),
  "nn.init.xavier_uniform_": (args) => (shape, options) => xavierUniform(shape, { ...options, gain: args.number("gain", 1) }),
};

/** Our initializer for a target: a function, or the first value that a layer gives to one of its parameters. */
function initializerOf(target: string, args: Arguments): Initializer {
  const [, layer, parameter] = /^(nn\.[A-Z]\w*)\.([\w.]+)$/.exec(target) ?? [];
  if (layer === undefined || parameter === undefined) return lookUp(initializers, target)(args);
  return () => {
    const { module } = constructModule(layer, args, "float32");
    return (module.namedParameters().get(parameter) ?? missing()).value;
  };
}

function missing(): never {
  throw new TypeError("there is no such parameter");
}

/** The number of draws for testing a distribution. The standard error of their mean is a hundredth of the standard deviation. */
const samples = 20_000;

/** Compares values where they are recorded, otherwise fans, gain and the distribution of many draws. */
export function runInitializer(one: InitializerCase, execution: Execution): readonly Comparison[] {
  requireFields(one, ["expected", "outputs"]);
  const args = new Arguments(one.args);
  if (one.target === "nn.init.calculate_gain") {
    const nonlinearity = args.choice("nonlinearity", nonlinearities);
    const gain = args.isGiven("param") ? calculateGain(nonlinearity, args.number("param")) : calculateGain(nonlinearity);
    args.requireAllRead(one.target);
    return [compareNumbers("gain", [gain], [Number(one.expected?.["gain"])], { rtol: 1e-12, atol: 0 })];
  }
  manualSeed(1);
  const initialize = initializerOf(one.target, args);
  const shape = args.has("shape") ? args.numbers("shape") : [];
  const options = { generator: new Generator(1) };
  // The target is a function, or a parameter of a layer, which cannot be created inside a compiled program.
  const makesLayer = /^nn\.[A-Z]/.test(one.target);
  const program = makesLayer ? () => [initialize(shape, options)] : execution.prepare(() => [initialize(shape, options)]);
  const sample = (): Tensor => program()[0] ?? missing();
  const first = sample();
  args.requireAllRead(one.target);
  if (one.outputs !== undefined) {
    return one.outputs.map((want, at) => compareTensor({ what: `output ${at}`, got: first, want }, one.tolerance));
  }
  const expected = one.expected ?? {};
  requireExpectations(expected);
  const values = [...first.toTypedArray()];
  while (values.length < samples) values.push(...sample().toTypedArray());
  return [...compareFans(shape, expected), ...compareDistribution(values, expected), ...compareStructure(first, expected)];
}

const expectations = new Set([
  "distribution", "mean", "std", "low", "high", "fanIn", "fanOut", "gain", "rows", "columns", "orthonormal", "gramDiagonal", "zerosPerColumn", "stdOfOthers",
]);

/** @throws TypeError if an expected value is not checked here. */
function requireExpectations(expected: Expected): void {
  const unknown = Object.keys(expected).filter((name) => !expectations.has(name));
  if (unknown.length > 0) throw new TypeError(`the runner does not know the expectations ${unknown.join(", ")}`);
}

type Expected = Readonly<Record<string, number | string>>;

function compareFans(shape: readonly number[], { fanIn, fanOut }: Expected): readonly Comparison[] {
  if (fanIn === undefined) return [];
  const fans = calculateFans(shape);
  return [compareNumbers("fans", [fans.fanIn, fans.fanOut], [Number(fanIn), Number(fanOut)], { rtol: 0, atol: 0 })];
}

/** Mean and deviation within five standard errors, the extremes within the bounds and near them. */
function compareDistribution(values: readonly number[], { distribution, mean, std, low, high }: Expected): readonly Comparison[] {
  if (typeof mean !== "number" || typeof std !== "number") return [];
  const average = values.reduce((total, value) => total + value, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((total, value) => total + (value - average) ** 2, 0) / values.length);
  const error = 5 / Math.sqrt(values.length);
  const comparisons = [
    compareNumbers("mean", [average], [mean], { rtol: 0, atol: error * std }),
    compareNumbers("standard deviation", [deviation], [std], { rtol: error, atol: 0 }),
  ];
  const bounded = typeof low === "number" && typeof high === "number";
  const [least, greatest] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
  if (bounded && (least < low * (1 + 1e-6) - 1e-7 || greatest > high * (1 + 1e-6) + 1e-7)) {
    comparisons.push({ worst: Infinity, failure: `values from ${least} to ${greatest}, expected from ${low} to ${high}` });
  }
  if (bounded && distribution === "uniform") {
    comparisons.push(compareNumbers("extremes", [least, greatest], [low, high], { rtol: 0, atol: 0.01 * (high - low) }));
  }
  return comparisons;
}

/** Orthonormal rows or columns; zeros in each column. */
function compareStructure(draw: Tensor, expected: Expected): readonly Comparison[] {
  if (expected["distribution"] === "orthogonal") {
    const matrix = draw.reshape([Number(expected["rows"]), Number(expected["columns"])]);
    const gram = expected["orthonormal"] === "rows" ? matrix.matmul(matrix.transpose()) : matrix.transpose().matmul(matrix);
    const [size = 0] = gram.shape;
    const want = Array.from({ length: size * size }, (_, at) => (at % (size + 1) === 0 ? Number(expected["gramDiagonal"]) : 0));
    return [compareNumbers("Gram matrix", [...gram.toTypedArray()], want, { rtol: 1e-5, atol: 1e-5 })];
  }
  if (expected["distribution"] === "sparse_normal") {
    const columns = draw.shape[1] ?? 0;
    const zeros = draw.equal(0).cast("int32").sum(0).toTypedArray();
    const others = [...draw.toTypedArray()].filter((value) => value !== 0);
    const std = Math.sqrt(others.reduce((total, value) => total + value * value, 0) / others.length);
    return [
      compareNumbers("zeros in each column", [...zeros], Array.from({ length: columns }, () => Number(expected["zerosPerColumn"])), { rtol: 0, atol: 0 }),
      compareNumbers("standard deviation of the others", [std], [Number(expected["stdOfOthers"])], { rtol: 5 / Math.sqrt(2 * others.length), atol: 0 }),
    ];
  }
  return [];
}
