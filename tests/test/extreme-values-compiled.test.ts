import * as nn from "@nn/tensor";
import { compile } from "@nn/compiler";
import { tensor, type FloatDType, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";

const special = [NaN, Infinity, -Infinity, 0, -0, 1, -1, 0.5, -0.5, 2.5, -2.5, -1e-10, 100, -100, 1e30, -1e30, 2, -1.00001, 3];
/** The same values in another order, which pairs each with a different one, NaN with an infinity too. */
const others = [...special.slice(1), NaN];

const unary = [
  "relu", "leakyRelu", "elu", "sigmoid", "logSigmoid", "softplus", "gelu", "silu", "neg", "abs", "sign", "floor", "ceil", "round", "trunc", "frac", "reciprocal",
  "square", "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sqrt", "rsqrt", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh",
  "acosh", "atanh", "erf", "erfc", "erfInv", "sinc", "lgamma", "digamma", "logit", "nanToNum", "isNaN", "isFinite", "isInfinite",
] as const;
const binary = [
  "add", "sub", "mul", "div", "pow", "maximum", "minimum", "fmax", "fmin", "remainder", "fmod", "floorDivide", "hypot", "logAddExp", "logAddExp2", "xlogy", "copySign",
  "atan2", "equal", "less", "lessEqual", "greater", "greaterEqual", "isClose", "clamp",
] as const;

type Combination = (x: Tensor, y: Tensor) => Tensor;

const functions: Readonly<Record<string, Combination>> = {
  ...Object.fromEntries(binary.map((name) => [name, Reflect.get(nn, name) as Combination])),
  ...Object.fromEntries(unary.map((name) => [name, (x: Tensor) => (Reflect.get(nn, name) as (x: Tensor) => Tensor)(x)])),
  "clamp to an upper limit": (x, y) => nn.clamp(x, undefined, y),
  "running maximum": (x) => nn.cumMax(x, 0).values,
  "sorted": (x) => nn.argSort(x),
  "quantile along rows": (x, y) => nn.quantile(nn.stack([x, y]), 0.5, { axis: 0 }),
};

/** Whether compiled code may give `got` where eager code gives `want`. */
function agrees(want: number, got: number, dtype: FloatDType): boolean {
  if (Object.is(want, got) || (dtype === "float32" && want === 0 && got === 0)) return true;
  return Number.isFinite(want) && Math.abs(got - want) <= (dtype === "float32" ? 2e-6 : 1e-14) * Math.max(1, Math.abs(want));
}

describe("compiled functions of extreme values give the results of eager ones", () => {
  test.each(Object.entries(functions))("%s", (_, f) => {
    for (const dtype of ["float32", "float64"] as const) {
      const [x, y] = [tensor(special, { dtype }), tensor(others, { dtype })];
      const [eager, compiled] = [f(x, y).toTypedArray(), compile(f)(x, y).toTypedArray()];
      const wrong = special.flatMap((value, at) => {
        const [want, got] = [eager[at] as number, compiled[at] as number];
        return agrees(want, got, dtype) ? [] : [`${dtype} of ${value}, ${others[at]}: eager ${want}, compiled ${got}`];
      });
      expect(wrong).toEqual([]);
    }
  });
});

describe("a compiled program refuses the same values as eager execution", () => {
  const int32 = (values: readonly number[]): Tensor => tensor(values, { dtype: "int32" });
  const refused: readonly [string, (x: Tensor) => Tensor, right: Tensor, wrong: readonly Tensor[]][] = [
    ["oneHot", (x) => nn.oneHot(x, 3), int32([2, 0]), [int32([2, 3]), int32([-1, 0])]],
    ["bernoulli", (x) => nn.bernoulli(x), tensor([0, 1]), [tensor([0.5, 1.5]), tensor([-0.5, 0]), tensor([NaN, 0])]],
    ["poisson", (x) => nn.poisson(x), tensor([0, 0]), [tensor([0.5, -1]), tensor([0, Infinity]), tensor([NaN, 0])]],
    [
      "categorical", (logits) => nn.categorical({ logits }), tensor([[-Infinity, 0], [0, -Infinity]]),
      [tensor([[NaN, 0], [0, 0]]), tensor([[0, 0], [-Infinity, -Infinity]]), tensor([[Infinity, 0], [0, 0]])],
    ],
    [
      "categorical of probabilities", (probabilities) => nn.categorical({ probabilities }), tensor([[1, 0], [0, 0.5]]),
      [tensor([[0, 0], [1, 1]]), tensor([[-1, 2], [1, 1]]), tensor([[1, NaN], [1, 1]])],
    ],
    [
      "categorical without replacement", (probabilities) => nn.categorical({ probabilities }, { samples: 2, replacement: false }).sum(-1), tensor([1, 1]),
      [tensor([1, 0])],
    ],
  ];

  test.each(refused)("%s", (_, f, right, wrong) => {
    const program = compile(f);
    expect(program(right).toArray()).toEqual(f(right).toArray());
    for (const x of wrong) {
      const message = messageOf(() => f(x));
      expect(message).toMatch(/^ArgumentError: (oneHot|bernoulli|poisson|categorical): /);
      expect(messageOf(() => program(x))).toBe(message);
    }
    expect(program(right).toArray()).toEqual(f(right).toArray());
  });
});

function messageOf(attempt: () => unknown): string {
  try {
    attempt();
  } catch (error) {
    return String(error);
  }
  return "no error";
}
