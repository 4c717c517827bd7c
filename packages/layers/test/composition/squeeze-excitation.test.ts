import { Generator, normal } from "@nn/tensor";
import { expect, test } from "vitest";
import { SqueezeExcitation } from "../../src/index.js";

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
