import { checkGradients } from "@nn/autograd";
import { Generator, norm, normal, tensor, Variable } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { Conv2d, ConvTranspose2d, Linear, spectralNorm } from "../../src/index.js";

const options = () => ({ dtype: "float64", generator: new Generator(1) }) as const;

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

test("errors", () => {
  expect(() => spectralNorm(new Linear(2, 2), { iterations: 0 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: spectralNorm: iterations is 0, expected a positive whole number]`);
});
