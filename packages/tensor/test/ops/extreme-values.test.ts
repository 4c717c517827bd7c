import { describe, expect, test } from "vitest";
import * as nn from "../../src/index.js";
import { tensor, type FloatDType, type Tensor } from "../../src/index.js";
import { messagesOf } from "../message.js";

const doubles = (values: readonly number[]): Tensor => tensor(values, { dtype: "float64" });

/** An error of at most some units in the last place of the number, or of `least`; infinities, zeros and NaN exactly. */
function expectClose(got: Tensor, want: readonly number[], units = 4, least = 0): void {
  const precision = got.dtype === "float64" ? 2 ** -52 : 2 ** -23;
  got.toTypedArray().forEach((value, at) => {
    const exact = want[at] as number;
    if (Object.is(value, exact) || Math.abs(value - exact) <= units * precision * Math.max(least, Math.abs(exact))) return;
    expect.fail(`element ${at} is ${value}, expected ${exact}`);
  });
}

describe("NaN never disappears", () => {
  const unary: Readonly<Record<string, (x: Tensor) => Tensor>> = {
    ...Object.fromEntries(
      ([
        "relu", "leakyRelu", "elu", "sigmoid", "logSigmoid", "softplus", "gelu", "silu", "softmax", "logSoftmax", "neg", "abs", "sign", "floor", "ceil",
        "round", "trunc", "frac", "reciprocal", "square", "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sqrt", "rsqrt", "sin", "cos", "tan",
        "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "erf", "erfc", "erfInv", "sinc", "lgamma", "digamma", "logit", "sum",
        "prod", "mean", "max", "min", "logSumExp", "variance", "std", "median", "norm",
      ] as const).map((name) => [name, Reflect.get(nn, name) as (x: Tensor) => Tensor]),
    ),
    "gelu by tanh": (x) => nn.gelu(x, { approximate: "tanh" }),
    "leakyRelu of slope 0": (x) => nn.leakyRelu(x, 0),
    "softplus, sharp": (x) => nn.softplus(x, { beta: 5, threshold: 2 }),
    "logit, kept inside": (x) => nn.logit(x, { epsilon: 0.1 }),
    clamp: (x) => nn.clamp(x, -1, 1),
    "clamp by tensors": (x) => nn.clamp(x, tensor([-1]), tensor([1])),
    "clamp to a lower NaN": (x) => nn.clamp(tensor([0.5]), x),
    "clamp to an upper NaN": (x) => nn.clamp(tensor([0.5]), undefined, x),
    "clamp between, lower NaN": (x) => nn.clamp(tensor([0.5]), x, 0.2),
    "clamp between, upper NaN": (x) => nn.clamp(tensor([0.5]), 0.7, x),
    maximum: (x) => nn.maximum(x, 1),
    minimum: (x) => nn.minimum(1, x),
    remainder: (x) => nn.remainder(x, 2),
    fmod: (x) => nn.fmod(2, x),
    floorDivide: (x) => nn.floorDivide(x, 0),
    "floorDivide by it": (x) => nn.floorDivide(1, x),
    hypot: (x) => nn.hypot(x, 1),
    logAddExp: (x) => nn.logAddExp(Infinity, x),
    logAddExp2: (x) => nn.logAddExp2(x, -Infinity),
    xlogy: (x) => nn.xlogy(0, x),
    "xlogy of it": (x) => nn.xlogy(x, 1),
    copySign: (x) => nn.copySign(x, -1),
    atan2: (x) => nn.atan2(0, x),
    pow: (x) => nn.pow(x, 2),
    lerp: (x) => nn.lerp(x, tensor([1]), 0.5),
    cumMax: (x) => nn.cumMax(x, 0).values,
    cumMin: (x) => nn.cumMin(x, 0).values,
    cumSum: (x) => nn.cumSum(x, 0),
    cumProd: (x) => nn.cumProd(x, 0),
    logCumSumExp: (x) => nn.logCumSumExp(x, 0),
    quantile: (x) => nn.quantile(x, 0.5),
    where: (x) => nn.where(nn.isNaN(x), x, 0),
    maskedFill: (x) => nn.maskedFill(tensor([1]), tensor([true]), x),
    cosineSimilarity: (x) => nn.cosineSimilarity(x, tensor([1]), { axis: 0 }),
    pairwiseDistance: (x) => nn.pairwiseDistance(x, tensor([1])),
    normalize: (x) => nn.normalize(x, { axis: 0 }),
    "norm of exponent 3": (x) => nn.norm(x, { p: 3 }),
    "norm of exponent 1": (x) => nn.norm(x, { p: 1 }),
    "the largest size": (x) => nn.norm(x, { p: Infinity }),
    "the smallest size": (x) => nn.norm(x, { p: -Infinity }),
  };

  test.each(Object.entries(unary))("%s", (_, f) => {
    for (const dtype of ["float32", "float64"] as const) {
      expect(Array.from(f(tensor([NaN], { dtype })).toTypedArray())).toEqual([NaN]);
    }
  });
});

test("refuses NaN as a limit", () => {
  expect(messagesOf({ low: () => nn.clamp(tensor([1]), NaN, 2), high: () => nn.clamp(tensor([1]), undefined, NaN) })).toEqual({
    low: "ArgumentError: clamp: low is NaN, expected a number", high: "ArgumentError: clamp: high is NaN, expected a number",
  });
});

describe("quantiles of infinite elements", () => {
  const inf = Infinity;
  test.each([
    [[1, inf], 0.5, "lower", 1], [[1, inf], 0.5, "higher", inf], [[1, inf], 0.5, "nearest", 1], [[1, inf], 0.6, "nearest", inf], [[1, inf], 0.5, "linear", inf],
    [[1, inf], 0, "linear", 1], [[1, inf], 0.5, "midpoint", inf], [[-inf, 1], 0.5, "lower", -inf], [[-inf, 1], 0.5, "higher", 1], [[-inf, 1], 0.25, "linear", -inf],
    [[-inf, 1], 0.75, "linear", -inf], [[inf, inf, inf], 0.3, "linear", inf], [[-inf, inf], 0.5, "linear", NaN], [[-inf, inf], 0.5, "lower", -inf],
  ] as const)("%j at %d, %s", (elements, q, interpolation, expected) => {
    expect(nn.quantile(tensor(elements), q, { interpolation }).item()).toBe(expected);
    expect(nn.quantile(doubles(elements.toReversed()), q, { interpolation }).item()).toBe(expected);
  });

  test("interpolates between finite elements whose difference overflows", () => {
    expect(nn.quantile(tensor([-3e38, 3e38]), 0.5).item()).toBe(0);
  });
});

/** Computed with 50 digits. */
describe("the gamma function's logarithm and its derivative", () => {
  const x = [-1e-10, -1e-30, 1e-30, -0.5, -1.5, -1.00001, -2.5, -10.5, 0.5, 1.5, 10, 170.5];
  const logGamma = [
    23.025850929998178, 69.07755278982137, 69.07755278982137, 1.2655121234846454, 0.86004701537648101, 11.512921237252573, -0.056243716497674051,
    -15.147270590717841, 0.57236494292470009, -0.12078223763524522, 12.80182748008147, 704.00442773420467,
  ];
  test("float64", () => {
    expectClose(nn.lgamma(doubles(x)), logGamma, 32, 1);
  });

  test("float32 is rounded once", () => {
    const kept = [3, 4, 6, 7, 8, 9, 10, 11];
    expectClose(nn.lgamma(tensor(kept.map((at) => x[at] as number))), kept.map((at) => logGamma[at] as number), 1);
    expectClose(nn.lgamma(tensor([1 + 2 ** -20, 2 - 2 ** -20, -1e-30, -1.00001, -1e-5])), [
      -5.5047500661488668e-7, -4.0319826848018476e-7, 69.077552786650294, 11.511564120583136, 11.512931262471104,
    ], 1);
  });

  test.each(["float32", "float64"] as const)("poles, %s", (dtype: FloatDType) => {
    const poles = tensor([0, -0, -1, -7, Infinity, -Infinity, NaN], { dtype });
    expect(nn.lgamma(poles).toArray()).toEqual([Infinity, Infinity, Infinity, Infinity, Infinity, Infinity, NaN]);
    expect(nn.digamma(poles).toArray()).toEqual([-Infinity, Infinity, NaN, NaN, Infinity, NaN, NaN]);
  });

  test("digamma near its poles", () => {
    expectClose(nn.digamma(tensor([-1e-5, -1.00001, 1e-5])), [99999.425294098185, 99864.803710230771, -100000.57972542823], 1);
    expectClose(nn.digamma(doubles([-0.5, -1.5, 0.5, 1, 10])), [0.036489973978576521, 0.70315664064524319, -1.9635100260214235, -0.57721566490153286, 2.2517525890667211], 16, 1);
    expectClose(nn.digamma(doubles([-1e-5, -1.00001, -1e-30, 1e-30])), [99999.422767885629, 100000.42275723062, 1e30, -1e30], 16);
  });
});

describe("lengths of infinite sides", () => {
  test("are infinite, also beside NaN", () => {
    const [x, y] = [[Infinity, NaN, -Infinity, NaN, 3, 1e30, 0], [NaN, -Infinity, 2, 1, 4, 1e30, 0]] as const;
    expectClose(nn.hypot(tensor(x), tensor(y)), [Infinity, Infinity, Infinity, NaN, 5, Math.hypot(1e30, 1e30), 0]);
    expectClose(nn.hypot(doubles(x), doubles(y)), [Infinity, Infinity, Infinity, NaN, 5, Math.hypot(1e30, 1e30), 0]);
  });
});

describe("vectors that are broadcast are broadcast before their lengths are taken", () => {
  test("cosineSimilarity", () => {
    expect(nn.cosineSimilarity(tensor([1, 1, 1, 1]), tensor([1]), { axis: 0 }).item()).toBe(1);
    expectClose(nn.cosineSimilarity(tensor([[3, 4, 0]]), tensor([[2]])), [7 / (5 * Math.sqrt(3))]);
    expectClose(nn.cosineSimilarity(tensor([[3, 4, 0]]), tensor(2)), [7 / (5 * Math.sqrt(3))]);
    expectClose(nn.cosineSimilarity(tensor([[1], [2]]), tensor([2, 1]), { axis: 0 }), [3 / Math.sqrt(10), 3 / Math.sqrt(10)]);
    expectClose(nn.cosineSimilarity(tensor([[1], [2]]), tensor([2, 1]), { axis: 1 }), [3 / Math.sqrt(10), 3 / Math.sqrt(10)]);
  });

  test("pairwiseDistance", () => {
    expectClose(nn.pairwiseDistance(tensor([[1, 2, 3]]), tensor([[1]]), { epsilon: 0 }), [Math.sqrt(5)]);
  });
});

describe("labels out of range", () => {
  test.each([3, -1, 2 ** 31 - 1])("%d of 3 classes", (label) => {
    expect(() => nn.oneHot(tensor([0, label], { dtype: "int32" }), 3)).toThrow(`oneHot: index ${label} at [1] is out of range; axis 0 has size 3`);
  });

  test("of no classes", () => {
    expect(() => nn.oneHot(tensor([0], { dtype: "int32" }), 0)).toThrow("oneHot: index 0 at [0] is out of range; axis 0 has size 0");
    expect(nn.oneHot(tensor([], { dtype: "int32" }), 0).shape).toEqual([0, 0]);
  });
});

test("a scalar is sorted as a row of one", () => {
  const { values, indices } = nn.sort(tensor(3), { axis: 0, descending: true });
  expect([values, indices, nn.argSort(tensor(3))].map((each) => [each.shape, each.item()])).toEqual([[[], 3], [[], 0], [[], 0]]);
  expect(() => nn.sort(tensor(3), { axis: 1 })).toThrow("sort: axis 1 is out of range");
});
