import { valueAndGrad, vjp } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { AdaptiveLogSoftmaxWithLoss, Linear, LSTM, Module } from "@nn/layers";
import {
  binaryCrossEntropy, binaryCrossEntropyWithLogits, binaryFocal, cosineEmbedding, crossEntropy, ctc, dice, elasticNetPenalty, focal, gaussianKlDivergence, hingeEmbedding, huber, klDivergence, marginRanking, mse, multiLabelMargin, multiLabelSoftMargin, multiMargin, ntXent,
  poissonNegativeLogLikelihood, smoothL1, softMargin, tripletMargin, type LossOptions,
} from "@nn/losses";
import { Adam } from "@nn/optim";
import { argMax, chunk, Generator, logSoftmax, normal, onesLike, randomIntegers, sigmoid, stack, tensor, zeros, type Tensor, type Variable } from "@nn/tensor";
import { describe, expect, test } from "vitest";

const seeded = (seed: number) => ({ generator: new Generator(seed) });
const x = normal([6, 4], seeded(1));
const y = normal([6, 4], seeded(2));
const classes = randomIntegers([6], { low: 0, high: 4, ...seeded(3) });
const lists = randomIntegers([6, 4], { low: -1, high: 4, ...seeded(4) });
const prior = { mean: tensor([0.5, 0, -1, 2]).expand([6, 4]), logVariance: tensor([0.1, -0.3, 0, 1]).expand([6, 4]) };

/** Losses without recorded cases, and those that differ most when compiled. */
const losses: Readonly<Record<string, (x: Tensor, y: Tensor) => Tensor>> = {
  focal: (a) => focal(a, classes, { weight: tensor([1, 2, 0.5, 1]) }),
  binaryFocal: (a, b) => binaryFocal(a, sigmoid(b), { alpha: 0.25 }),
  dice: (a, b) => dice(sigmoid(a), sigmoid(b)),
  ntXent: (a, b) => ntXent(a, b, { temperature: 0.2 }),
  gaussianKlDivergence: (mean, logVariance) => gaussianKlDivergence({ mean, logVariance }, { prior }),
  elasticNetPenalty: (a, b) => elasticNetPenalty([a, b], { l1: 0.1, l2: 0.2 }),
  "klDivergence of a logarithm": (a, b) => klDivergence(logSoftmax(a), logSoftmax(b), { logTarget: true, reduction: "batchMean" }),
  "tripletMargin with swap": (a, b) => tripletMargin(a, b, a.mul(b), { swap: true }),
  multiLabelMargin: (a, b) => multiLabelMargin(a.add(b), lists),
};

describe.each(Object.entries(losses))("%s", (_, loss) => {
  test("has the same value and gradients when compiled", () => {
    const program = (a: Tensor, b: Tensor): Tensor[] => {
      const { value, gradients } = valueAndGrad(loss, [a, b]);
      return [value, ...gradients];
    };
    const compiled = compile(program)(x, y);
    program(x, y).forEach((eager, at) => {
      const found = compiled[at]?.toTypedArray() ?? [];
      expect(found).toHaveLength(eager.size);
      eager.toTypedArray().forEach((expected, position) => expect(found[position]).toBeCloseTo(expected, 4));
    });
  });
});

describe("extreme input", () => {
  const values = [-Infinity, -3e38, -80, -16, -1, 0, 1, 16, 80, 3e38, Infinity, NaN];
  const extremes = tensor(values);
  const none = { reduction: "none" } as const;
  const chances = [0, 0.3, 1].map((chance) => tensor(values.map(() => chance)));
  const signs = [1, -1].map((sign) => tensor(values.map(() => sign)));
  type PairLoss = (x: Tensor, y: Tensor, options: LossOptions) => Tensor;
  const ofChances: Readonly<Record<string, PairLoss>> = { binaryCrossEntropyWithLogits, binaryFocal, huber, smoothL1, klDivergence, poissonNegativeLogLikelihood };
  const ofSigns: Readonly<Record<string, PairLoss>> = { hingeEmbedding, softMargin, marginRanking: (a, b, options) => marginRanking(a, a.detach().mul(0).add(1), b, options) };
  const cases = [
    ...Object.entries(ofChances).flatMap(([name, loss]) => chances.map((target) => [name, loss, target] as const)),
    ...Object.entries(ofSigns).flatMap(([name, loss]) => signs.map((target) => [name, loss, target] as const)),
    ["multiLabelSoftMargin", (a: Tensor, b: Tensor, options: LossOptions) => multiLabelSoftMargin(a.unsqueeze(1), b.unsqueeze(1), options), tensor(values.map(() => 1))] as const,
    ["multiMargin", (a: Tensor, _: Tensor, options: LossOptions) => multiMargin(stack([a, a.mul(0)], 1), zeros([values.length], { dtype: "int32" }), { p: 2, ...options }), extremes] as const,
    ["crossEntropy", (a: Tensor, _: Tensor, options: LossOptions) => crossEntropy(stack([a, a.mul(0)], 1), zeros([values.length], { dtype: "int32" }), options), extremes] as const,
  ];

  test.each(cases)("%s compiled has the value and the gradient of each element", (_, loss, target) => {
    const program = (a: Tensor, b: Tensor): Tensor[] => {
      const { value, pullback } = vjp((each) => loss(each, b, none), [a]);
      return [value, ...pullback(onesLike(value))];
    };
    const found = compile(program)(extremes, target).map((each) => each.toTypedArray());
    program(extremes, target).forEach((eager, at) => eager.toTypedArray().forEach((expected, position) => {
      const value = found[at]?.[position] ?? -1;
      const isNear = Object.is(value + 0, expected + 0) || Math.abs(value - expected) <= 1e-5 * Math.abs(expected) + 1e-37;
      expect(isNear, `${value} for ${expected} at ${position}`).toBe(true);
    }));
  });

  test("inputs that eager execution refuses make a compiled loss NaN", () => {
    const [half, two] = [tensor([0.5, 0.5]), tensor([0.5, 2])];
    const refused: readonly ((a: Tensor, b: Tensor) => Tensor)[] = [
      (a, b) => binaryCrossEntropy(b, a), (a, b) => binaryCrossEntropy(a, b), binaryCrossEntropyWithLogits, binaryFocal, hingeEmbedding, softMargin,
      (a, b) => marginRanking(a, a, b), (a, b) => dice(a.unsqueeze(0), b.unsqueeze(0)), (a, b) => klDivergence(a, b.neg()),
      (a, b) => poissonNegativeLogLikelihood(a, b.neg()), (a, b) => crossEntropy(a, b), (a, b) => cosineEmbedding(a.unsqueeze(1), a.unsqueeze(1), b),
    ];
    for (const loss of refused) {
      expect(() => loss(half, two)).toThrow(/ArgumentError|expected/);
      expect(compile(loss)(half, two).item()).toBe(NaN);
    }
    const [steps, labels] = [zeros([4, 1, 3]), tensor([1, 2], { dtype: "int32" })];
    const short = compile((lengths: Tensor) => ctc(steps, labels, { targetLengths: lengths }));
    expect(short(tensor([1], { dtype: "int32" })).item()).toBe(NaN);
    expect(short(tensor([2], { dtype: "int32" })).item()).toBeCloseTo(ctc(steps, labels, { targetLengths: [2] }).item(), 5);
    const blanks = compile((targets: Tensor) => ctc(steps, targets));
    expect(blanks(tensor([[1, 0]], { dtype: "int32" })).item()).toBe(NaN);
  });
});

/** Trains a compiled step; returns the last loss. */
function train(parameters: readonly Variable[], loss: () => Tensor, steps: number): number {
  const optimizer = new Adam(parameters, { learningRate: 0.02 });
  const step = compile(() => {
    const { value, gradients } = valueAndGrad(loss, parameters);
    optimizer.step(gradients);
    return value;
  });
  return Array.from({ length: steps }, () => step().item()).at(-1) as number;
}

test("CTC teaches a recurrent network to spell, sequences of several lengths together", () => {
  class Speller extends Module {
    readonly encoder = new LSTM(3, 16, seeded(5));
    readonly output = new Linear(16, 4, seeded(6));
    override forward(sounds: Tensor): Tensor {
      return logSoftmax(this.output.forward(this.encoder.forward(sounds).output));
    }
  }
  const speller = new Speller();
  const sounds = normal([8, 3, 3], seeded(7));
  const targets = tensor([1, 2, 2, 3, 3, 1], { dtype: "int32" });
  const options = { inputLengths: [8, 7, 6], targetLengths: [3, 2, 1] };
  expect(train(speller.parameters(), () => ctc(speller.forward(sounds), targets, options), 150)).toBeLessThan(0.1);
  const [first] = (argMax(speller.forward(sounds), 2).transpose(0, 1).toArray() as number[][]);
  expect(first?.filter((each, at) => each !== first[at - 1] && each !== 0)).toEqual([1, 2, 2]);
});

test("lengths that change from call to call use the same program", () => {
  const logProbabilities = logSoftmax(normal([5, 2, 4], seeded(8)));
  const targets = tensor([[1, 2], [3, 3]], { dtype: "int32" });
  const loss = (inputLengths: Tensor, targetLengths: Tensor): Tensor => ctc(logProbabilities, targets, { inputLengths, targetLengths, reduction: "none" });
  const compiled = compile(loss);
  for (const [inputs, labels] of [[[5, 5], [2, 2]], [[3, 4], [1, 0]], [[0, 5], [0, 1]], [[1, 2], [2, 2]]] as const) {
    const lengths = [tensor(inputs, { dtype: "int32" }), tensor(labels, { dtype: "int32" })] as const;
    const expected = loss(...lengths).toTypedArray();
    compiled(...lengths).toTypedArray().forEach((found, at) => expect(found).toBeCloseTo(expected[at] as number, 5));
  }
});

test("an adaptive softmax learns frequent and rare classes", () => {
  const layer = new AdaptiveLogSoftmaxWithLoss(8, 10, [2, 5], { ...seeded(9), divValue: 2 });
  const features = normal([10, 8], seeded(10));
  const target = tensor(Array.from({ length: 10 }, (_, at) => at), { dtype: "int32" });
  train(layer.parameters(), () => layer.forward(features, target).loss, 400);
  expect(layer.predict(features).toArray()).toEqual(target.toArray());
});

test("contrastive learning brings the views of a sample together", () => {
  const map = new Linear(4, 4, seeded(11));
  const samples = normal([6, 4], seeded(12));
  const views = [13, 14].map((seed) => samples.add(normal([6, 4], { std: 0.05, ...seeded(seed) }))) as [Tensor, Tensor];
  const loss = (): Tensor => ntXent(map.forward(views[0]), map.forward(views[1]), { temperature: 0.1 });
  const before = loss().item();
  expect(train(map.parameters(), loss, 100)).toBeLessThan(before / 2);
});

test("a variational autoencoder drops latent variables whose divergence costs more than they help", () => {
  const [encoder, decoder] = [new Linear(4, 4, seeded(15)), new Linear(2, 4, seeded(16))];
  const noise = seeded(17);
  const bound = (): Tensor => {
    const [mean, logVariance] = chunk(encoder.forward(x), 2, 1) as [Tensor, Tensor];
    const latent = mean.add(logVariance.mul(0.5).exp().mul(normal([6, 2], noise)));
    return mse(decoder.forward(latent), x).add(gaussianKlDivergence({ mean, logVariance }).mul(10));
  };
  train([...encoder.parameters(), ...decoder.parameters()], bound, 400);
  encoder.forward(x).toTypedArray().forEach((each) => expect(Math.abs(each)).toBeLessThan(0.2));
});
