import { valueAndGrad } from "@nn/autograd";
import { concat, tensor, Variable, zeros, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import {
  binaryCrossEntropy, binaryCrossEntropyWithLogits, binaryFocal, cosineEmbedding, crossEntropy, ctc, dice, focal, gaussianKlDivergence,
  gaussianNegativeLogLikelihood, hingeEmbedding, huber, klDivergence, l1, l1Penalty, marginRanking, mse, multiLabelMargin, multiLabelSoftMargin,
  multiMargin, negativeLogLikelihood, ntXent, poissonNegativeLogLikelihood, smoothL1, softMargin, tripletMargin,
} from "../src/index.js";

const none = { reduction: "none" } as const;
const indices = (values: number[] | number[][]): Tensor => tensor(values, { dtype: "int32" });
const inf = Infinity;

/** `[x, 0]`. */
const beside = (x: Tensor): Tensor => concat([x, zeros([1])]);

/** Loss and its derivative with respect to one number. */
function at(loss: (x: Tensor) => Tensor, x: number): readonly [value: number, slope: number] {
  const variable = new Variable(tensor([x]));
  const { value, gradients: [gradient] } = valueAndGrad(() => loss(variable.value).sum(), [variable]);
  return [value.item(), gradient.item()];
}

function expectClose(found: number, expected: number): void {
  const isNear = found === expected || (Number.isNaN(found) && Number.isNaN(expected)) || Math.abs(found - expected) <= 2e-6 * Math.abs(expected);
  expect(isNear, `${found} for ${expected}`).toBe(true);
}

const withTarget = (loss: (x: Tensor, y: Tensor) => Tensor, y: number) => (x: Tensor): Tensor => loss(x, tensor([y]));
const bce = (x: Tensor, y: Tensor): Tensor => binaryCrossEntropyWithLogits(x, y, none);
const focus = (x: Tensor, y: Tensor): Tensor => binaryFocal(x, y, none);
const poisson = (x: Tensor, y: Tensor): Tensor => poissonNegativeLogLikelihood(x, y, none);
const rates = (x: Tensor, y: Tensor): Tensor => poissonNegativeLogLikelihood(x, y, { ...none, logInput: false, epsilon: 0 });

/** Values and slopes by the formulas, in float64. */
const small = Math.log1p(Math.exp(-16));
const unlikely = 1 / (1 + Math.exp(16));
test.each<[string, (x: Tensor) => Tensor, number, number, number]>([
  ["binaryCrossEntropyWithLogits(x, 1)", withTarget(bce, 1), inf, 0, 0],
  ["binaryCrossEntropyWithLogits(x, 0)", withTarget(bce, 0), -inf, 0, 0],
  ["binaryCrossEntropyWithLogits(x, 1)", withTarget(bce, 1), -inf, inf, -1],
  ["binaryCrossEntropyWithLogits(x, 0)", withTarget(bce, 0), inf, inf, 1],
  ["binaryCrossEntropyWithLogits(x, 0.9)", withTarget(bce, 0.9), -inf, inf, -0.9],
  ["binaryCrossEntropyWithLogits(x, 0)", withTarget(bce, 0), -16, small, unlikely],
  ["binaryCrossEntropyWithLogits(x, 1)", withTarget(bce, 1), 16, small, -unlikely],
  ["binaryCrossEntropyWithLogits(x, 0)", withTarget(bce, 0), -80, Math.exp(-80), Math.exp(-80)],
  ["binaryCrossEntropyWithLogits with posWeight", (x) => binaryCrossEntropyWithLogits(x, tensor([1]), { posWeight: tensor([3]) }), 16, 3 * small, -3 * unlikely],
  ["binaryFocal(x, 0)", withTarget(focus, 0), -16, unlikely ** 2 * small, 3 * unlikely ** 3],
  ["binaryFocal(x, 1)", withTarget(focus, 1), -inf, inf, -1],
  ["binaryFocal(x, 0)", withTarget(focus, 0), inf, inf, 1],
  ["binaryFocal(x, 1)", withTarget(focus, 1), inf, 0, 0],
  ["multiLabelSoftMargin(x, 0)", (x) => multiLabelSoftMargin(x, tensor([0]), none), -16, small, unlikely],
  ["multiLabelSoftMargin(x, 1)", (x) => multiLabelSoftMargin(x, tensor([1]), none), inf, 0, 0],
  ["softMargin(x, -1)", withTarget((x, y) => softMargin(x, y, none), -1), -16, small, unlikely],
  ["softMargin(x, 1)", withTarget((x, y) => softMargin(x, y, none), 1), inf, 0, 0],
  ["softMargin(x, 1)", withTarget((x, y) => softMargin(x, y, none), 1), -inf, inf, -1],
  ["huber(x, 0)", withTarget(huber, 0), inf, inf, 1],
  ["huber(x, 0)", withTarget(huber, 0), -inf, inf, -1],
  ["huber(x, 0) at its bend", withTarget(huber, 0), 1, 0.5, 1],
  ["huber(x, 0), delta 2", withTarget((x, y) => huber(x, y, { delta: 2 }), 0), 1e30, 2e30, 2],
  ["smoothL1(x, 0)", withTarget(smoothL1, 0), inf, inf, 1],
  ["smoothL1(x, 0), beta 0.5", withTarget((x, y) => smoothL1(x, y, { beta: 0.5 }), 0), 0.25, 0.0625, 0.5],
  ["l1(x, 0)", withTarget(l1, 0), -inf, inf, -1],
  ["mse(x, 0)", withTarget(mse, 0), inf, inf, inf],
  ["poissonNegativeLogLikelihood(x, 0)", withTarget(poisson, 0), -inf, 0, 0],
  ["poissonNegativeLogLikelihood(x, 2)", withTarget(poisson, 2), -inf, inf, -2],
  ["poissonNegativeLogLikelihood(x, 2)", withTarget(poisson, 2), inf, inf, inf],
  ["poissonNegativeLogLikelihood of the rate x, 0", withTarget(rates, 0), 0, 0, 1],
  ["poissonNegativeLogLikelihood of the rate x, 2", withTarget(rates, 2), 0, inf, -inf],
  ["poissonNegativeLogLikelihood of the rate x, 2", withTarget(rates, 2), inf, inf, 1],
  ["gaussianNegativeLogLikelihood, variance x", (x) => gaussianNegativeLogLikelihood(tensor([3]), tensor([1]), x), inf, inf, 0],
  ["gaussianNegativeLogLikelihood, mean x", (x) => gaussianNegativeLogLikelihood(x, tensor([1]), tensor([2])), -inf, inf, -inf],
  ["gaussianKlDivergence, log variance x", (x) => gaussianKlDivergence({ mean: zeros([1]), logVariance: x }), inf, inf, inf],
  ["gaussianKlDivergence, log variance x", (x) => gaussianKlDivergence({ mean: zeros([1]), logVariance: x }), -inf, inf, -0.5],
  ["gaussianKlDivergence from a wide prior", (mean) => gaussianKlDivergence({ mean, logVariance: tensor([100]) }, { prior: { mean: zeros([1]), logVariance: tensor([100]) } }), 1e20, 0.5e40 * Math.exp(-100), 1e20 * Math.exp(-100)],
  ["klDivergence(x, 0)", withTarget(klDivergence, 0), -inf, 0, 0],
  ["klDivergence(x, 0.5)", withTarget(klDivergence, 0.5), -inf, inf, -0.5],
  ["hingeEmbedding(x, 1)", withTarget(hingeEmbedding, 1), inf, inf, 1],
  ["hingeEmbedding(x, -1)", withTarget(hingeEmbedding, -1), inf, 0, 0],
  ["marginRanking(x, 0, 1)", (x) => marginRanking(x, zeros([1]), tensor([1])), -inf, inf, -1],
  ["marginRanking(x, 0, 1)", (x) => marginRanking(x, zeros([1]), tensor([1])), inf, 0, 0],
  ["multiMargin, the target's score is x, p 2", (x) => multiMargin(beside(x), indices([0]).reshape([]), { p: 2 }), inf, 0, 0],
  ["multiMargin, the target's score is x", (x) => multiMargin(beside(x), indices([0]).reshape([]), { p: 1 }), -inf, inf, -0.5],
  ["multiLabelMargin, the target's score is x", (x) => multiLabelMargin(beside(x), indices([0, -1])), inf, 0, 0],
  ["negativeLogLikelihood", (x) => negativeLogLikelihood(beside(x), indices([0]).reshape([]), none), -inf, inf, -1],
  ["negativeLogLikelihood of a class of weight 0", (x) => negativeLogLikelihood(beside(x), indices([0]).reshape([]), { ...none, weight: tensor([0, 1]) }), -inf, 0, 0],
  ["crossEntropy, x is the target's logit", (x) => crossEntropy(beside(x), indices([0]).reshape([]), none), -inf, inf, -1],
  ["focal, x is the target's logit", (x) => focal(beside(x), indices([0]).reshape([]), none), -inf, inf, -1],
])("%s, case %#", (_, loss, x, value, slope) => {
  const [foundValue, foundSlope] = at(loss, x);
  expectClose(foundValue, value);
  expectClose(foundSlope, slope);
});

test("a target of 0 has a gradient: the logarithm of the class", () => {
  const target = new Variable(tensor([[0, 1]], { dtype: "float64" }));
  const { gradients: [gradient] } = valueAndGrad(() => crossEntropy(tensor([[1, 1]], { dtype: "float64" }), target.value), [target]);
  expect(gradient.toTypedArray().every((value) => Math.abs(value - Math.LN2) < 1e-12)).toBe(true);
});

test("NaN stays NaN", () => {
  const nan = tensor([NaN]);
  const one = tensor([1]);
  const found = [
    bce(nan, one), focus(nan, one), binaryCrossEntropy(nan, one, none), softMargin(nan, one, none), huber(nan, one, none), smoothL1(nan, one, none),
    l1(nan, one, none), mse(nan, one, none), hingeEmbedding(nan, one, none), poisson(nan, one), rates(nan, one), klDivergence(nan, one, none),
    marginRanking(nan, one, one, none), gaussianNegativeLogLikelihood(one, one, nan, none), multiLabelSoftMargin(nan, one, none).reshape([1]),
    dice(nan.reshape([1, 1]), one.reshape([1, 1]), none), cosineEmbedding(nan, one, tensor(1), none).reshape([1]), mse(one, nan, none), bce(one, nan), huber(one, nan, none),
  ];
  expect(found.map((loss) => loss.toArray())).toEqual(found.map(() => [NaN]));
});

describe("meaningless input is refused", () => {
  const x = tensor([0.5, 0.5]);
  test.each<[string, () => unknown]>([
    ["probabilities", () => binaryCrossEntropy(tensor([1, 2, 3]), tensor([0, 1, 1]))],
    ["negative probabilities", () => dice(tensor([[-0.1, 2]]), tensor([[0, 1]]))],
    ["targets that are no probabilities", () => binaryCrossEntropyWithLogits(x, tensor([0, 2]))],
    ["targets of focal losses", () => binaryFocal(x, tensor([0, -1]))],
    ["targets of several labels", () => multiLabelSoftMargin(x, tensor([0, 5]))],
    ["target probabilities of classes", () => crossEntropy(tensor([[1, 2]]), tensor([[1, -1]]))],
    ["signs that are none", () => hingeEmbedding(x, tensor([0, 1]))],
    ["signs that are NaN", () => softMargin(x, tensor([NaN, 1]))],
    ["signs of rankings", () => marginRanking(x, x, tensor([1, 0.5]))],
    ["signs of pairs", () => cosineEmbedding(tensor([[1, 2]]), tensor([[1, 2]]), tensor([2]))],
    ["negative targets of divergences", () => klDivergence(x, tensor([0.5, -0.5]))],
    ["negative counts", () => poissonNegativeLogLikelihood(x, tensor([1, -1]))],
    ["negative rates", () => poissonNegativeLogLikelihood(tensor([1, -1]), x, { logInput: false })],
    ["negative variances", () => gaussianNegativeLogLikelihood(x, x, tensor([1, -1]))],
    ["weights that are no numbers", () => crossEntropy(tensor([[1, 2]]), indices([0]), { weight: tensor([NaN, 1]) })],
    ["factors that are no numbers", () => binaryCrossEntropyWithLogits(x, x, { posWeight: tensor([NaN]) })],
    ["a class between classes", () => crossEntropy(tensor([[1, 2]]), indices([0]), { ignoreIndex: 0.5 })],
    ["more labels than the lengths say", () => ctc(zeros([4, 1, 3]), indices([1, 2]), { targetLengths: indices([1]) })],
    ["lengths beyond the end", () => ctc(zeros([4, 1, 3]), indices([[1, 2]]), { targetLengths: indices([3]) })],
    ["negative lengths", () => ctc(zeros([4, 1, 3]), indices([[1, 2]]), { inputLengths: indices([-1]) })],
    ["blanks among the labels", () => ctc(zeros([4, 1, 3]), indices([[1, 0]]))],
    ["a model instead of its parameters", () => l1Penalty({} as never)],
  ])("%s", (_, call) => {
    expect(call).toThrowErrorMatchingSnapshot();
  });

  test("accepts mixed targets whose sum rounding brings above 1", () => {
    expect(bce(tensor([0]), tensor([1.0000001])).item()).toBeCloseTo(Math.LN2, 6);
  });
});

describe("options", () => {
  const x = tensor([[0.5, 0.5]]);
  test.each<[string, () => unknown]>([
    ["misspelt", () => crossEntropy(x, indices([0]), { labelsmoothing: 0.5 } as never)],
    ["of another loss", () => mse(x, x, { delta: 1 } as never)],
    ["no object", () => l1(x, x, "sum" as never)],
    ["null", () => focal(x, indices([0]), null as never)],
    ["a reduction that there is not", () => huber(x, x, { reduction: "average" as never })],
    ["a number as text", () => huber(x, x, { delta: "1" as never })],
    ["of the divergence", () => klDivergence(x, x, { reduction: "batchmean" as never })],
  ])("%s", (_, call) => {
    expect(call).toThrowErrorMatchingSnapshot();
  });
});

test("a variance for each row applies to rows, also if the input is square", () => {
  const [mean, target] = [zeros([3, 3]), zeros([3, 3])];
  const rows = gaussianNegativeLogLikelihood(mean, target, tensor([1, 2, 4]), none).toArray();
  const half = (value: number): number => Math.fround(0.5 * Math.log(value));
  expect(rows).toEqual([1, 2, 4].map((value) => Array<number>(3).fill(half(value))));
  expect(() => gaussianNegativeLogLikelihood(zeros([2, 3]), zeros([2, 3]), tensor([1, 2, 4]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: gaussianNegativeLogLikelihood: variance is [3] for predictions [2, 3], expected [2, 3], [2] for one of each row, or [1, 3] for one of each column]`);
});

test("without elements the mean is NaN and the sum 0, as in PyTorch", () => {
  const [pair, signs] = [zeros([0]), zeros([0])];
  const batch = zeros([0, 3]);
  const losses: Record<string, (reduction: "mean" | "sum" | "none") => Tensor> = {
    mse: (reduction) => mse(pair, pair, { reduction }),
    l1: (reduction) => l1(pair, pair, { reduction }),
    huber: (reduction) => huber(pair, pair, { reduction }),
    smoothL1: (reduction) => smoothL1(pair, pair, { reduction }),
    binaryCrossEntropy: (reduction) => binaryCrossEntropy(pair, pair, { reduction }),
    binaryCrossEntropyWithLogits: (reduction) => binaryCrossEntropyWithLogits(pair, pair, { reduction }),
    binaryFocal: (reduction) => binaryFocal(pair, pair, { reduction }),
    hingeEmbedding: (reduction) => hingeEmbedding(pair, signs, { reduction }),
    marginRanking: (reduction) => marginRanking(pair, pair, signs, { reduction }),
    softMargin: (reduction) => softMargin(pair, signs, { reduction }),
    klDivergence: (reduction) => klDivergence(pair, pair, { reduction }),
    poissonNegativeLogLikelihood: (reduction) => poissonNegativeLogLikelihood(pair, pair, { reduction, full: true }),
    gaussianNegativeLogLikelihood: (reduction) => gaussianNegativeLogLikelihood(pair, pair, pair, { reduction }),
    gaussianKlDivergence: (reduction) => gaussianKlDivergence({ mean: batch, logVariance: batch }, { reduction }),
    crossEntropy: (reduction) => crossEntropy(batch, indices([]), { reduction }),
    "crossEntropy of probabilities": (reduction) => crossEntropy(batch, batch, { reduction }),
    "crossEntropy, weighted": (reduction) => crossEntropy(batch, indices([]), { reduction, weight: tensor([1, 2, 3]), labelSmoothing: 0.1 }),
    negativeLogLikelihood: (reduction) => negativeLogLikelihood(batch, indices([]), { reduction }),
    focal: (reduction) => focal(batch, indices([]), { reduction }),
    multiMargin: (reduction) => multiMargin(batch, indices([]), { reduction }),
    multiLabelMargin: (reduction) => multiLabelMargin(batch, batch.cast("int32"), { reduction }),
    multiLabelSoftMargin: (reduction) => multiLabelSoftMargin(batch, batch, { reduction }),
    cosineEmbedding: (reduction) => cosineEmbedding(batch, batch, signs, { reduction }),
    tripletMargin: (reduction) => tripletMargin(batch, batch, batch, { reduction }),
    dice: (reduction) => dice(batch, batch, { reduction }),
    ntXent: (reduction) => ntXent(batch, batch, { reduction }),
    ctc: (reduction) => ctc(zeros([4, 0, 3]), zeros([0, 2], { dtype: "int32" }), { reduction }),
  };
  const found = Object.entries(losses).map(([name, loss]) => [name, loss("mean").item(), loss("sum").item(), loss("none").shape]);
  expect(found).toEqual(Object.keys(losses).map((name) => [name, NaN, 0, [0]]));
});
