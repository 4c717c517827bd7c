import { compile } from "@nn/compiler";
import { GlobalAvgPool, Hardshrink, Linear, Module, scaledDotProductAttention, Softmin, Softshrink, Softsign } from "@nn/layers";
import { elasticNetPenalty, l1Penalty } from "@nn/losses";
import { Optimizer, type UpdateRule } from "@nn/optim";
import * as nn from "@nn/tensor";
import { gradientsOf, tensor, Variable, zeros, type DType, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { seedsOf } from "../plain/check.js";
import { Random } from "../plain/random.js";
import { tensorEntries } from "../plain/tables.js";

function messageOf(attempt: () => unknown): string {
  try {
    attempt();
  } catch (error) {
    return String(error);
  }
  return "no error";
}

/** The trials of these call another function with the same inputs first. */
const callsOthers = new Set(["indexAt", "maxUnpool1d", "maxUnpool2d", "maxUnpool3d"]);

const shapes: readonly ((shape: readonly number[]) => readonly number[])[] = [
  (shape) => shape, (shape) => shape.slice(1), (shape) => [2, ...shape], () => [], () => [2, 3, 4],
  (shape) => shape.map((size, axis) => (axis === 0 ? 0 : size)),
  (shape) => shape.map((size, axis) => (axis === shape.length - 1 ? size + 1 : size)),
  (shape) => shape.map((size, axis) => (axis === shape.length - 1 ? 0 : size)),
];

const made = (shape: readonly number[], dtype: DType): Tensor => {
  const size = shape.reduce((product, length) => product * length, 1);
  return tensor(Array.from({ length: size }, (_, at) => at % 3), { shape, dtype: dtype === "bool" ? "int32" : dtype }).cast(dtype);
};

describe("an error names the operation that was called, not one inside it", () => {
  test.each(Object.entries(tensorEntries).filter(([name]) => !callsOthers.has(name)))("%s, of wrong shapes and dtypes", (name, entry) => {
    const named = new RegExp(`^\\w+Error: ${name}\\b|^no error`);
    const wrong = seedsOf(name).slice(0, 2).flatMap((seed) => {
      const trial = entry(new Random(seed));
      return trial.inputs.flatMap((_, changed) => (["float32", "float64", "int32", "bool"] as const).flatMap((dtype) => shapes.flatMap((change) => {
        const inputs = trial.inputs.map(({ shape }, at) => (at === changed ? made(change(shape), dtype) : made(shape, "float32")));
        const message = messageOf(() => trial.ours("float32").call(...inputs));
        return named.test(message) ? [] : [`${message} (${trial.what})`];
      })));
    });
    expect(wrong).toEqual([]);
  });

  const large = 2 ** 31;
  const withoutMemory: readonly (readonly [string, () => unknown])[] = [
    ["zeros", () => zeros([large])], ["ones", () => nn.ones([large])], ["full", () => nn.full([large], 2)],
    ["arange", () => nn.arange(large)], ["linspace", () => nn.linspace(0, 1, large)], ["oneHot", () => nn.oneHot(zeros([2], { dtype: "int32" }), large)],
    ["uniform", () => nn.uniform([large])], ["normal", () => nn.normal([large])], ["truncatedNormal", () => nn.truncatedNormal([large])],
    ["exponential", () => nn.exponential([large])], ["bernoulli", () => nn.bernoulli(0.5, [large], { dtype: "float32" })], ["permutation", () => nn.permutation(large)],
    ["randomIntegers", () => nn.randomIntegers([large], { low: 0, high: 2 })], ["gamma", () => nn.gamma([large], { concentration: 1 })], ["poisson", () => nn.poisson(1, [large])],
  ];

  test.each(withoutMemory)("%s, of a result that does not fit into memory", (name, call) => {
    expect(messageOf(call)).toMatch(new RegExp(`^ShapeError: ${name}: a (float32|float64|int32) tensor of shape \\[.*2147483648\\] takes .* GB, which cannot be allocated$`));
  });

  test("a compiled function that stores no such tensor does not fail", () => {
    expect(compile(() => nn.full([2 ** 31], 0.5).reshape([2 ** 11, 2 ** 20]).sum(1).slice([0]))().item()).toBe(2 ** 19);
  });

  const bool = tensor([[true, false]]);
  const others: readonly (readonly [string, () => unknown])[] = [
    ["binCount", () => nn.binCount(zeros([2], { dtype: "int32" }), { weights: tensor([true, false]) })],
    ["Softmin", () => new Softmin(0).forward(bool)], ["Softsign", () => new Softsign().forward(bool)], ["Hardshrink", () => new Hardshrink().forward(bool)],
    ["Softshrink", () => new Softshrink().forward(bool)], ["GlobalAvgPool", () => new GlobalAvgPool().forward(bool.reshape([1, 1, 2]))],
    ["scaledDotProductAttention", () => scaledDotProductAttention(zeros([1, 2]), zeros([1, 2]), bool)],
    ["l1Penalty", () => l1Penalty([bool])], ["elasticNetPenalty", () => elasticNetPenalty([bool], { l1: 1 })],
  ];

  test.each(others)("%s, of bools", (name, call) => {
    expect(messageOf(call)).toMatch(new RegExp(`^DTypeError: ${name}: `));
  });
});

describe("invalid results of a user's update rule", () => {
  class Mine extends Optimizer<{ mean: Tensor }, object> {
    constructor(rule: Partial<UpdateRule<{ mean: Tensor }, object>>, parameters: readonly Variable[]) {
      super({ init: (parameter) => ({ mean: parameter }), update: ({ parameter, state }) => ({ parameter, state }), ...rule }, parameters, { learningRate: 1 });
    }
  }
  type Given = { readonly state: { readonly mean: Tensor } };
  // oxlint-disable-next-line typescript/no-explicit-any -- what the types forbid
  const wrong: readonly (readonly [any, string])[] = [
    [{ init: () => ({ mean: 1 }) }, 'UsageError: Mine: init returned 1 as state "mean", expected a Tensor'],
    [{ update: () => undefined }, 'UsageError: Mine.step: update returned undefined as state "mean", expected float32 [2]'],
    [{ update: () => ({ parameter: tensor([1, 2]) }) }, 'UsageError: Mine.step: update returned undefined as state "mean", expected float32 [2]'],
    [{ update: () => ({ parameter: tensor([1, 2]), state: { mean: tensor([1]) } }) }, 'UsageError: Mine.step: update returned float32 [1] as state "mean", expected float32 [2]'],
    [{ update: ({ state }: Given) => ({ parameter: tensor(1), state }) }, "UsageError: Mine.step: update returned float32 [] as parameter, expected float32 [2]"],
    [{ update: ({ state }: Given) => ({ parameter: tensor([1, 2], { dtype: "float64" }), state }) }, "UsageError: Mine.step: update returned float64 [2] as parameter, expected float32 [2]"],
    [{ update: ({ state }: Given) => ({ parameter: [1, 2], state }) }, "UsageError: Mine.step: update returned an array of 2 as parameter, expected float32 [2]"],
  ];

  test.each(wrong)("%#", (rule, message) => {
    const weight = new Variable(tensor([1, 2]));
    for (const around of [(step: () => void) => step(), (step: () => void) => compile(step)()]) {
      expect(messageOf(() => {
        const optimizer = new Mine(rule, [weight]);
        around(() => optimizer.step(gradientsOf([weight], [tensor([1, 1])])));
      })).toContain(message);
      expect(weight.value.toArray()).toEqual([1, 2]);
    }
  });
});

test("the error for a model that uses another one, which it does not hold, says how to use a fixed one", () => {
  const teacher = new Linear(2, 2);
  class Student extends Module {
    override forward(x: Tensor): Tensor {
      return teacher.forward(x);
    }
  }
  expect(messageOf(() => new Student().forward(zeros([1, 2])))).toContain(", or freeze it (trainable = false, eval()), as a teacher");
  for (const parameter of teacher.parameters()) parameter.trainable = false;
  teacher.eval();
  expect(new Student().forward(zeros([1, 2])).shape).toEqual([1, 2]);
});
