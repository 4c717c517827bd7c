import { valueAndGrad } from "@nn/autograd";
import { Generator, normal, sum, tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { Conv2d, Linear, removeReparametrization, ReLU, weightNorm } from "../../src/index.js";

const options = () => ({ dtype: "float64", generator: new Generator(1) }) as const;

describe("weight normalisation", () => {
  test("starts with the same weight, and learns length and direction", () => {
    const plain = new Conv2d(2, 3, 3, options());
    const layer = weightNorm(new Conv2d(2, 3, 3, options()));
    const x = normal([1, 2, 4, 4], options());
    expect(layer.forward(x).sub(plain.forward(x)).abs().max().item()).toBeLessThan(1e-12);
    expect(Object.entries(layer.stateDict()).map(([name, { shape }]) => [name, shape])).toEqual([["bias", [3]], ["weight_g", [3, 1, 1, 1]], ["weight_v", [3, 2, 3, 3]]]);
    expect(layer.parameters().includes(layer.weight)).toBe(false);
  });

  test("its length is g for every v", () => {
    const layer = weightNorm(new Linear(3, 2, { generator: new Generator(1) }));
    const state = layer.stateDict();
    layer.loadStateDict({ ...state, weight_g: tensor([[2], [5]]), weight_v: tensor([[3, 0, 4], [0, 0, 0]]) });
    const [row, zero] = [layer.weight.value.slice([0]).toTypedArray(), layer.weight.value.slice([1]).toArray()];
    [1.2, 0, 1.6].forEach((value, at) => expect(row[at]).toBeCloseTo(value, 6));
    expect(zero).toEqual([0, 0, 0]);
  });

  test("gradients agree with central differences", () => {
    const layer = weightNorm(new Linear(3, 2, options()));
    const x = normal([4, 3], options());
    const parameters = layer.parameters();
    const values = parameters.map(({ value }) => value);
    const { gradients } = valueAndGrad(() => sum(layer.forward(x).square()), parameters);
    parameters.forEach((parameter, at) => {
      const value = values[at] ?? x;
      const direction = normal(value.shape, { dtype: "float64", generator: new Generator(at + 5) });
      const valueAt = (step: number): number => {
        parameter.value = value.add(direction.mul(step));
        return sum(layer.forward(x).square()).item();
      };
      const slope = (valueAt(1e-5) - valueAt(-1e-5)) / 2e-5;
      parameter.value = value;
      expect(gradients[at]?.mul(direction).sum().item()).toBeCloseTo(slope, 6);
    });
  });

  test("assigning the weight assigns g and v, and removing the reparametrization keeps the weight", () => {
    const layer = weightNorm(new Linear(2, 1, { bias: false }), { axis: null });
    layer.weight.value = tensor([[3, 4]]);
    expect(layer.stateDict()["weight_g"]?.item()).toBe(5);
    const removed = removeReparametrization(layer);
    expect(removed.weight.value.toArray()).toEqual([[3, 4]]);
    expect(Object.keys(removed.stateDict())).toEqual(["weight"]);
    expect(removed.parameters()).toEqual([layer.weight]);
  });
});

test("errors", () => {
  expect(() => weightNorm(new ReLU())).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: weightNorm: ReLU has no parameter in the field "weight"]`);
  expect(() => weightNorm(new Linear(2, 2), { axis: 2 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: weightNorm: axis 2 is out of range; expected -2 to 1 for rank 2]`);
});
