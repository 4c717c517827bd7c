import { checkGradients, valueAndGrad } from "@nn/autograd";
import { embeddingBag, Generator, norm, normal, sum, tensor, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { Embedding, EmbeddingBag } from "../../src/index.js";

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

describe("bags of embeddings", () => {
  test.each(["sum", "mean", "max"] as const)("offsets and rows give the same %s", (mode) => {
    const layer = new EmbeddingBag(4, 2, { mode, paddingIndex: 3 });
    const rows = layer.forward(index([[0, 1, 3], [3, 3, 3], [2, 0, 0]]));
    const flat = layer.forward(index([0, 1, 3, 3, 3, 3, 2, 0, 0]), { offsets: index([0, 3, 6]) });
    expect(flat.shape).toEqual(rows.shape);
    // The order of summation differs.
    expect(flat.sub(rows).abs().max().item()).toBeLessThan(1e-6);
    expect(rows.slice([1]).toArray()).toEqual([0, 0]);
  });

  test.each(["sum", "mean", "max"] as const)("bags without rows give zeros as their %s, and what lies behind the last offset does not count", (mode) => {
    const bags = { mode, offsets: index([0, 0, 2, 2]) };
    expect(embeddingBag(index([1, 1, 2]), table, { ...bags, includeLastOffset: true }).shape).toEqual([3, 2]);
    expect(embeddingBag(index([2, 2, 1]), table, { ...bags, includeLastOffset: true }).slice([2]).toArray()).toEqual([0, 0]);
    expect(embeddingBag(index([]), table, { mode, offsets: index([0, 0]) }).toArray()).toEqual([[0, 0], [0, 0]]);
  });

  test("gradients agree with central differences", () => {
    const weight = normal([5, 3], { dtype: "float64", generator: new Generator(1) });
    const factors = normal([6], { dtype: "float64", generator: new Generator(2) });
    const [places, offsets] = [index([0, 4, 1, 1, 3, 0]), index([0, 2, 2, 5])];
    for (const mode of ["sum", "mean", "max"] as const) {
      expect(() => checkGradients((each) => embeddingBag(places, each, { offsets, mode, paddingIndex: 4 }), [weight])).not.toThrow();
    }
    expect(() => checkGradients((each, perSampleWeights) => embeddingBag(places, each, { offsets, mode: "sum", perSampleWeights }), [weight, factors])).not.toThrow();
  });

  test("errors", () => {
    const layer = new EmbeddingBag(4, 2);
    expect(() => layer.forward(index([0, 1]))).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: embeddingBag: an index with one axis needs offsets, where each bag starts]`);
    expect(() => layer.forward(index([[0, 1]]), { offsets: index([0]) })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: embeddingBag: offsets for an index [1, 2], whose rows are the bags; leave them out]`);
    expect(() => layer.forward(tensor(0, { dtype: "int32" }))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: embeddingBag: index is [], expected [bags, length], or one axis and offsets]`);
    expect(() => layer.forward(index([[0, 1]]), { perSampleWeights: tensor([[1, 2]]) })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: embeddingBag: perSampleWeights with mode "mean"; only sums can be weighted]`);
    expect(() => new EmbeddingBag(4, 2, { mode: "sum" }).forward(index([[0, 1]]), { perSampleWeights: tensor([1, 2]) })).toThrowErrorMatchingInlineSnapshot(`[ShapeError: embeddingBag: perSampleWeights are [2], expected [1, 2] as the index]`);
    expect(() => new EmbeddingBag(4, 2, { mode: "max", scaleGradientByFrequency: true })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: EmbeddingBag: scaleGradientByFrequency has no meaning for mode "max"; leave it out]`);
  });
});
