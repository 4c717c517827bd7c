import { checkGradients } from "@nn/autograd";
import { embeddingBag, Generator, normal, tensor, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { EmbeddingBag } from "../../src/index.js";

const index = (values: number[] | number[][]): Tensor => tensor(values, { dtype: "int32" });
const table = tensor([[1, 2], [3, -4], [5, 6], [0, 0]]);

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
    const [positions, offsets] = [index([0, 4, 1, 1, 3, 0]), index([0, 2, 2, 5])];
    for (const mode of ["sum", "mean", "max"] as const) {
      expect(() => checkGradients((each) => embeddingBag(positions, each, { offsets, mode, paddingIndex: 4 }), [weight])).not.toThrow();
    }
    expect(() => checkGradients((each, perSampleWeights) => embeddingBag(positions, each, { offsets, mode: "sum", perSampleWeights }), [weight, factors])).not.toThrow();
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
