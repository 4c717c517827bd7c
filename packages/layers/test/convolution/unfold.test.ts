import { Generator, normal, type Tensor } from "@nn/tensor";
import { expect, test } from "vitest";
import { Unfold, Fold } from "../../src/index.js";

const random = (shape: readonly number[], seed = 1): Tensor => normal(shape, { dtype: "float64", generator: new Generator(seed) });
function expectClose(got: Tensor, want: Tensor): void {
  expect(got.shape).toEqual(want.shape);
  expect(got.sub(want).abs().max().item()).toBeLessThan(1e-12);
}

test("folding reverses unfolding if patches do not overlap", () => {
  const x = random([2, 3, 4, 6]);
  expectClose(new Fold([4, 6], 2, { stride: 2 }).forward(new Unfold(2, { stride: 2 }).forward(x)), x);
});
