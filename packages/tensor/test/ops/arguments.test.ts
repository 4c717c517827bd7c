import { describe, expect, test } from "vitest";
import * as nn from "../../src/index.js";
import { tensor } from "../../src/index.js";
import { messagesOf } from "../message.js";

/** What plain JavaScript may pass. */
const wrong = (value: unknown): never => value as never;
const x = tensor([[1, 2, 3], [4, 5, 6]]);

test("refuses misplaced and positional options with the fix", () => {
  expect(messagesOf({
    "sum by options": () => x.sum(wrong({ axis: 1 })),
    "sum, positional": () => x.sum(1, wrong(true)),
    "softmax by options": () => x.softmax(wrong({ axis: 0 })),
    "mean, PyTorch's name": () => x.mean(1, wrong({ keepdim: true })),
    "tensor, a shape": () => tensor([1, 2, 3, 4, 5, 6], wrong([2, 3])),
    "tensor, a dtype": () => tensor([1], wrong("int32")),
    "zeros, a dtype": () => nn.zeros([2], wrong("int32")),
    "zeros, sizes": () => Reflect.apply(nn.zeros, undefined, [2, 3]),
    "full, no value": () => Reflect.apply(nn.full, undefined, [[2]]),
    "sort, positional": () => nn.sort(x, wrong(0)),
    "sort, PyTorch's name": () => nn.sort(x, wrong({ dim: 0 })),
    "variance, PyTorch's name": () => nn.variance(x, 0, wrong({ unbiased: false })),
    "norm, positional": () => nn.norm(x, wrong(2)),
    "quantile, PyTorch's name": () => nn.quantile(x, 0.5, wrong({ keepdim: true })),
    "quantile, percent": () => nn.quantile(x, 50),
    "null": () => nn.std(x, 0, wrong(null)),
    "uniform, positional": () => Reflect.apply(nn.uniform, undefined, [[2], -1, 1]),
    "uniform, PyTorch's names": () => nn.uniform([2], wrong({ min: 0 })),
    "a generator that is a seed": () => nn.normal([2], { generator: wrong(3) }),
    "no range": () => Reflect.apply(nn.randomIntegers, undefined, [[2]]),
    "a callback that gives text": () => nn.hostCallback(wrong(() => "2")),
    "a slope that is text": () => nn.leakyRelu(x, wrong("0.1")),
  })).toMatchInlineSnapshot(`
    {
      "a callback that gives text": "ArgumentError: hostCallback: the callback returned the string "2", expected a number or an array of numbers",
      "a generator that is a seed": "ArgumentError: normal: generator is 3, expected a Generator",
      "a slope that is text": "ArgumentError: leakyRelu: slope is the string "0.1", expected a finite number",
      "full, no value": "ArgumentError: full: the value is undefined, expected a number or a boolean",
      "mean, PyTorch's name": "ArgumentError: mean: there is no option "keepdim"; its options are keepAxes",
      "no range": "ArgumentError: randomIntegers: high is undefined, expected a whole number",
      "norm, positional": "ArgumentError: norm: the options are 2, expected an object such as { keepAxes: …, p: …, axis: … }",
      "null": "ArgumentError: std: the options are null, expected an object such as { keepAxes: …, correction: … }",
      "quantile, PyTorch's name": "ArgumentError: quantile: there is no option "keepdim"; its options are keepAxes, axis, interpolation",
      "quantile, percent": "ArgumentError: quantile: q is 50, expected a number from 0 to 1",
      "softmax by options": "ArgumentError: softmax: axis is an object, expected -2 to 1 for rank 2; give the axis itself, not an object",
      "sort, PyTorch's name": "ArgumentError: sort: there is no option "dim"; its options are axis, descending",
      "sort, positional": "ArgumentError: sort: the options are 0, expected an object such as { axis: …, descending: … }",
      "sum by options": "ArgumentError: sum: axis is an object, expected a whole number or an array of them; give the axis itself, not an object",
      "sum, positional": "ArgumentError: sum: the options are true, expected an object such as { keepAxes: … }",
      "tensor, a dtype": "ArgumentError: tensor: the options are the string "int32", expected an object such as { dtype: …, shape: … }",
      "tensor, a shape": "ArgumentError: tensor: the options are an array of 2; to give the shape, write { shape: [2, 3] }",
      "uniform, PyTorch's names": "ArgumentError: uniform: there is no option "min"; its options are low, high, dtype, generator",
      "uniform, positional": "ArgumentError: uniform: the options are -1, expected an object such as { low: …, high: …, dtype: … }",
      "variance, PyTorch's name": "ArgumentError: variance: there is no option "unbiased"; its options are keepAxes, correction",
      "zeros, a dtype": "ArgumentError: zeros: the options are the string "int32", expected an object such as { dtype: …, generator: … }",
      "zeros, sizes": "ShapeError: zeros: the shape is 2, expected an array of sizes such as [2, 3]",
    }
  `);
});

describe("ranges", () => {
  test("take their options last", () => {
    expect(nn.arange(3, undefined).toArray()).toEqual([0, 1, 2]);
    expect(nn.arange(1, 3, undefined).toArray()).toEqual([1, 2]);
    expect(nn.arange(0, 4, 2, { dtype: "int32" }).toArray()).toEqual([0, 2]);
    expect(nn.arange(2, {}).toArray()).toEqual([0, 1]);
  });

  test("refuse values that are not numbers", () => {
    const arange = (...args: readonly unknown[]): unknown => Reflect.apply(nn.arange, undefined, args);
    expect(messagesOf({
      "nothing": () => arange(),
      "null": () => arange(null),
      "options only": () => arange({ dtype: "int32" }),
      "text": () => arange("3"),
      "text as a stop": () => arange(0, "3"),
      "NaN": () => arange(0, NaN),
      "options in the middle": () => arange(0, { dtype: "int32" }, 2),
      "four numbers": () => arange(0, 1, 2, 3),
      "misspelt": () => arange(3, { dtpye: "int32" }),
      "step 0": () => arange(0, 3, 0),
      "too many": () => arange(1e12),
      "linspace, a fraction": () => nn.linspace(0, 1, 2.5),
      "linspace, NaN": () => nn.linspace(NaN, 1, 2),
      "oneHot, classes": () => nn.oneHot(tensor([1], { dtype: "int32" }), wrong("3")),
    })).toMatchInlineSnapshot(`
      {
        "NaN": "ArgumentError: arange: stop is NaN, expected a finite number",
        "four numbers": "ArgumentError: arange: got 4 numbers, expected a start, a stop and a step at most",
        "linspace, NaN": "ArgumentError: linspace: start is NaN, expected a finite number",
        "linspace, a fraction": "ArgumentError: linspace: count is 2.5, expected a whole number, at least 0",
        "misspelt": "ArgumentError: arange: there is no option "dtpye"; did you mean "dtype"?",
        "nothing": "ArgumentError: arange: stop is undefined, expected a finite number",
        "null": "ArgumentError: arange: stop is null, expected a finite number",
        "oneHot, classes": "ArgumentError: oneHot: classes is the string "3", expected a whole number, at least 0",
        "options in the middle": "ArgumentError: arange: stop is an object, expected a finite number",
        "options only": "ArgumentError: arange: stop is an object, expected a finite number",
        "step 0": "ArgumentError: arange: cannot go from 0 to 3 by steps of 0",
        "text": "ArgumentError: arange: stop is the string "3", expected a finite number",
        "text as a stop": "ArgumentError: arange: the options are the string "3", expected an object such as { dtype: …, generator: … }",
        "too many": "ShapeError: arange: a float32 tensor of shape [1000000000000] takes 4000 GB, which cannot be allocated",
      }
    `);
  });
});

describe("different elements", () => {
  const values = tensor([[3, 1, 3], [2, 1, 7]]);

  test("are sorted, or in the order of their first appearance", () => {
    const sorted = nn.unique(values);
    expect([sorted.values, sorted.inverse, sorted.counts].map((each) => each.toArray())).toEqual([[1, 2, 3, 7], [[2, 0, 2], [1, 0, 3]], [2, 1, 2, 1]]);
    const first = nn.unique(values, { order: "appearance" });
    expect([first.values, first.inverse, first.counts].map((each) => each.toArray())).toEqual([[3, 1, 2, 7], [[0, 1, 0], [2, 1, 3]], [2, 2, 1, 1]]);
    expect(nn.unique(tensor([NaN, 1, NaN]), { order: "appearance" }).values.toArray()).toEqual([NaN, 1, NaN]);
    expect(nn.unique(tensor([]), { order: "appearance" }).values.toArray()).toEqual([]);
  });

  test("refuse other orders", () => {
    expect(() => nn.unique(values, { order: wrong("first") })).toThrow('unique: order is the string "first", expected "sorted" or "appearance"');
  });
});

describe("histograms", () => {
  test("count the elements in their range", () => {
    expect(nn.histogram(tensor([0, 1, 1, 4, NaN]), { bins: 4, low: 0, high: 4 }).toArray()).toEqual([1, 2, 0, 1]);
    expect(nn.histogram(tensor([2, 2]), { bins: 2 }).toArray()).toEqual([0, 2]);
    expect(nn.histogram(tensor([]), { bins: 2, low: 0, high: 1 }).toArray()).toEqual([0, 0]);
  });

  test("refuse elements without a range", () => {
    expect(messagesOf({
      "NaN": () => nn.histogram(tensor([1, NaN])),
      "infinity": () => nn.histogram(tensor([1, Infinity]), { low: 0 }),
      "a limit beyond": () => nn.histogram(tensor([1, 2]), { low: 3 }),
      "nothing": () => nn.histogram(tensor([]), { low: 0 }),
      "bins": () => nn.histogram(tensor([1]), { bins: 2.5 }),
    })).toMatchInlineSnapshot(`
      {
        "NaN": "ArgumentError: histogram: the range is from NaN to NaN, expected finite numbers, low not above high",
        "a limit beyond": "ArgumentError: histogram: the range is from 3 to 2, expected finite numbers, low not above high",
        "bins": "ArgumentError: histogram: bins is 2.5, expected a positive whole number",
        "infinity": "ArgumentError: histogram: the range is from 0 to Infinity, expected finite numbers, low not above high",
        "nothing": "ArgumentError: histogram: there are no elements to take the range from; give low and high",
      }
    `);
  });
});

test("changing a shape afterwards does not change the tensor", () => {
  const makers: readonly ((shape: number[]) => nn.Tensor)[] = [
    nn.zeros, nn.uniform, nn.normal, (shape) => nn.full(shape, 1), (shape) => nn.hostCallback(() => [1, 2], { shape }), (shape) => tensor([1, 2], { shape }), (shape) => nn.bernoulli(0.5, shape),
  ];
  for (const make of makers) {
    const shape = [2];
    const made = make(shape);
    shape[0] = 9;
    expect(made.shape).toEqual([2]);
  }
});
