import { expect, test } from "vitest";
import * as nn from "../../src/index.js";
import { messageOf, messagesOf } from "../message.js";

const x = nn.zeros([2, 3]);
const integers = nn.zeros([2, 3], { dtype: "int32" });
const bools = nn.zeros([2, 3], { dtype: "bool" });
const empty = nn.zeros([0, 3]);

test("every reduction names itself when an axis is out of range or occurs twice", () => {
  const reductions = {
    sum: nn.sum, prod: nn.prod, mean: nn.mean, max: nn.max, min: nn.min, any: nn.any, all: nn.all, countNonZero: nn.countNonZero,
    nanSum: nn.nanSum, nanMean: nn.nanMean, logSumExp: nn.logSumExp, variance: nn.variance, std: nn.std,
    varianceAndMean: nn.varianceAndMean, stdAndMean: nn.stdAndMean, norm: (of: nn.Tensor, axis: nn.Axes) => nn.norm(of, { axis }),
  };
  for (const [name, f] of Object.entries(reductions)) {
    expect(messageOf(() => f(x, 2))).toBe(`ArgumentError: ${name}: axis 2 is out of range; expected -2 to 1 for rank 2`);
    expect(messageOf(() => f(x, [0, -2]))).toBe(`ArgumentError: ${name}: axes [0, -2] name one axis twice`);
    expect(messageOf(() => f(nn.tensor(1), 0))).toBe(`ArgumentError: ${name}: axis 0 is out of range; a scalar has no axes`);
  }
  const alongOne = {
    argMax: nn.argMax, argMin: nn.argMin, median: nn.median, cumSum: nn.cumSum, cumProd: nn.cumProd, cumMax: nn.cumMax, cumMin: nn.cumMin,
    logCumSumExp: nn.logCumSumExp, diff: (of: nn.Tensor, axis: number) => nn.diff(of, { axis }),
    quantile: (of: nn.Tensor, axis: number) => nn.quantile(of, 0.5, { axis }),
  };
  for (const [name, f] of Object.entries(alongOne)) {
    expect(messageOf(() => f(x, -3))).toBe(`ArgumentError: ${name}: axis -3 is out of range; expected -2 to 1 for rank 2`);
    expect(messageOf(() => f(x, 0.5))).toBe(`ArgumentError: ${name}: axis 0.5 is out of range; expected -2 to 1 for rank 2`);
  }
});

test("refuses to reduce no elements", () => {
  expect(messagesOf({
    max: () => nn.max(empty),
    min: () => nn.min(empty, 0),
    argMax: () => nn.argMax(empty),
    argMin: () => nn.argMin(empty, 0),
    median: () => nn.median(empty, 0),
    quantile: () => nn.quantile(empty, 0.5),
    norm: () => nn.norm(empty, { p: Infinity }),
  })).toMatchInlineSnapshot(`
    {
      "argMax": "ShapeError: argMax: cannot reduce an axis of size 0, shape [0]; it has no value",
      "argMin": "ShapeError: argMin: cannot reduce an axis of size 0, shape [0, 3]; it has no value",
      "max": "ShapeError: max: cannot reduce an axis of size 0, shape [0, 3]; it has no value",
      "median": "ShapeError: median: cannot reduce an axis of size 0, shape [0, 3]; it has no value",
      "min": "ShapeError: min: cannot reduce an axis of size 0, shape [0, 3]; it has no value",
      "norm": "ShapeError: norm: cannot take the largest or smallest of an axis of size 0, shape [0, 3]",
      "quantile": "ShapeError: quantile: cannot reduce an axis of size 0, shape [0, 3]; it has no value",
    }
  `);
});

test("dtypes and arguments", () => {
  expect(messagesOf({
    "mean of integers": () => nn.mean(integers),
    "nanMean of bools": () => nn.nanMean(bools),
    "variance of integers": () => nn.variance(integers),
    "std of bools": () => nn.std(bools),
    "norm of integers": () => nn.norm(integers),
    "norm of NaN": () => nn.norm(x, { p: NaN }),
    "quantile q": () => nn.quantile(x, 1.5),
    "quantile interpolation": () => Reflect.apply(nn.quantile, undefined, [x, 0.5, { interpolation: "cubic" }]),
    "diff order": () => nn.diff(x, { order: -1 }),
  })).toMatchInlineSnapshot(`
    {
      "diff order": "ArgumentError: diff: order is -1, expected a whole number, at least 0",
      "mean of integers": "DTypeError: mean: input has dtype int32, expected float32 or float64; convert it with .cast("float32")",
      "nanMean of bools": "DTypeError: nanMean: input has dtype bool, expected float32 or float64; convert it with .cast("float32")",
      "norm of NaN": "ArgumentError: norm: p is NaN, expected a number",
      "norm of integers": "DTypeError: norm: input has dtype int32, expected float32 or float64; convert it with .cast("float32")",
      "quantile interpolation": "ArgumentError: quantile: interpolation is the string "cubic", expected "linear", "lower", "higher", "nearest" or "midpoint"",
      "quantile q": "ArgumentError: quantile: q is 1.5, expected a number from 0 to 1",
      "std of bools": "DTypeError: std: input has dtype bool, expected float32 or float64; convert it with .cast("float32")",
      "variance of integers": "DTypeError: variance: input has dtype int32, expected float32 or float64; convert it with .cast("float32")",
    }
  `);
});
