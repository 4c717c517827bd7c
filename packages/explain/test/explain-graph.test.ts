import { customVjp, grad } from "@nn/autograd";
import { gather, manualSeed, matmul, prod, relu, round, sigmoid, softmax, stack, tanh, tensor, uniform, Variable, where, type Tensor } from "@nn/tensor";
import { array, assert, double, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { composed, explainGraph, type ComputationalGraph } from "../src/index.js";

/** The gradient of each input, by name. */
const gradientsOf = (graph: ComputationalGraph): Record<string, number> =>
  Object.fromEntries(graph.nodes.filter(({ kind }) => kind === "input").map(({ name, gradient }) => [name, gradient.item()]));
const labelsOf = (graph: ComputationalGraph): string[] => graph.nodes.map(({ label }) => label);
const rounded = (values: Record<string, number>): Record<string, string> => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value.toFixed(2)]));

describe("figures of the lecture notes", () => {
  test("two apples at 100 with a tax of 10 %", () => {
    const graph = explainGraph(({ price, count, tax }) => price.mul(count).mul(tax), { price: 100, count: 2, tax: 1.1 });
    expect(graph.nodes[graph.output]?.value.item()).toBeCloseTo(220, 12);
    const gradients = gradientsOf(graph);
    expect(gradients["price"]).toBeCloseTo(2.2, 12);
    expect(gradients["count"]).toBeCloseTo(110, 12);
    expect(gradients["tax"]).toBeCloseTo(200, 12);
    const [price, count] = graph.edges;
    // A multiplication swaps its inputs.
    expect([price?.localGradient.item(), count?.localGradient.item(), graph.nodes[3]?.gradient.item()]).toEqual([2, 100, 1.1]);
  });

  const neuron = (inputs: { w0: number; w1: number; w2: number; x0: number; x1: number }, how: "whole" | "apart" = "whole") =>
    explainGraph(({ w0, w1, w2, x0, x1 }) => sigmoid(w0.mul(x0).add(w1.mul(x1)).add(w2)), inputs, { composed: how });
  const values = { w0: 2, w1: -3, w2: -3, x0: -1, x1: -2 };

  test.each(["whole", "apart"] as const)("a neuron with a sigmoid, %s", (how) => {
    const graph = neuron(values, how);
    expect(rounded(gradientsOf(graph))).toEqual({ w0: "-0.20", w1: "-0.39", w2: "0.20", x0: "0.39", x1: "-0.59" });
    expect(graph.nodes[graph.output]?.value.item()).toBeCloseTo(1 / (1 + Math.exp(-1)), 14);
    expect(2 - 0.1 * Number(gradientsOf(graph)["w0"])).toBeCloseTo(2.02, 3);
  });

  test("a sigmoid taken apart has −0.53 at the quotient", () => {
    const graph = neuron(values, "apart");
    expect(labelsOf(graph).slice(5)).toEqual(["×", "×", "+", "+", "−x", "eˣ", "+ 1", "1/x"]);
    const intoQuotient = graph.edges.find(({ to }) => to === graph.output);
    expect(intoQuotient?.localGradient.item()).toBeCloseTo(-1 / (1 + Math.exp(-1)) ** 2, 12);
    expect(intoQuotient?.gradient.item().toFixed(2)).toBe("-0.53");
    expect(labelsOf(neuron(values)).slice(5)).toEqual(["×", "×", "+", "+", "σ"]);
  });

  test("a sum hands its gradient on, and a value that is used twice adds what flows back", () => {
    const graph = explainGraph(({ x }) => x.mul(3).add(x), { x: 5 });
    expect(labelsOf(graph)).toEqual(["x", "× 3", "+"]);
    expect(graph.edges.map(({ from, to, argument, localGradient, gradient }) => [from, to, argument, localGradient.item(), gradient.item()])).toEqual([
      [0, 1, 0, 3, 3], [1, 2, 0, 1, 1], [0, 2, 1, 1, 1],
    ]);
    expect(gradientsOf(graph)).toEqual({ x: 4 });
  });
});

/** Functions of vectors, with movements, products, reductions, selections and constants. */
const functions: Readonly<Record<string, (inputs: { readonly x: Tensor; readonly y: Tensor }) => Tensor>> = {
  "an inner product": ({ x, y }) => x.mul(y).sum(),
  "elements": ({ x, y }) => x.slice([0]).mul(y.slice([1])).add(x.slice([2]).square()),
  "broadcasting and reshaping": ({ x, y }) => x.reshape([3, 1]).mul(y.reshape([1, 3])).transpose().flip(0).square().mean(),
  "a product of matrices": ({ x, y }) => matmul(stack([x, y], 0), stack([y, x], 1)).sum(),
  "softmax and cross-entropy": ({ x, y }) => softmax(x).log().mul(softmax(y)).sum().neg(),
  "a selection": ({ x, y }) => where(x.greater(y), x.exp(), relu(y)).sum(),
  "a gather and a product": ({ x, y }) => prod(gather(x, tensor([2, 0, 0], { dtype: "int32" }), 0).add(y.mul(0.1))),
  "hyperbolic tangents": ({ x, y }) => tanh(x.sub(y)).pow(3).sum(),
};

describe.each(Object.entries(functions))("%s", (_, fn) => {
  test.each(["whole", "apart"] as const)("has the gradients of autograd, %s", (how) => {
    assert(property(array(double({ min: -2, max: 2, noNaN: true }), { minLength: 6, maxLength: 6 }), (numbers) => {
      const [x, y] = [numbers.slice(0, 3), numbers.slice(3)].map((part) => tensor(part, { dtype: "float64" }));
      if (x === undefined || y === undefined) throw new Error("there are two halves");
      const { nodes, edges } = explainGraph(fn, { x, y }, { composed: how });
      expect(nodes[0]?.gradient.sub(grad((input: Tensor) => fn({ x: input, y }))(x)).abs().max().item()).toBeLessThan(1e-9);
      expect(nodes[1]?.gradient.sub(grad((input: Tensor) => fn({ x, y: input }))(y)).abs().max().item()).toBeLessThan(1e-9);
      // A node comes after those that it is computed from.
      expect(edges.every(({ from, to }) => from < to)).toBe(true);
    }), { numRuns: 8 });
  });
});

test("a composed operation is one node, or taken apart", () => {
  const loss = composed("cross-entropy", (scores: Tensor) => softmax(scores).log().slice([0]).neg());
  const whole = explainGraph(({ scores }) => loss(scores).mul(2), { scores: [1, 2, 3] });
  expect(labelsOf(whole)).toEqual(["scores", "cross-entropy", "× 2"]);
  const apart = explainGraph(({ scores }) => loss(scores).mul(2), { scores: [1, 2, 3] }, { composed: "apart" });
  expect(apart.nodes.length).toBeGreaterThan(4);
  expect(apart.nodes[0]?.gradient.sub(whole.nodes[0]?.gradient ?? NaN).abs().max().item()).toBeLessThan(1e-14);
  // Outside of a graph it is the function itself.
  expect(loss(tensor([1, 2, 3])).item()).toBeCloseTo(2.4076, 4);
});

test("variables are inputs, in float64", () => {
  const weight = new Variable(tensor([0.5, -1]), { name: "weight" });
  const graph = explainGraph(({ x }) => weight.value.mul(x).sum(), { x: [3, 4] });
  expect(graph.nodes.map(({ name, kind, value }) => [name, kind, value.dtype])).toEqual([["x", "input", "float64"], ["weight", "input", "float64"], ["mul", "operation", "float64"], ["sum", "operation", "float64"]]);
  expect(graph.nodes[1]?.gradient.toArray()).toEqual([3, 4]);
});

test("what leads nowhere is left out, and an input that is not used has the gradient 0", () => {
  const graph = explainGraph(({ x, y }) => {
    y.exp();
    return x.square();
  }, { x: 3, y: 1 });
  expect(labelsOf(graph)).toEqual(["x", "y", ...labelsOf(graph).slice(2)]);
  expect(graph.nodes.length).toBe(3);
  expect(gradientsOf(graph)).toEqual({ x: 6, y: 0 });
});

test("constants are in the labels", () => {
  const label = (fn: (x: Tensor) => Tensor): string => explainGraph(({ x }) => fn(x), { x: 2 }).nodes.at(-1)?.label ?? "";
  expect([(x: Tensor) => x.add(1), (x: Tensor) => x.add(-1), (x: Tensor) => x.sub(2.5), (x: Tensor) => tensor(1).sub(x), (x: Tensor) => x.mul(-1), (x: Tensor) => x.div(2), (x: Tensor) => tensor(1).div(x), (x: Tensor) => x.pow(2.5), (x: Tensor) => x.pow(0.5), (x: Tensor) => x.maximum(0)].map(label))
    .toEqual(["+ 1", "− 1", "− 2.5", "1 − x", "× −1", "÷ 2", "1/x", "x^2.5", "√x", "max(x, 0)"]);
});

describe("refuses", () => {
  const refused = (run: () => unknown): string => {
    try {
      run();
    } catch (error) {
      return String(error);
    }
    return "nothing";
  };

  test("what has no graph", () => {
    manualSeed(1);
    const through = customVjp((x: Tensor) => round(x), (gradient) => [gradient]);
    const state = new Variable(tensor(1), { name: "state" });
    expect({
      vector: refused(() => explainGraph(({ x }) => x.square(), { x: [1, 2] })),
      nothing: refused(() => explainGraph(() => tensor(1), { x: 1 })),
      comparison: refused(() => explainGraph(({ x }) => x.greater(0).cast("float32"), { x: 1 })),
      integers: refused(() => explainGraph(({ x }) => x.cast("int32"), { x: 1 })),
      none: refused(() => explainGraph(() => tensor(1), {})),
      large: refused(() => explainGraph(({ x }) => x.square().sum(), { x: new Array<number>(1000).fill(1) })),
      own: refused(() => explainGraph(({ x }) => through(x).mul(3), { x: 0.8 })),
      random: refused(() => explainGraph(({ x }) => x.mul(uniform([])), { x: 0.8 })),
      writing: refused(() => explainGraph(({ x }) => (state.value = x.cast("float32")), { x: 0.8 })),
      inside: refused(() => grad((y: Tensor) => (explainGraph(({ x }) => x.exp(), { x: 1 }), y))(tensor(1))),
      leaking: refused(() => explainGraph(({ x }) => {
        const inner: Tensor[] = [];
        const fn = composed("pair", (value: Tensor) => (inner.push(value.exp()), value.square()));
        return fn(x).mul(inner[0] ?? 1);
      }, { x: 1 })),
    }).toMatchSnapshot();
  });

  test("wrong arguments", () => {
    const any = explainGraph as (...args: readonly unknown[]) => unknown;
    expect([
      refused(() => any(3, { x: 1 })), refused(() => any(() => tensor(1), [1])), refused(() => any(() => tensor(1), { x: "a" })), refused(() => any(() => tensor(1), { x: undefined })),
      refused(() => any(({ x }: { x: Tensor }) => x, { x: 1 }, { composed: "all" })), refused(() => any(() => 3, { x: 1 })), refused(() => (composed as (...args: readonly unknown[]) => () => unknown)("f", () => 3)()),
    ]).toMatchSnapshot();
  });
});

test("the same seed gives the same graph", () => {
  manualSeed(1);
  const x = uniform([3]);
  const [one, other] = [1, 2].map(() => explainGraph(({ v }) => v.exp().sum(), { v: x }));
  expect(one?.nodes.map(({ value }) => value.toArray())).toEqual(other?.nodes.map(({ value }) => value.toArray()));
});
