import { valueAndGrad } from "@nn/autograd";
import { norm, sum, tensor, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { Embedding } from "../../src/index.js";

const index = (values: number[] | number[][]): Tensor => tensor(values, { dtype: "int32" });
const table = tensor([[1, 2], [3, -4], [5, 6], [0, 0]]);

describe("embedding", () => {
  test("the padding row starts at zero and is not learned", () => {
    const layer = new Embedding(4, 2, { paddingIndex: -3 });
    expect(layer.weight.value.slice([1]).toArray()).toEqual([0, 0]);
    const { gradients } = valueAndGrad(() => sum(layer.forward(index([1, 2, 1, 3]))), layer.parameters());
    expect(gradients[0]?.toArray()).toEqual([[0, 0], [0, 0], [1, 1], [1, 1]]);
  });

  test("maxNorm scales down rows that are looked up, and gradients are those of the scaled rows", () => {
    const layer = new Embedding(4, 2, { maxNorm: 1, initializeWeight: () => table });
    const { gradients } = valueAndGrad(() => sum(layer.forward(index([1, 3, 1])).square()), layer.parameters());
    const [shortened = NaN, zero = NaN] = [1, 3].map((row) => norm(layer.weight.value.slice([row])).item());
    expect(shortened).toBeCloseTo(1, 5);
    expect(zero).toBe(0);
    expect(layer.weight.value.slice([2]).toArray()).toEqual([5, 6]);
    const [first, second] = gradients[0]?.slice([1]).toTypedArray() ?? [];
    expect(first).toBeCloseTo(4 * 0.6, 5);
    expect(second).toBeCloseTo(4 * -0.8, 5);
  });

  test("errors", () => {
    expect(() => new Embedding(4, 2).forward(tensor([1, 2]))).toThrowErrorMatchingInlineSnapshot(`[DTypeError: embedding: index has dtype float32, expected int32; convert it with .cast("int32")]`);
    expect(() => new Embedding(4, 2).forward(index([4]))).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: embedding: index 4 at [0] is out of range; axis 0 has size 4; indices (of classes, of tokens) count from 0]`);
    expect(() => new Embedding(0, 2)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: Embedding: count is 0, expected a positive whole number]`);
    expect(() => new Embedding(4, 2, { paddingIndex: 4 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: Embedding: paddingIndex is 4, expected a row from -4 to 3]`);
    expect(() => new Embedding(4, 2, { maxNorm: 0 }).forward(index([1]))).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: Embedding: maxNorm is 0, expected a positive number]`);
  });
});
