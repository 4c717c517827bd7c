import { Generator, normal, zeros, type Tensor } from "@nn/tensor";
import { expect, test } from "vitest";
import { Conv2d, ConvTranspose1d, ConvTranspose2d } from "../../src/index.js";

const random = (shape: readonly number[], seed = 1): Tensor => normal(shape, { dtype: "float64", generator: new Generator(seed) });

test("a transposed convolution is the adjoint of the convolution", () => {
  const [weight, x, y] = [random([2, 3, 3, 3]), random([1, 3, 7, 8], 2), random([1, 2, 4, 4], 3)];
  const forward = new Conv2d(3, 2, 3, { stride: 2, padding: 1, bias: false, dtype: "float64", initializeWeight: () => weight });
  const back = new ConvTranspose2d(2, 3, 3, { stride: 2, padding: 1, bias: false, dtype: "float64", initializeWeight: () => weight });
  expect(forward.forward(x).mul(y).sum().item()).toBeCloseTo(x.mul(back.forward(y, [7, 8])).sum().item(), 10);
});

test("errors", () => {
  expect(() => new ConvTranspose1d(1, 1, 3, { stride: 2 }).forward(zeros([1, 1, 4]), 12)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: ConvTranspose1d: outputSize is [12], expected from [9] to [10] for an input of [4]]`);
  expect(() => new ConvTranspose1d(1, 1, 3, { outputPadding: 1 }).forward(zeros([1, 1, 4]))).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: convTranspose1d: outputPadding 1 must be less than the larger of stride and dilation, 1]`);
});
