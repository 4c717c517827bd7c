import { checkGradients } from "@nn/autograd";
import { argMax, arange, exp, gather, Generator, mean, normal, sum, tensor, unsqueeze, zeros, type Tensor } from "@nn/tensor";
import { expect, test } from "vitest";
import { AdaptiveLogSoftmaxWithLoss } from "../../src/index.js";

const options = () => ({ dtype: "float64", generator: new Generator(1) }) as const;
const indices = (values: number[]): Tensor => tensor(values, { dtype: "int32" });
const layer = new AdaptiveLogSoftmaxWithLoss(8, 12, [3, 7], { ...options(), divValue: 2, headBias: true });
const x = normal([5, 8], { dtype: "float64", generator: new Generator(2) });

test("parameters have PyTorch's names and shapes", () => {
  expect([...layer.namedParameters()].map(([name, { shape }]) => [name, ...shape])).toEqual([
    ["head.weight", 5, 8], ["head.bias", 5], ["tail.0.0.weight", 4, 8], ["tail.0.1.weight", 4, 4], ["tail.1.0.weight", 2, 8], ["tail.1.1.weight", 5, 2],
  ]);
});

test("the probabilities of all classes add up to 1", () => {
  sum(exp(layer.logProbabilities(x)), 1).toTypedArray().forEach((total) => expect(total).toBeCloseTo(1, 12));
});

test("returns the log-probability of each target, for targets of every cluster", () => {
  const all = layer.logProbabilities(x);
  for (const target of [indices([0, 2, 3, 6, 7]), indices([11, 10, 1, 4, 5])]) {
    const { output, loss } = layer.forward(x, target);
    const want = gather(all, unsqueeze(target, 1), 1);
    output.toTypedArray().forEach((found, at) => expect(found).toBeCloseTo(want.toTypedArray()[at] as number, 12));
    expect(loss.item()).toBeCloseTo(-mean(want).item(), 12);
  }
});

test("predicts the most probable class", () => {
  expect(layer.predict(x).toArray()).toEqual(argMax(layer.logProbabilities(x), 1).toArray());
});

test("a single sample is a batch of one", () => {
  const one = x.slice([1]);
  expect(layer.forward(one, tensor(9, { dtype: "int32" })).output.item()).toBe(layer.forward(x.slice([{ start: 1, stop: 2 }]), indices([9])).output.item());
  expect(layer.predict(one).shape).toEqual([]);
  expect(layer.logProbabilities(one).shape).toEqual([12]);
});

test("gradients agree with central differences", () => {
  expect(() => checkGradients((input) => {
    const { output, loss } = layer.forward(input, indices([0, 4, 11, 3, 7]));
    return [output, loss];
  }, [x])).not.toThrow();
});

test("a cluster may have 0 features: its classes are then equally probable", () => {
  // Features of the clusters: 5 / 2, 5 / 4, 5 / 8, rounded down.
  const small = new AdaptiveLogSoftmaxWithLoss(5, 9, [2, 5, 7], { divValue: 2, dtype: "float64", generator: new Generator(4) });
  expect(Object.entries(small.stateDict()).map(([name, { shape }]) => [name, shape])).toEqual([
    ["head.weight", [5, 5]], ["tail.0.0.weight", [2, 5]], ["tail.0.1.weight", [3, 2]], ["tail.1.0.weight", [1, 5]], ["tail.1.1.weight", [2, 1]],
    ["tail.2.0.weight", [0, 5]], ["tail.2.1.weight", [2, 0]],
  ]);
  const input = normal([9, 5], { dtype: "float64", generator: new Generator(5) });
  const rows = (x: Tensor): number[][] => x.toArray() as number[][];
  const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((total, each, at) => total + each * (b[at] ?? NaN), 0);
  const logSoftmaxOf = (logits: readonly number[]): number[] => {
    const total = Math.log(logits.reduce((sum, each) => sum + Math.exp(each), 0));
    return logits.map((each) => each - total);
  };
  const expected = rows(input).map((x) => {
    const ofHead = logSoftmaxOf(rows(small.head.weight.value).map((row) => dot(row, x)));
    const ofTail = small.tail.map((map, at) => {
      const hidden = rows(map.layers[0].weight.value).map((row) => dot(row, x));
      const weights = at === 2 ? [[], []] : rows(map.layers[1].weight.value);
      return logSoftmaxOf(weights.map((row) => dot(row, hidden))).map((each) => each + (ofHead[2 + at] ?? NaN));
    });
    return [...ofHead.slice(0, 2), ...ofTail.flat()];
  });
  rows(small.logProbabilities(input)).forEach((row, sample) => row.forEach((each, at) => expect(each).toBeCloseTo(expected[sample]?.[at] ?? NaN, 12)));
  const target = arange(9, { dtype: "int32" });
  const { output, loss } = small.forward(input, target);
  const wanted = expected.map((row, sample) => row[sample] ?? NaN);
  output.toTypedArray().forEach((each, at) => expect(each).toBeCloseTo(wanted[at] ?? NaN, 12));
  expect(loss.item()).toBeCloseTo(-wanted.reduce((total, each) => total + each, 0) / 9, 12);
  expect(() => checkGradients((...values: Tensor[]) => {
    small.parameters().forEach((parameter, at) => (parameter.value = values[at] as Tensor));
    return small.forward(input, target).loss;
  }, small.parameters().map((parameter) => parameter.value))).not.toThrow();
});

test("errors", () => {
  const make = (cutoffs: number[], divValue = 4): AdaptiveLogSoftmaxWithLoss => new AdaptiveLogSoftmaxWithLoss(8, 12, cutoffs, { divValue });
  expect(() => make([])).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: AdaptiveLogSoftmaxWithLoss: cutoffs are [], expected whole numbers that rise, from 1 to 11]`);
  expect(() => make([3, 3])).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: AdaptiveLogSoftmaxWithLoss: cutoffs are [3, 3], expected whole numbers that rise, from 1 to 11]`);
  expect(() => make([3, 12])).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: AdaptiveLogSoftmaxWithLoss: cutoffs are [3, 12], expected whole numbers that rise, from 1 to 11]`);
  expect(() => make([3, 7], 0)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: AdaptiveLogSoftmaxWithLoss: divValue is 0, expected a positive number]`);
  expect(() => layer.forward(zeros([5, 7]), arange(5, { dtype: "int32" }))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: AdaptiveLogSoftmaxWithLoss: input is [5, 7], expected [N, 8] or [8]]`);
  expect(() => layer.forward(x, arange(4, { dtype: "int32" }))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: AdaptiveLogSoftmaxWithLoss: target is [4] for input [5, 8], expected [5]]`);
  expect(() => layer.forward(x, zeros([5]))).toThrowErrorMatchingInlineSnapshot(`[DTypeError: AdaptiveLogSoftmaxWithLoss: target has dtype float32, expected class indices, int32; convert it with .cast("int32")]`);
  expect(() => layer.forward(x, indices([0, 1, 2, 3, 12]))).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: AdaptiveLogSoftmaxWithLoss: a target is no class; classes count from 0 to 11]`);
  expect(() => layer.forward(x, indices([0, 1, 2, 3, -1]))).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: AdaptiveLogSoftmaxWithLoss: a target is no class; classes count from 0 to 11]`);
});
