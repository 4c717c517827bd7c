import { floor, sin, tensor, type Tensor } from "@nn/tensor";
import { expect, test } from "vitest";
import { checkGradients, customVjp } from "../src/index.js";
import { exact, sample } from "./samples.js";

test("passes if gradients are right, at the requested orders", () => {
  checkGradients((x, y) => x.div(y).tanh(), [sample([2, 3]), sample([3], 1, 2)], { order: 3, tolerance: 1e-5 });
  checkGradients((x) => [sin(x), x.sum()], [tensor([1, 2])], { order: 2 });
  checkGradients((x) => x, [exact([])]);
});

const twice = customVjp((x: Tensor) => x.mul(2), (gradient) => [gradient.mul(3)]);

test("reports where a gradient is wrong", () => {
  expect(() => checkGradients((x, y) => twice(x).add(y), [tensor([[1, 2]]), tensor(1)])).toThrowErrorMatchingInlineSnapshot(`
    [GradientError: checkGradients: 2 of 3 derivatives of order 1 differ from central differences by more than 0.000001:
      input 0[0, 1]: gradient 3.2515594903585727, central difference 2.167706326883234
      input 0[0, 0]: gradient 6.120906917604419, central difference 4.080604611811367]
  `);
  expect(() => checkGradients(twice, [tensor(1)])).toThrowErrorMatchingInlineSnapshot(`
    [GradientError: checkGradients: 1 of 1 derivatives of order 1 differ from central differences by more than 0.000001:
      input 0[]: gradient 6.120906917604419, central difference 4.080604611722549]
  `);
});

test("finds an error that only the second derivative has", () => {
  const cubeWithFrozenSlope = customVjp((x: Tensor) => x.pow(3), (gradient, { inputs: [x] }) => [gradient.mul(x.detach().square().mul(3))]);
  checkGradients(cubeWithFrozenSlope, [exact([2], [])]);
  expect(() => checkGradients(cubeWithFrozenSlope, [exact([2], [])], { order: 2 })).toThrow("derivatives of order 2 differ");
});

test("refuses NaN, and gradients across a jump", () => {
  expect(() => checkGradients((x) => x.log(), [exact([-1])])).toThrow("1 of 1 derivatives of order 1 differ");
  expect(() => checkGradients((x) => floor(x), [exact([1, 1.5])])).toThrow("1 of 2 derivatives");
});

test("errors", () => {
  expect(() => checkGradients((x) => x.cast("float32"), [tensor([1, 2], { dtype: "int32" })])).toThrowErrorMatchingInlineSnapshot(`[DTypeError: checkGradients: input 0 has dtype int32, expected float32 or float64; convert it with .cast("float32")]`);
});
