import { Generator, normal, tensor, zeros, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { InstanceNorm1d, InstanceNorm2d } from "../../src/index.js";

const random = (shape: readonly number[], seed = 1): Tensor => normal(shape, { mean: 3, std: 2, dtype: "float64", generator: new Generator(seed) });

describe("instance normalisation", () => {
  test("running statistics are means over the instances", () => {
    const layer = new InstanceNorm1d(1, { trackRunningStats: true, momentum: 1 });
    layer.forward(tensor([[[0, 2]], [[10, 10]]]));
    expect(layer.runningMean?.value.toArray()).toEqual([5.5]);
    expect(layer.runningVar?.value.toArray()).toEqual([1]);
    expect(layer.numBatchesTracked?.value.item()).toBe(0);
  });

  test("a single example needs no batch axis", () => {
    const x = random([2, 3, 4]);
    const layer = new InstanceNorm2d(2, { dtype: "float64" });
    expect(layer.forward(x).toArray()).toEqual((layer.forward(x.unsqueeze(0)).toArray() as unknown[])[0]);
  });
});

test("errors", () => {
  expect(() => new InstanceNorm1d(2).forward(zeros([3, 4, 5, 6]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: InstanceNorm1d: input is [3, 4, 5, 6], expected [N, 2, L] or [2, L]]`);
  expect(() => new InstanceNorm2d(2).forward(zeros([1, 2, 1, 1]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: InstanceNorm2d: input [1, 2, 1, 1] has fewer than two values per channel, whose variance is always 0; give it larger inputs, or call eval()]`);
});
