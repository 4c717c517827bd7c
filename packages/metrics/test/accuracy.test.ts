import { tensor, type Tensor } from "@nn/tensor";
import { Accuracy, accuracyScore } from "@nn/metrics";
import { describe, expect, it } from "vitest";

const classes = (values: readonly number[]): Tensor => tensor(values, { dtype: "int32" });

describe("accuracyScore", () => {
  it("takes classes, scores, and scores with a threshold", () => {
    expect(accuracyScore(classes([0, 1, 2, 2]), classes([0, 1, 1, 2]))).toBe(0.75);
    expect(accuracyScore(tensor([[0, 1, 0], [3, 2, 1]]), classes([1, 1]))).toBe(0.5);
    expect(accuracyScore(tensor([0.7, 0.2, 0.6]), classes([1, 0, 0]), { threshold: 0.5 })).toBeCloseTo(2 / 3, 15);
    expect(accuracyScore(tensor([[[1, 0], [0, 1]]]), classes([1, 0]).reshape([1, 2]))).toBe(0);
  });

  it("leaves ignored targets out, whatever their scores are", () => {
    expect(accuracyScore(tensor([[0, 1], [NaN, NaN], [1, 0]]), classes([1, -100, 1]))).toBe(0.5);
    expect(accuracyScore(classes([1, 5]), classes([1, 9]), { ignoreIndex: 9 })).toBe(1);
  });

  it("is NaN without examples and where scores are NaN", () => {
    expect(accuracyScore(classes([]), classes([]))).toBeNaN();
    expect(accuracyScore(tensor([[0, NaN], [0, 1]]), classes([1, 1]))).toBeNaN();
    expect(accuracyScore(tensor([0.5, NaN]), classes([1, 1]), { threshold: 0.5 })).toBeNaN();
    expect(accuracyScore(tensor([[0.5, NaN]]), tensor([[1, 1]], { dtype: "int32" }), { threshold: 0.5, multiLabel: true })).toBeNaN();
  });

  it("counts rows of labels that are all correct", () => {
    const [prediction, target] = [tensor([[0, 1], [1, 1]], { dtype: "int32" }), tensor([[0, 1], [1, 0]], { dtype: "int32" })];
    expect(accuracyScore(prediction, target, { multiLabel: true })).toBe(0.5);
    expect(accuracyScore(prediction, target)).toBe(0.75);
    expect(accuracyScore(prediction, target, { multiLabel: true, sampleWeight: tensor([3, 1]) })).toBe(0.75);
  });

  it("refuses what does not fit", () => {
    expect(() => accuracyScore(tensor([0.5, 0.2]), classes([0, 1]))).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: accuracyScore: prediction has scores of the shape of the target, [2], and there is no threshold; give threshold: 0.5 for probabilities, 0 for logits]`);
    expect(() => accuracyScore(classes([0, 1, 1]), classes([0, 1]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: accuracyScore: prediction is int32 [3] and target [2], expected class indices [2] or scores [2, C]; the prediction comes first]`);
    expect(() => accuracyScore(classes([0, 1]), tensor([[0, 1], [1, 0]]))).toThrowErrorMatchingInlineSnapshot(`[DTypeError: accuracyScore: target has dtype float32, expected int32 or bool]`);
    expect(() => accuracyScore(tensor([[0, 1], [1, 0]]), classes([0, 2]))).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: accuracyScore: target has a class outside of 0 to 1]`);
    expect(() => accuracyScore(tensor([[0, 1], [1, 0]]), classes([0, 1]), { threshold: 0 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: accuracyScore: prediction has a score for each of 2 classes, of which the largest counts; leave threshold out]`);
    expect(() => accuracyScore(classes([0, 1]), classes([0, 1]), { sampleWeight: tensor([1, -1]) })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: accuracyScore: sampleWeight has a negative element, expected numbers from 0]`);
    expect(() => accuracyScore(classes([0, 1]), classes([0, 1]), { sampleWeight: tensor([1]) })).toThrowErrorMatchingInlineSnapshot(`[ShapeError: accuracyScore: sampleWeight is [1], expected [2], one for each example]`);
    expect(() => accuracyScore(classes([0, 1]), classes([0, 1]), { multiLabel: true })).toThrowErrorMatchingInlineSnapshot(`[ShapeError: accuracyScore: target is [2], expected [N, L], 0 or 1 for each label]`);
  });
});

describe("Accuracy", () => {
  it("averages over examples, not over batches", () => {
    const accuracy = new Accuracy();
    accuracy.update(classes([1, 1, 1]), classes([1, 1, 1]));
    accuracy.update(classes([1]), classes([0]));
    expect(accuracy.compute()).toBe(0.75);
    expect(String(accuracy)).toBe("Accuracy: 0.75");
  });

  it("counts exactly where float32 would lose examples", () => {
    const accuracy = new Accuracy({ normalize: false });
    accuracy.loadStateDict({ correct: tensor(2 ** 24, { dtype: "float64" }), total: tensor(2 ** 24, { dtype: "float64" }) });
    accuracy.update(classes([1]), classes([1]));
    expect(accuracy.compute()).toBe(2 ** 24 + 1);
  });
});
