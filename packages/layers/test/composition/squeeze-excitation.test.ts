import { Generator, mean, normal, silu, zeros } from "@nn/tensor";
import { expect, test } from "vitest";
import { Hardsigmoid, SiLU, SqueezeExcitation } from "../../src/index.js";

test("squeeze-and-excitation scales each channel by its own factor", () => {
  const layer = new SqueezeExcitation(4, 2, { generator: new Generator(1) });
  expect(Object.entries(layer.stateDict()).map(([name, { shape }]) => [name, shape])).toEqual([
    ["fc1.weight", [2, 4, 1, 1]], ["fc1.bias", [2]], ["fc2.weight", [4, 2, 1, 1]], ["fc2.bias", [4]],
  ]);
  const x = normal([1, 4, 3, 3], { generator: new Generator(2) });
  const factors = layer.forward(x).div(x);
  const spread = factors.max([2, 3]).sub(factors.min([2, 3])).abs().max().item();
  expect(spread).toBeLessThan(1e-5);
  expect(factors.max().item()).toBeLessThan(1);
});

test("its activations can be others", () => {
  const layer = new SqueezeExcitation(4, 2, { generator: new Generator(1), initializeBias: zeros, activation: new SiLU(), scaleActivation: new Hardsigmoid() });
  const x = normal([1, 4, 3, 3], { generator: new Generator(2) });
  const expanded = layer.fc2.forward(silu(layer.fc1.forward(mean(x, [2, 3], { keepAxes: true }))));
  expect(layer.forward(x).sub(x.mul(new Hardsigmoid().forward(expanded))).abs().max().item()).toBe(0);
});

test("activations are modules", () => {
  expect(() => new SqueezeExcitation(4, 2, { activation: silu as never })).toThrow("SqueezeExcitation: argument 0 is a function or a class");
});
