import { compile } from "@nn/compiler";
import { ArrayDataset, bootstrap, kFold } from "@nn/data";
import { Dropout, Linear, ReLU, Sequential } from "@nn/layers";
import { normal, softmax, tensor, type Tensor } from "@nn/tensor";
import { bagging, crossValidate, ensemble } from "@nn/train";
import { expect, test } from "vitest";

const x = normal([5, 3]);
const network = (): Sequential => new Sequential(new Linear(3, 4), new ReLU(), new Linear(4, 2));
const list = (value: Tensor): number[] => Array.from(value.toTypedArray());

test("an ensemble gives the mean of its models, eagerly and compiled", () => {
  const models = [network(), network(), network()];
  const mean = (outputs: readonly number[][]): number[] => (outputs[0] ?? []).map((_, at) => outputs.reduce((sum, each) => sum + (each[at] ?? 0), 0) / outputs.length);
  const together = ensemble(models);
  const expected = mean(models.map((model) => list(model.forward(x))));
  list(together.forward(x)).forEach((value, at) => expect(value).toBeCloseTo(expected[at] ?? 0, 5));
  list(compile((input: Tensor) => together.forward(input))(x)).forEach((value, at) => expect(value).toBeCloseTo(expected[at] ?? 0, 5));

  const probabilities = ensemble(models, { transform: (logits) => softmax(logits, -1) });
  const averaged = mean(models.map((model) => list(softmax(model.forward(x), -1))));
  list(probabilities.forward(x)).forEach((value, at) => expect(value).toBeCloseTo(averaged[at] ?? 0, 5));
});

test("an ensemble is a module: it has all parameters, modes and names", () => {
  const together = ensemble([new Sequential(new Linear(2, 2), new Dropout(0.5)), new Sequential(new Linear(2, 2))]);
  expect([...together.namedParameters().keys()]).toEqual(["models.0.0.weight", "models.0.0.bias", "models.1.0.weight", "models.1.0.bias"]);
  expect(together.eval().models.every((model) => !model.training)).toBe(true);
  const other = ensemble([new Sequential(new Linear(2, 2), new Dropout(0.5)), new Sequential(new Linear(2, 2))]).eval();
  other.loadStateDict(together.stateDict());
  expect(other.forward(tensor([[1, 2]])).toArray()).toEqual(together.forward(tensor([[1, 2]])).toArray());
  expect(() => together.forward(x)).toThrow(/^in models\.0\.0: linear/);
});

test("cross-validation gives mean and standard deviation over the rounds", async () => {
  const folds = kFold(new ArrayDataset([2, 4, 4, 4, 5, 5, 7, 9]), 8, { shuffle: false });
  const seen: number[] = [];
  const { rounds, mean, std } = await crossValidate(folds, async ({ validation }, index) => {
    seen.push(index);
    return { value: [...validation][0] ?? 0, twice: 2 * ([...validation][0] ?? 0) };
  });
  expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(rounds.map(({ value }) => value)).toEqual([2, 4, 4, 4, 5, 5, 7, 9]);
  // The squares of the deviations from the mean 5 add up to 32.
  expect(mean).toEqual({ value: 5, twice: 10 });
  expect(std.value).toBeCloseTo(Math.sqrt(32 / 7), 12);
  expect(std.twice).toBeCloseTo(2 * Math.sqrt(32 / 7), 12);
});

test("refuses rounds and scores that do not fit", async () => {
  const folds = kFold(new ArrayDataset([1, 2, 3]), 3);
  await expect(crossValidate(folds.slice(0, 1), () => ({ a: 1 }))).rejects.toThrow("there is 1 round");
  await expect(crossValidate([1, 2] as never, () => ({ a: 1 }))).rejects.toThrow("round 0 is 1, expected { train, validation }");
  await expect(crossValidate(folds, () => 3 as never)).rejects.toThrow("expected scores by name");
  await expect(crossValidate(folds, () => ({ a: "x" }) as never)).rejects.toThrow('"a" of round 0');
  await expect(crossValidate(folds, (_, at) => (at === 1 ? { b: 1 } : { a: 1 }) as never)).rejects.toThrow("round 1 has the scores b, expected those of round 0: a");
  await expect(crossValidate(folds, () => ({ a: 1 }), { signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
  expect(() => ensemble([])).toThrow("there are no models");
  expect(() => ensemble([new Linear(2, 1), new Linear(2, 2)]).forward(tensor([[1, 2]]))).toThrow("ensemble: model 1 gave [1, 2] and model 0 [1, 1], expected outputs of one shape");
  expect(() => ensemble([{}] as never)).toThrow("model 0 is an object");
  expect(() => ensemble([network()], { transform: () => 3 as never }).forward(x)).toThrow("transform gave 3");
});

test("bagging trains a model on every sample", async () => {
  const samples = bootstrap(new ArrayDataset([1, 2, 3, 4]), 5, { seed: 3 });
  const together = await bagging(samples, async ({ train }) => {
    const model = new Linear(1, 1, { bias: false });
    model.weight.value = tensor([[[...train].reduce((a, b) => a + b, 0)]]);
    return model;
  });
  const expected = samples.map(({ train }) => [...train].reduce((a, b) => a + b, 0));
  expect(together.models.map(({ weight }) => weight.value.item())).toEqual(expected);
  expect(together.forward(tensor([[1]])).item()).toBeCloseTo(expected.reduce((a, b) => a + b) / 5, 5);
  await expect(bagging(samples, () => 1 as never)).rejects.toThrow("what train gave for sample 0 is 1");
  await expect(bagging([], () => network())).rejects.toThrow("there are no samples");
});
