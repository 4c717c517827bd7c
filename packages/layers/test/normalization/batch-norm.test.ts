import { checkGradients, valueAndGrad } from "@nn/autograd";
import { Generator, mean, normal, ones, square, sum, tensor, zeros, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { BatchNorm1d, BatchNorm2d, BatchNorm3d } from "../../src/index.js";

const batch = (shape: readonly number[], seed = 1): Tensor => normal(shape, { mean: 3, std: 2, dtype: "float64", generator: new Generator(seed) });

test.each([
  ["[N, C]", new BatchNorm1d(3, { dtype: "float64" }), [16, 3]],
  ["[N, C, L]", new BatchNorm1d(3, { dtype: "float64" }), [4, 3, 5]],
  ["[N, C, H, W]", new BatchNorm2d(3, { dtype: "float64" }), [4, 3, 2, 5]],
  ["[N, C, D, H, W]", new BatchNorm3d(3, { dtype: "float64" }), [2, 3, 2, 2, 5]],
])("each channel of %s has mean 0 and variance 1 in training", (_, layer, shape) => {
  const y = layer.forward(batch(shape));
  const axes = shape.map((__, axis) => axis).filter((axis) => axis !== 1);
  for (const value of mean(y, axes).toTypedArray()) expect(value).toBeCloseTo(0, 12);
  for (const value of mean(square(y), axes).toTypedArray()) expect(value).toBeCloseTo(1, 4);
});

describe("running statistics", () => {
  test("are updated in training and used in evaluation", () => {
    const layer = new BatchNorm1d(1, { momentum: 0.5, epsilon: 0 });
    layer.forward(tensor([[1], [3]]));
    expect(layer.runningMean?.value.toArray()).toEqual([1]);
    expect(layer.runningVar?.value.toArray()).toEqual([1.5]);
    expect(layer.numBatchesTracked?.value.item()).toBe(1);
    layer.eval();
    expect(layer.forward(tensor([[1], [1]])).toArray()).toEqual([[0], [0]]);
    expect(layer.numBatchesTracked?.value.item()).toBe(1);
  });

  test("without momentum, all batches have equal weight", () => {
    const layer = new BatchNorm1d(1, { momentum: null });
    for (const value of [0, 1, 5]) layer.forward(tensor([[value], [value]]));
    expect(layer.runningMean?.value.item()).toBeCloseTo(2, 6);
  });

  test("can be left out: evaluation then uses the batch too", () => {
    const layer = new BatchNorm1d(2, { trackRunningStats: false, dtype: "float64" }).eval();
    expect(layer.buffers()).toEqual([]);
    expect(mean(layer.forward(batch([8, 2])), 0).toTypedArray().every((value) => Math.abs(value) < 1e-12)).toBe(true);
    expect(layer.forward(batch([1, 2])).toArray()).toEqual([[0, 0]]);
  });

  test("carry no gradient from one step into the next", () => {
    const layer = new BatchNorm1d(2, { dtype: "float64" });
    const x = batch([4, 2]);
    valueAndGrad(() => sum(square(layer.forward(x))), layer.parameters());
    expect(() => valueAndGrad(() => sum(square(layer.eval().forward(x))), layer.parameters())).not.toThrow();
  });
});

test("gradients agree with central differences", () => {
  const x = batch([5, 2, 3]);
  // A sum of squares of normalised values is constant; weights make it vary.
  const weights = batch([5, 2, 3], 2);
  const layer = new BatchNorm1d(2, { dtype: "float64", trackRunningStats: false });
  expect(() => checkGradients((input) => layer.forward(input).mul(weights), [x])).not.toThrow();
});

test("errors", () => {
  const layer = new BatchNorm1d(3);
  expect(() => layer.forward(zeros([4, 2]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: BatchNorm1d: input is [4, 2], expected [N, 3] or [N, 3, L]]`);
  expect(() => layer.forward(zeros([3]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: BatchNorm1d: input is [3], expected [N, 3] or [N, 3, L]]`);
  expect(() => layer.forward(ones([1, 3]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: BatchNorm1d: input [1, 3] has fewer than two values per channel, whose variance is always 0; train on larger batches, or call eval()]`);
  expect(() => layer.forward(zeros([4, 3], { dtype: "int32" }))).toThrowErrorMatchingInlineSnapshot(`[DTypeError: BatchNorm1d: input has dtype int32, expected float32 or float64; convert it with .cast("float32")]`);
  expect(() => new BatchNorm2d(2).forward(zeros([4, 2]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: BatchNorm2d: input is [4, 2], expected [N, 2, H, W]]`);
  expect(() => new BatchNorm1d(0)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: BatchNorm1d: features is 0, expected a positive whole number]`);
  expect(() => new BatchNorm1d(2, { momentum: 2 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: BatchNorm1d: momentum is 2, expected a number from 0 to 1]`);
  expect(layer.numBatchesTracked?.value.item()).toBe(0);
});
