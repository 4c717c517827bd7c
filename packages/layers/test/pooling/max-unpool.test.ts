import { Generator, maxPool1d, permutation, tensor, zeros, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { MaxPool1d, MaxPool2d, MaxPool3d, MaxUnpool1d, MaxUnpool2d, MaxUnpool3d } from "../../src/index.js";

/** Distinct numbers, so that no maximum is tied. */
const distinct = (shape: readonly number[]): Tensor => {
  const size = shape.reduce((a, b) => a * b, 1);
  return permutation(size, { generator: new Generator(1) }).cast("float64").div(7).reshape(shape);
};

describe("reversed max pooling", () => {
  test.each([
    ["sequences", new MaxPool1d(2), new MaxUnpool1d(2), [1, 2, 6]],
    ["images", new MaxPool2d(2), new MaxUnpool2d(2), [2, 1, 4, 6]],
    ["volumes", new MaxPool3d(2), new MaxUnpool3d(2), [1, 4, 2, 2]],
  ])("of %s restores the largest elements at their positions", (_, pool, unpool, shape) => {
    const x = distinct(shape);
    const { values, indices } = pool.forwardWithIndices(x);
    const back = unpool.forward(values, indices);
    expect(back.shape).toEqual(shape);
    expect(pool.forward(back).toArray()).toEqual(values.toArray());
    expect(back.sum().item()).toBeCloseTo(values.sum().item(), 10);
  });

  test("an element that several windows selected is restored once", () => {
    const x = tensor([[[1, 5, 2]]]);
    const { values, indices } = maxPool1d(x, 2, { stride: 1, returnIndices: true });
    expect(values.toArray()).toEqual([[[5, 5]]]);
    expect(new MaxUnpool1d(2, { stride: 1 }).forward(values, indices).toArray()).toEqual([[[0, 5, 0]]]);
  });

  test("outputSize restores the positions that pooling skipped", () => {
    const { values, indices } = new MaxPool1d(2).forwardWithIndices(tensor([[1, 2, 3, 4, 5]]));
    expect(new MaxUnpool1d(2).forward(values, indices, 5).toArray()).toEqual([[0, 2, 0, 4, 0]]);
  });
});

test("errors", () => {
  expect(() => new MaxUnpool2d(2).forward(zeros([1, 1, 2, 2]), zeros([1, 1, 2, 3], { dtype: "int32" }))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: maxUnpool2d: input is [1, 1, 2, 2] but indices are [1, 1, 2, 3], expected the same shape]`);
  expect(() => new MaxUnpool2d(2).forward(zeros([1, 1, 2, 2]), zeros([1, 1, 2, 2]))).toThrowErrorMatchingInlineSnapshot(`[DTypeError: maxUnpool2d: indices has dtype float32, expected int32; convert it with .cast("int32")]`);
});
