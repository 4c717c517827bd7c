import { checkGradients, valueAndGrad } from "@nn/autograd";
import { Generator, mean, normal, square, sum, zeros, type Tensor } from "@nn/tensor";
import { expect, test } from "vitest";
import { GroupNorm, InstanceNorm1d, InstanceNorm2d, InstanceNorm3d, LayerNorm, LocalResponseNorm, RMSNorm } from "../../src/index.js";

const random = (shape: readonly number[], seed = 1): Tensor => normal(shape, { mean: 3, std: 2, dtype: "float64", generator: new Generator(seed) });

test.each([
  ["layers", new LayerNorm([3, 4], { dtype: "float64" }), [2, 3, 4], [1, 2]],
  ["groups of all channels", new GroupNorm(1, 3, { dtype: "float64" }), [2, 3, 4], [1, 2]],
  ["instances", new InstanceNorm2d(3, { dtype: "float64" }), [2, 3, 4, 5], [2, 3]],
  ["volumes", new InstanceNorm3d(2, { dtype: "float64" }), [2, 2, 2, 3, 2], [2, 3, 4]],
])("%s get mean 0 and variance 1", (_, layer, shape, axes) => {
  const y = layer.forward(random(shape));
  for (const value of mean(y, axes).toTypedArray()) expect(value).toBeCloseTo(0, 12);
  for (const value of mean(square(y), axes).toTypedArray()) expect(value).toBeCloseTo(1, 4);
});

test("gradients agree with central differences", () => {
  const weights = random([2, 4, 3], 2);
  for (const layer of [
    new LayerNorm([4, 3], { dtype: "float64" }), new RMSNorm(3, { dtype: "float64" }), new GroupNorm(2, 4, { dtype: "float64" }),
    new InstanceNorm1d(4, { affine: true, dtype: "float64" }), new LocalResponseNorm(3, { alpha: 0.5 }),
  ]) {
    expect(() => checkGradients((x) => layer.forward(x).mul(weights), [random([2, 4, 3])])).not.toThrow();
  }
});

test("empty tensors stay empty", () => {
  const empty = (...shape: number[]): Tensor => zeros(shape, { dtype: "float64" });
  const f64 = { dtype: "float64" } as const;
  expect(new LayerNorm(3, f64).forward(empty(0, 3)).shape).toEqual([0, 3]);
  expect(new LayerNorm([2, 3], f64).forward(empty(4, 0, 2, 3)).shape).toEqual([4, 0, 2, 3]);
  expect(new RMSNorm(3, f64).forward(empty(0, 3)).shape).toEqual([0, 3]);
  expect(new GroupNorm(2, 4, f64).forward(empty(0, 4, 5)).shape).toEqual([0, 4, 5]);
  expect(new GroupNorm(2, 4, f64).eval().forward(empty(0, 4, 5)).shape).toEqual([0, 4, 5]);
  expect(new LocalResponseNorm(3).forward(empty(0, 4, 5)).shape).toEqual([0, 4, 5]);
  expect(new InstanceNorm1d(4, f64).forward(empty(0, 4, 5)).shape).toEqual([0, 4, 5]);
  const layer = new LayerNorm(3, f64);
  const { gradients } = valueAndGrad(() => sum(layer.forward(empty(0, 3))), layer.parameters());
  expect(gradients.map((gradient) => gradient.toArray())).toEqual([[0, 0, 0], [0, 0, 0]]);
});
