import { checkGradients } from "@nn/autograd";
import { Generator, normal, tensor, zeros } from "@nn/tensor";
import { expect, test } from "vitest";
import { Concat, Conv2d, Identity, Linear, Parallel, Residual, Sequential, SqueezeExcitation, Tanh } from "../../src/index.js";

test("a residual block adds its input, or its shortcut", () => {
  const x = tensor([[1, 2]]);
  expect(new Residual(new Identity()).forward(x).toArray()).toEqual([[2, 4]]);
  const block = new Residual(new Linear(2, 3, { initializeWeight: () => zeros([3, 2]), bias: false }), { shortcut: new Linear(2, 3) });
  expect(block.forward(x).toArray()).toEqual(block.shortcut?.forward(x).toArray());
  expect(Object.keys(block.stateDict())).toEqual(["body.weight", "shortcut.weight", "shortcut.bias"]);
});

test("branches are added or concatenated, and named by their indices", () => {
  const branches = [new Identity(), new Sequential(new Identity(), new Linear(2, 2))] as const;
  const x = tensor([[1, 2]]);
  const second = branches[1].forward(x);
  expect(new Parallel(branches).forward(x).toArray()).toEqual(x.add(second).toArray());
  expect(new Concat(branches).forward(x).slice([null, { start: 2 }]).toArray()).toEqual(second.toArray());
  expect(Object.keys(new Concat(branches).stateDict())).toEqual(["1.1.weight", "1.1.bias"]);
  expect(new Concat(branches, { axis: 0 }).forward(x).shape).toEqual([2, 2]);
  expect(new Parallel(branches).eval().branches[1].training).toBe(false);
});

test("gradients agree with central differences", () => {
  const options = { dtype: "float64", generator: new Generator(1) } as const;
  const block = new Residual(new Sequential(new Conv2d(4, 4, 3, { ...options, padding: 1 }), new Tanh(), new SqueezeExcitation(4, 2, options)));
  expect(() => checkGradients((x) => block.forward(x), [normal([2, 4, 3, 3], options)])).not.toThrow();
});

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

test("errors", () => {
  expect(() => new Residual(new Linear(2, 3)).forward(zeros([4, 2]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: Residual: the body gives [4, 3] but the input is [4, 2]; give a shortcut that changes the shape as the body does]`);
  expect(() => new Residual(new Linear(2, 3), { shortcut: new Linear(2, 1) }).forward(zeros([4, 2]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: Residual: the body gives [4, 3] but the shortcut is [4, 1]; they must agree]`);
  expect(() => new Parallel([new Identity(), new Linear(2, 1)]).forward(zeros([4, 2]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: Parallel: branches give [4, 2] and [4, 1], expected one shape]`);
  expect(() => new Concat([])).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: Concat: no branches, expected at least one module]`);
});
