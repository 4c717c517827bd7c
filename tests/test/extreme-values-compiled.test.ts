import * as nn from "@nn/tensor";
import { compile } from "@nn/compiler";
import { tensor, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";

const special = [NaN, Infinity, -Infinity, 0, -0, 1, -1, 0.5, -0.5, 2.5, -2.5, -1e-10, 100, -100, 1e30, -1e30, 2, -1.00001, 3];
/** The same in an order that pairs each with another, NaN with an infinity too. */
const others = [...special.slice(1), NaN];

const unary = [
  "relu", "leakyRelu", "elu", "sigmoid", "logSigmoid", "softplus", "gelu", "silu", "neg", "abs", "sign", "floor", "ceil", "round", "trunc", "frac", "reciprocal",
  "square", "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sqrt", "rsqrt", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh",
  "acosh", "atanh", "erf", "erfc", "erfInv", "sinc", "lgamma", "digamma", "logit", "nanToNum", "isNaN", "isFinite", "isInfinite", "cumMax", "sort",
] as const;
const binary = [
  "add", "sub", "mul", "div", "pow", "maximum", "minimum", "fmax", "fmin", "remainder", "fmod", "floorDivide", "hypot", "logAddExp", "logAddExp2", "xlogy", "copySign",
  "atan2", "equal", "less", "lessEqual", "greater", "greaterEqual", "isClose", "clamp",
] as const;

const functions: Readonly<Record<string, (x: Tensor, y: Tensor) => Tensor>> = {
  ...Object.fromEntries(unary.map((name) => [name, (x: Tensor) => (name === "cumMax" ? nn.cumMax(x, 0).values : name === "sort" ? nn.sort(x).values : nn[name](x))])),
  ...Object.fromEntries(binary.map((name) => [name, (x: Tensor, y: Tensor) => nn[name](x, y)])),
  "clamp to an upper limit": (x, y) => nn.clamp(x, undefined, y),
  "quantile along rows": (x, y) => nn.quantile(nn.stack([x, y]), 0.5, { axis: 0 }),
};

describe("compiled functions of extreme values give what eager ones do", () => {
  test.each(Object.entries(functions))("%s", (_, f) => {
    for (const dtype of ["float32", "float64"] as const) {
      const [x, y] = [tensor(special, { dtype }), tensor(others, { dtype })];
      const eager = f(x, y).toTypedArray();
      const compiled = compile(f)(x, y).toTypedArray();
      const tolerance = dtype === "float32" ? 2e-6 : 1e-14;
      special.forEach((value, at) => {
        const [want, got] = [eager[at] as number, compiled[at] as number];
        const near = Object.is(want, got) || (Number.isFinite(want) && want !== 0 && Math.abs(got - want) <= tolerance * Math.max(1, Math.abs(want)));
        if (!near && !(want === 0 && got === 0 && dtype === "float32")) expect.fail(`${dtype} of ${value}, ${others[at]}: eager ${want}, compiled ${got}`);
      });
    }
  });
});

test("what eager execution refuses by its values is refused when a compiled program runs", () => {
  const oneHot = compile((labels: Tensor) => nn.oneHot(labels, 3));
  expect(oneHot(tensor([2, 0], { dtype: "int32" })).toArray()).toEqual([[0, 0, 1], [1, 0, 0]]);
  expect(() => oneHot(tensor([2, 3], { dtype: "int32" }))).toThrow("out of range");
  expect(() => oneHot(tensor([-1, 0], { dtype: "int32" }))).toThrow("out of range");

  const trials = compile((p: Tensor) => nn.bernoulli(p));
  expect(trials(tensor([0, 1])).toArray()).toEqual([0, 1]);
  for (const wrong of [[0.5, 1.5], [-0.5, 0], [NaN, 0]]) expect(() => trials(tensor(wrong))).toThrow("out of range");

  const drawn = compile((logits: Tensor) => nn.categorical({ logits }));
  expect(drawn(tensor([[-Infinity, 0], [0, -Infinity]])).toArray()).toEqual([1, 0]);
  for (const wrong of [[[NaN, 0], [0, 0]], [[0, 0], [-Infinity, -Infinity]], [[Infinity, 0], [0, 0]]]) expect(() => drawn(tensor(wrong))).toThrow("out of range");
});
