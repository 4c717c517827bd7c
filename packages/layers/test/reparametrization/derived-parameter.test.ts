import { expect, test } from "vitest";
import { Linear, removeReparametrization, ReLU, Sequential, spectralNorm, weightNorm } from "../../src/index.js";

test("a mode set on an outer module reaches the layer, and names are kept in models", () => {
  const model = new Sequential(spectralNorm(new Linear(3, 3)), new ReLU(), weightNorm(new Linear(3, 1)));
  expect(Object.keys(model.stateDict())).toEqual(["0.bias", "0.weight_orig", "0.weight_u", "0.weight_v", "2.bias", "2.weight_g", "2.weight_v"]);
  expect(model.parameters().length).toBe(5);
  expect(model.buffers().length).toBe(2);
});

test("errors", () => {
  expect(() => weightNorm(weightNorm(new Linear(2, 2)))).toThrowErrorMatchingInlineSnapshot(`[UsageError: weightNorm: "weight" of Linear is computed from others already; call removeReparametrization first]`);
  expect(() => removeReparametrization(new Linear(2, 2))).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: removeReparametrization: "weight" of Linear is not computed from other parameters]`);
});
