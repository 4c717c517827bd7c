import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { AdaptiveLogSoftmaxWithLoss, Linear, LSTM, Module } from "@nn/layers";
import {
  binaryFocal, ctc, dice, elasticNetPenalty, focal, gaussianKlDivergence, klDivergence, mse, multiLabelMargin, ntXent, tripletMargin,
} from "@nn/losses";
import { Adam } from "@nn/optim";
import { argMax, chunk, Generator, logSoftmax, normal, randomIntegers, sigmoid, tensor, type Tensor, type Variable } from "@nn/tensor";
import { describe, expect, test } from "vitest";

const seeded = (seed: number) => ({ generator: new Generator(seed) });
const x = normal([6, 4], seeded(1));
const y = normal([6, 4], seeded(2));
const classes = randomIntegers([6], { low: 0, high: 4, ...seeded(3) });
const lists = randomIntegers([6, 4], { low: -1, high: 4, ...seeded(4) });
const prior = { mean: tensor([0.5, 0, -1, 2]).expand([6, 4]), logVariance: tensor([0.1, -0.3, 0, 1]).expand([6, 4]) };

/** What no case is recorded of, and what differs most when compiled. */
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
  test("is compiled, with its gradients, to what it is", () => {
    const program = (a: Tensor, b: Tensor): Tensor[] => {
      const { value, gradients } = valueAndGrad(loss, [a, b]);
      return [value, ...gradients];
    };
    const compiled = compile(program)(x, y);
    program(x, y).forEach((eager, at) => {
      const found = compiled[at]?.toTypedArray() ?? [];
      expect(found).toHaveLength(eager.size);
      eager.toTypedArray().forEach((expected, place) => expect(found[place]).toBeCloseTo(expected, 4));
    });
  });
});

/** Trains, compiled; gives the last loss. */
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

test("lengths that change from call to call need no other program", () => {
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

test("a variational autoencoder gives up what its divergence costs more than it tells", () => {
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
