import { checkGradients, valueAndGrad } from "@nn/autograd";
import { Generator, norm, normal, sum, tensor, Variable } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { Conv2d, ConvTranspose2d, Linear, removeReparametrization, ReLU, Sequential, spectralNorm, weightNorm } from "../../src/index.js";

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

describe("spectral normalisation", () => {
  test("the weight has the largest singular value 1", () => {
    const layer = spectralNorm(new Linear(6, 4, { ...options(), bias: false }), { generator: new Generator(1) });
    for (let use = 0; use < 50; use++) layer.forward(normal([1, 6], options()));
    const gram = layer.eval().weight.value;
    const [u, v] = [layer.stateDict()["weight_u"], layer.stateDict()["weight_v"]];
    expect(u?.matmul(gram).matmul(v ?? u).item()).toBeCloseTo(1, 6);
    for (let seed = 0; seed < 20; seed++) {
      const x = normal([6], { dtype: "float64", generator: new Generator(seed) });
      expect(norm(layer.forward(x)).item()).toBeLessThanOrEqual(norm(x).item() * (1 + 1e-6));
    }
  });

  test("the iteration continues in training only", () => {
    const layer = spectralNorm(new Conv2d(2, 4, 3, { generator: new Generator(1) }), { generator: new Generator(2) });
    const vectors = (): unknown => [layer.stateDict()["weight_u"]?.toArray(), layer.stateDict()["weight_v"]?.toArray()];
    const x = normal([1, 2, 4, 4], { generator: new Generator(3) });
    const before = vectors();
    layer.eval().forward(x);
    expect(vectors()).toEqual(before);
    layer.train().forward(x);
    expect(vectors()).not.toEqual(before);
    expect(Object.entries(layer.stateDict()).map(([name, { shape }]) => [name, shape])).toEqual([
      ["bias", [4]], ["weight_orig", [4, 2, 3, 3]], ["weight_u", [4]], ["weight_v", [18]],
    ]);
  });

  test("gradients agree with central differences for fixed singular vectors", () => {
    const layer = spectralNorm(new ConvTranspose2d(2, 3, 2, options()), { axis: 1, generator: new Generator(1) }).eval();
    expect(layer.stateDict()["weight_u"]?.shape).toEqual([3]);
    const original = layer.parameters().find(({ shape }) => shape.length === 4) ?? new Variable(tensor(0));
    expect(() => checkGradients((weight) => {
      original.value = weight;
      return layer.forward(normal([1, 2, 3, 3], options()));
    }, [original.value])).not.toThrow();
  });
});

test("a mode set on an outer module reaches the layer, and names are kept in models", () => {
  const model = new Sequential(spectralNorm(new Linear(3, 3)), new ReLU(), weightNorm(new Linear(3, 1)));
  expect(Object.keys(model.stateDict())).toEqual(["0.bias", "0.weight_orig", "0.weight_u", "0.weight_v", "2.bias", "2.weight_g", "2.weight_v"]);
  expect(model.parameters().length).toBe(5);
  expect(model.buffers().length).toBe(2);
});

test("errors", () => {
  expect(() => weightNorm(new ReLU())).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: weightNorm: ReLU has no parameter in the field "weight"]`);
  expect(() => weightNorm(weightNorm(new Linear(2, 2)))).toThrowErrorMatchingInlineSnapshot(`[UsageError: weightNorm: "weight" of Linear is computed from others already; call removeReparametrization first]`);
  expect(() => weightNorm(new Linear(2, 2), { axis: 2 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: weightNorm: axis 2 is out of range; expected -2 to 1 for rank 2]`);
  expect(() => spectralNorm(new Linear(2, 2), { iterations: 0 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: spectralNorm: iterations is 0, expected a positive whole number]`);
  expect(() => removeReparametrization(new Linear(2, 2))).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: removeReparametrization: "weight" of Linear is not computed from other parameters]`);
});
