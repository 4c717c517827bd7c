import { checkGradients } from "@nn/autograd";
import { Generator, normal, tensor, zeros } from "@nn/tensor";
import { expect, test } from "vitest";
import { Conv2d, Identity, Linear, Residual, Sequential, SqueezeExcitation, Tanh } from "../../src/index.js";

test("a residual block adds its input, or its shortcut", () => {
  const x = tensor([[1, 2]]);
  expect(new Residual(new Identity()).forward(x).toArray()).toEqual([[2, 4]]);
  const block = new Residual(new Linear(2, 3, { initializeWeight: () => zeros([3, 2]), bias: false }), { shortcut: new Linear(2, 3) });
  expect(block.forward(x).toArray()).toEqual(block.shortcut?.forward(x).toArray());
  expect(Object.keys(block.stateDict())).toEqual(["body.weight", "shortcut.weight", "shortcut.bias"]);
});

test("gradients agree with central differences", () => {
  const options = { dtype: "float64", generator: new Generator(1) } as const;
  const block = new Residual(new Sequential(new Conv2d(4, 4, 3, { ...options, padding: 1 }), new Tanh(), new SqueezeExcitation(4, 2, options)));
  expect(() => checkGradients((x) => block.forward(x), [normal([2, 4, 3, 3], options)])).not.toThrow();
});

test("errors", () => {
  expect(() => new Residual(new Linear(2, 3)).forward(zeros([4, 2]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: Residual: the body gives [4, 3] but the input is [4, 2]; give a shortcut that changes the shape as the body does]`);
  expect(() => new Residual(new Linear(2, 3), { shortcut: new Linear(2, 1) }).forward(zeros([4, 2]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: Residual: the body gives [4, 3] but the shortcut is [4, 1]; they must agree]`);
});
