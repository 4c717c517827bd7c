import { TensorDataset } from "@nn/data";
import { tensor } from "@nn/tensor";
import { expect, test } from "vitest";
import { evaluate } from "../../src/evaluation/evaluate.js";
import type { LoadedData } from "../../src/data/loaded-data.js";
import { completeSettings, mergeSettings, type PartialSettings } from "../../src/settings/merge.js";
import { trainingLoss } from "../../src/training/loss.js";
import { Training } from "../../src/training/training.js";

const int = (values: readonly number[]) => tensor(values, { dtype: "int32" });
const classes = ["common", "rare"];

/** Ten times as many examples of one class as of the other, on overlapping intervals. */
const split = (count: number, from = 0) => {
  const rows = Array.from({ length: count }, (_, at) => ({ label: (at + from) % 11 === 0 ? 1 : 0, x: Math.sin((at + from) * 12.9898) }));
  return new TensorDataset(tensor(rows.map(({ label, x }) => [x + label])), int(rows.map(({ label }) => label)));
};
const data: LoadedData = {
  name: "rare", classes, features: 1, source: null, input: { kind: "image", height: 1, width: 1, channels: 1 }, train: split(330), validation: split(110, 330), test: split(1100, 440),
};

async function trained(chosen: PartialSettings) {
  const settings = completeSettings(mergeSettings({ hidden: [], epochs: 12, learningRate: 0.05, compile: false, ...chosen }), "table");
  const training = new Training(data, settings);
  const { history } = await training.fit();
  training.network.eval();
  return { history, training, evaluation: await evaluate((x) => training.network.forward(x), data.test, classes) };
}

test("balanced weights make all classes count equally", () => {
  const { loss, weight } = trainingLoss({ train: new TensorDataset(tensor([[0], [0], [0], [0]]), int([0, 0, 0, 1])), classes }, { classWeights: "balanced" });
  // Weights 4 / (2 · 3) and 4 / (2 · 1); a loss of log(1 + exp(∓2)) for each logit difference.
  const [own, other] = [Math.log(1 + Math.exp(-2)), Math.log(1 + Math.exp(2))];
  const [logits, y] = [tensor([[2, 0], [2, 0]]), int([0, 1])];
  expect(loss(logits, y).item()).toBeCloseTo(((2 / 3) * own + 2 * other) / (2 / 3 + 2), 5);
  expect(weight?.(logits, y).item()).toBeCloseTo(2 / 3 + 2, 5);
  // Smoothing reaches the cross-entropy: of a single sure answer, half of the loss is that of the other class, with its weight.
  const [one, first] = [tensor([[2, 0]]), int([0])];
  expect(loss(one, first, { labelSmoothing: 1 }).item()).toBeCloseTo(((2 / 3) * own + 2 * other) / 2 / (2 / 3), 5);
});

test("balanced training finds the rare class; the losses of its epochs are weighted means, that of the test is not", async () => {
  const [plain, balanced] = [await trained({}), await trained({ classWeights: "balanced" })];
  const recallOf = ({ evaluation }: typeof plain): number => evaluation.report.classes[1]?.recall ?? 0;
  expect(recallOf(balanced)).toBeGreaterThan(recallOf(plain) + 0.2);
  expect(balanced.evaluation.loss).toBeGreaterThan(plain.evaluation.loss);
  // The weighted mean of the validation losses of the last epoch, by hand.
  const last = balanced.history.at(-1)?.values.validation?.loss ?? 0;
  const { training } = await trained({ classWeights: "balanced", keep: "last" });
  const [x, y] = data.validation?.batch(Array.from({ length: 110 }, (_, at) => at)) ?? [];
  if (x === undefined || y === undefined) throw new Error("expected validation examples");
  const weights = [330 / (2 * 300), 330 / (2 * 30)];
  let [sum, total] = [0, 0];
  const labels = y.toTypedArray();
  (training.network.forward(x).toArray() as number[][]).forEach(([a = 0, b = 0], at) => {
    const [label, weight] = [labels[at] ?? 0, weights[labels[at] ?? 0] ?? 0];
    sum += weight * Math.log(1 + Math.exp(label === 0 ? b - a : a - b));
    total += weight;
  });
  expect(last).toBeCloseTo(sum / total, 4);
});

test("a class without a training example has no balanced weight", () => {
  expect(() => trainingLoss({ train: new TensorDataset(tensor([[0]]), int([0])), classes }, { classWeights: "balanced" })).toThrowErrorMatchingInlineSnapshot(`[Failure: --class-weights balanced: there is no training example of rare, so that its weight would be infinite; use --class-weights none]`);
});
