import { gradientsOf, tensor, Variable, zeros, type Gradients, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { Adam, GradientAccumulation, SGD } from "../../src/index.js";

const variable = (...values: number[]): Variable => new Variable(tensor(values));
const gradient = (...values: number[]): Tensor => tensor(values);

describe("GradientAccumulation", () => {
  test("takes one step with the mean, or the sum, of a round", () => {
    const taken = (reduction: "mean" | "sum"): unknown => {
      const x = variable(0, 0);
      const optimizer = new GradientAccumulation(new SGD([x], { learningRate: 1 }), { every: 3, reduction });
      for (const each of [1, 2, 6, 10]) optimizer.step(gradientsOf(optimizer.parameters, [gradient(each, -each)]));
      return x.value.toArray();
    };
    expect(taken("mean")).toEqual([-3, 3]);
    expect(taken("sum")).toEqual([-9, 9]);
  });

  test("keeps rounds separate, and counts the optimizer's steps for its schedule", () => {
    const x = variable(0);
    const inner = new SGD([x], { learningRate: (step) => 10 ** step });
    const optimizer = new GradientAccumulation(inner, { every: 2, reduction: "sum" });
    for (const each of [1, 2, 3, 4]) optimizer.step(gradientsOf(optimizer.parameters, [gradient(each)]));
    expect(x.value.toArray()).toEqual([-(3 + 70)]);
    expect(inner.steps).toBe(2);
  });

  test("with rounds of one call equals the optimizer", () => {
    const [x, y] = [variable(1), variable(1)];
    const [wrapped, plain] = [new GradientAccumulation(new Adam([x]), { every: 1 }), new Adam([y])];
    for (const each of [3, -2]) for (const optimizer of [wrapped, plain]) optimizer.step(gradientsOf(optimizer.parameters, [gradient(each)]));
    expect(x.value.toArray()).toEqual(y.value.toArray());
  });

  test("applies a transformation to the accumulated gradients", () => {
    const x = variable(0);
    const seen: unknown[] = [];
    const transform = (gradients: Gradients<Tensor | undefined>): Gradients<Tensor | undefined> => {
      seen.push(gradients.map((each) => each?.toArray()));
      return gradients.map((each) => each?.mul(2));
    };
    const optimizer = new GradientAccumulation(new SGD([x], { learningRate: 1 }), { every: 2, transform });
    for (const each of [1, 3]) optimizer.step(gradientsOf(optimizer.parameters, [gradient(each)]));
    expect([seen, x.value.toArray()]).toEqual([[[[2]]], [-4]]);
  });

  test("leaves a parameter without a gradient in a whole round unchanged, and refuses one without a gradient in a part of it", () => {
    const [x, y] = [variable(1), variable(1)];
    const optimizer = new GradientAccumulation(new Adam([x, y], { learningRate: 0.1, weightDecay: 1 }), { every: 2 });
    for (let call = 0; call < 2; call++) optimizer.step(gradientsOf(optimizer.parameters, [gradient(1), undefined]));
    expect(y.value.item()).toBe(1);
    optimizer.step(gradientsOf(optimizer.parameters, [gradient(1), gradient(1)]));
    expect(() => optimizer.step(gradientsOf(optimizer.parameters, [undefined, gradient(1)]))).toThrowErrorMatchingInlineSnapshot(`[UsageError: GradientAccumulation.step: parameters without a gradient: 0, but before in this round: none; give zeros instead]`);
  });

  test("continues from a state dictionary in the middle of a round", () => {
    const build = () => {
      const x = variable(1, -2);
      return { x, optimizer: new GradientAccumulation(new Adam([x], { learningRate: 0.1 }), { every: 3 }) };
    };
    const take = ({ optimizer }: ReturnType<typeof build>, from: number, to: number): void => {
      for (let call = from; call < to; call++) optimizer.step(gradientsOf(optimizer.parameters, [gradient(Math.sin(call), Math.cos(3 * call))]));
    };
    const [whole, first, second] = [build(), build(), build()];
    take(whole, 0, 12);
    take(first, 0, 5);
    second.x.value = first.x.value;
    second.optimizer.loadStateDict(first.optimizer.stateDict());
    take(second, 5, 12);
    expect(second.x.value.toArray()).toEqual(whole.x.value.toArray());
    expect(second.optimizer.stateDict()).toEqual(whole.optimizer.stateDict());
  });

  test("a flush ends an unfinished round with the mean, or the sum, of its gradients", () => {
    for (const [reduction, moved] of [["mean", 3], ["sum", 6]] as const) {
      const x = variable(0);
      const optimizer = new GradientAccumulation(new SGD([x], { learningRate: 1 }), { every: 4, reduction });
      expect(optimizer.flush()).toBe(false);
      for (const each of [2, 4]) optimizer.step(gradientsOf(optimizer.parameters, [gradient(each)]));
      expect(optimizer.flush()).toBe(true);
      expect(x.value.item()).toBe(-moved);
      expect(optimizer.flush()).toBe(false);
      // The next call begins a round.
      for (const each of [1, 1, 1]) optimizer.step(gradientsOf(optimizer.parameters, [gradient(each)]));
      expect(x.value.item()).toBe(-moved);
      optimizer.step(gradientsOf(optimizer.parameters, [gradient(1)]));
      expect(x.value.item()).toBe(reduction === "mean" ? -moved - 1 : -moved - 4);
    }
  });

  test("a flush applies the transformation and leaves parameters without a gradient unchanged, also after loading", () => {
    const build = () => {
      const [x, y] = [variable(1), variable(1)];
      return { x, y, optimizer: new GradientAccumulation(new SGD([x, y], { learningRate: 1, weightDecay: 0.5 }), { every: 3, transform: (given) => given.map((each) => each?.mul(10)) }) };
    };
    const [first, second] = [build(), build()];
    first.optimizer.step(gradientsOf(first.optimizer.parameters, [gradient(1), undefined]));
    const saved = first.optimizer.stateDict();
    expect(saved.missing).toEqual([1]);
    second.optimizer.loadStateDict({ ...(JSON.parse(JSON.stringify({ ...saved, tensors: undefined, inner: undefined })) as typeof saved), tensors: saved.tensors, inner: saved.inner });
    for (const { x, y, optimizer } of [first, second]) {
      optimizer.flush();
      expect([x.value.item(), y.value.item()]).toEqual([1 - 10.5, 1]);
      expect(optimizer.stateDict()).toMatchObject({ calls: 3, missing: [] });
    }
  });

  test("refuses arguments that do not fit", () => {
    const inner = new SGD([variable(1)], { learningRate: 1 });
    expect(() => new GradientAccumulation(inner, { every: 0 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: GradientAccumulation: every is 0, expected a positive whole number]`);
    expect(() => new GradientAccumulation(inner, { every: 2, reduction: "max" as never })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: GradientAccumulation: reduction is the string "max", expected "mean" or "sum"]`);
    const optimizer = new GradientAccumulation(inner, { every: 2 });
    expect(() => optimizer.step(gradientsOf(optimizer.parameters, []))).toThrowErrorMatchingInlineSnapshot(`[UsageError: gradientsOf: got 0 gradients for 1 variables]`);
    expect(() => optimizer.step(gradientsOf(optimizer.parameters, [gradient(1, 2)]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: gradientsOf: gradient 0 is [2], expected [1] as its variable]`);
    const saved = optimizer.stateDict();
    expect(() => optimizer.loadStateDict({ ...saved, tensors: { "0.sum": zeros([2]), "1.sum": zeros([1]) } })).toThrowErrorMatchingInlineSnapshot(`
      [UsageError: GradientAccumulation.loadStateDict: the state dictionary does not fit
        unexpected: 1.sum
        wrong type: 0.sum (float32 [2]), expected float32 [1]]
    `);
    expect(optimizer.stateDict()).toEqual(saved);
  });
});
