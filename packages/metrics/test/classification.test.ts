import { tensor, type Tensor } from "@nn/tensor";
import {
  BalancedAccuracy, CohenKappa, cohenKappaScore, ConfusionMatrix, confusionMatrix, F1, f1Score, FBeta, fbetaScore, hammingLoss, Jaccard, jaccardScore, matthewsCorrcoef,
  Precision, precisionScore, Recall, recallScore, topKAccuracyScore,
} from "@nn/metrics";
import { describe, expect, expectTypeOf, it } from "vitest";

const classes = (values: readonly number[]): Tensor => tensor(values, { dtype: "int32" });
const rows = (values: readonly (readonly number[])[]): Tensor => tensor(values, { dtype: "int32" });

it("F-beta goes from the precision to the recall", () => {
  // Two hits, three predicted, four actual.
  const [prediction, target] = [classes([1, 1, 1, 0, 0]), classes([1, 1, 0, 1, 1])];
  for (const beta of [1e155, 1e200, Number.MAX_VALUE]) expect(fbetaScore(prediction, target, { beta })).toBe(0.5);
  for (const beta of [1e-155, 1e-200, Number.MIN_VALUE]) expect(fbetaScore(prediction, target, { beta })).toBeCloseTo(2 / 3, 15);
  for (const beta of [0.5, 1, 2, 7]) expect(fbetaScore(prediction, target, { beta })).toBeCloseTo(((1 + beta ** 2) * 2) / (beta ** 2 * 4 + 3), 14);
});

describe("scores of classes", () => {
  const [prediction, target] = [classes([0, 0, 2, 2]), classes([0, 2, 2, 2])];

  it("leave classes that neither occur nor are predicted out of the macro average", () => {
    expect(precisionScore(prediction, target, { average: "none" })).toEqual([0.5, 0, 1]);
    expect(precisionScore(prediction, target, { average: "macro" })).toBe(0.75);
    expect(precisionScore(prediction, target, { average: "macro", classes: 9 })).toBe(0.75);
    expect(precisionScore(prediction, target, { average: "none", zeroDivision: 1 })).toEqual([0.5, 1, 1]);
  });

  it("have a type that says whether they are one number or many", () => {
    expectTypeOf(new Precision({ classes: 3, average: "none" }).compute()).toEqualTypeOf<readonly number[]>();
    expectTypeOf(new Precision().compute()).toEqualTypeOf<number>();
    expectTypeOf(f1Score(prediction, target, { average: "macro" })).toEqualTypeOf<number>();
    expectTypeOf(f1Score(prediction, target, { average: "none" })).toEqualTypeOf<readonly number[]>();
  });

  it("require a choice of how classes become one number", () => {
    expect(() => precisionScore(prediction, target)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: precisionScore: the average "binary" is for two classes, and there are 3 classes; give average: "macro", "weighted", "micro" or "none"]`);
    expect(() => new Recall({ classes: 5 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: Recall: the average "binary" is for two classes, and there are 5 classes; give average: "macro", "weighted", "micro" or "none"]`);
    expect(() => new F1({ average: "macro" })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: F1: classes is missing; an accumulator with average: "macro" must know the number of classes before the first batch, for example classes: 3]`);
    expect(() => new Jaccard({ multiLabel: true, average: "none" })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: Jaccard: classes is missing; an accumulator with average: "none" must know the number of labels before the first batch, for example classes: 3]`);
    expect(() => new F1({ multiLabel: true })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: F1: the average "binary" is for two classes, and there are 2 labels; give average: "macro", "weighted", "micro" or "none"]`);
    expect(() => recallScore(classes([0, 1]), classes([0, 1]), { posLabel: 2 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: recallScore: posLabel is 2, expected a class from 0 to 1]`);
    expect(() => new FBeta({} as never)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: FBeta: beta is undefined, expected a positive number]`);
    expect(() => fbetaScore(classes([0, 1]), classes([0, 1]), { beta: 0 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: fbetaScore: beta is 0, expected a positive number]`);
    expect(() => new Precision({ average: "mean" as never })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: Precision: average is the string "mean", expected "binary", "macro", "weighted", "micro" or "none"]`);
  });

  it("refuse classes that do not exist", () => {
    expect(() => precisionScore(classes([0, -1]), classes([0, 1]))).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: precisionScore: prediction has a class outside of 0 to 1; give the option classes if there are more]`);
    expect(() => precisionScore(classes([0, 1]), classes([0, 3]), { classes: 3, average: "macro" })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: precisionScore: target has a class outside of 0 to 2; give the option classes if there are more]`);
    expect(() => precisionScore(classes([0, 1]), classes([0, 2 ** 30]), { average: "macro" })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: precisionScore: found the class 1073741824, expected classes from 0, fewer than 16777216; number them without gaps]`);
    expect(() => new Jaccard({ classes: 3, average: "macro" }).update(tensor([[0, 1], [1, 0]]), classes([0, 1]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: Jaccard: prediction is [2, 2], which has 2 classes, expected 3]`);
  });

  it("are NaN without examples, and where scores are NaN", () => {
    expect(new Precision().compute()).toBeNaN();
    expect(new Recall({ classes: 3, average: "none" }).compute()).toEqual([NaN, NaN, NaN]);
    expect(new F1({ multiLabel: true, classes: 2, average: "micro" }).compute()).toBeNaN();
    expect(new BalancedAccuracy().compute()).toBeNaN();
    expect(new CohenKappa().compute()).toBeNaN();
    expect(matthewsCorrcoef(classes([]), classes([]))).toBeNaN();
    const scores = tensor([[0, 1, 2], [NaN, 0, 0]]);
    expect(jaccardScore(scores, classes([2, 1]), { average: "none" })).toEqual([NaN, NaN, NaN]);
    expect(f1Score(scores, classes([2, 1]), { average: "macro" })).toBeNaN();
    expect(matthewsCorrcoef(scores, classes([2, 1]))).toBeNaN();
    expect(cohenKappaScore(scores, classes([2, 1]))).toBeNaN();
    expect(confusionMatrix(scores, classes([2, 1])).flat()).toEqual(new Array(9).fill(NaN));
    expect(topKAccuracyScore(scores, classes([2, 1]))).toBeNaN();
    expect(hammingLoss(scores, classes([2, 1]))).toBeNaN();
  });

  it("take several labels for each example", () => {
    const [p, t] = [rows([[1, 0, 1], [0, 0, 1]]), rows([[1, 0, 0], [1, 0, 1]])];
    expect(precisionScore(p, t, { multiLabel: true, average: "none" })).toEqual([1, 0, 0.5]);
    expect(recallScore(p, t, { multiLabel: true, average: "none" })).toEqual([0.5, 0, 1]);
    expect(recallScore(p, t, { multiLabel: true, average: "macro" })).toBe(0.5);
    expect(f1Score(p, t, { multiLabel: true, average: "micro" })).toBeCloseTo(4 / 6, 15);
    expect(recallScore(p, t, { multiLabel: true, average: "none", sampleWeight: tensor([3, 1]) })).toEqual([0.75, 0, 1]);
    expect(recallScore(tensor([[0.9, 0.2]]), rows([[1, 1]]), { multiLabel: true, threshold: 0.5, average: "none" })).toEqual([1, 0]);
    expect(hammingLoss(p, t, { multiLabel: true, sampleWeight: tensor([1, 2]) })).toBeCloseTo(1 / 3, 15);
    expect(() => recallScore(classes([1]), classes([1]), { multiLabel: true, average: "macro" })).toThrowErrorMatchingInlineSnapshot(`[ShapeError: recallScore: target is [1], expected [N, L], 0 or 1 for each label]`);
    expect(() => recallScore(rows([[2]]), rows([[1]]), { multiLabel: true, average: "macro" })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: recallScore: prediction has a class outside of 0 to 1]`);
  });

  it("take a class for each pixel", () => {
    const scores = tensor([[[[2, 0], [0, 0]], [[0, 1], [3, 0]], [[0, 0], [0, 4]]]]);
    const target = tensor([[[0, 1], [2, 2]]], { dtype: "int32" });
    const iou = new Jaccard({ classes: 3, average: "none" });
    iou.update(scores, target);
    expect(iou.compute()).toEqual([1, 0.5, 0.5]);
  });

  it("count exactly beyond 2²⁴", () => {
    const precision = new Precision();
    const large = 2 ** 24;
    precision.loadStateDict({ ...precision.stateDict(), hits: tensor([0, large], { dtype: "float64" }), predicted: tensor([0, large], { dtype: "float64" }), total: tensor(large, { dtype: "float64" }) });
    precision.update(classes([1]), classes([0]));
    expect(precision.compute()).toBe(large / (large + 1));
  });
});

describe("ConfusionMatrix", () => {
  it("has rows of true classes, and can select some", () => {
    const confusion = new ConfusionMatrix({ classes: 3, labels: [2, 0] });
    confusion.update(classes([0, 1, 2, 2]), classes([0, 0, 2, 0]));
    expect(confusion.compute()).toEqual([[1, 0], [1, 1]]);
    expect(confusionMatrix(classes([0, 1, 2, 2]), classes([0, 0, 2, 0]))).toEqual([[1, 1, 1], [0, 0, 0], [0, 0, 1]]);
  });

  it("has zeros for classes without examples", () => {
    expect(confusionMatrix(classes([0]), classes([0]), { classes: 2, normalize: "true" })).toEqual([[1, 0], [0, 0]]);
    expect(new ConfusionMatrix({ classes: 2, normalize: "all" }).compute()).toEqual([[0, 0], [0, 0]]);
  });

  it("refuses labels that are no classes", () => {
    expect(() => new ConfusionMatrix({ classes: 2, labels: [0, 2] })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: ConfusionMatrix: label 1 is 2, expected a class from 0 to 1]`);
    expect(() => new ConfusionMatrix({ classes: 2, labels: ["cat"] as never })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: ConfusionMatrix: label 0 is the string "cat", expected a whole number, at least 0]`);
    expect(() => new ConfusionMatrix({} as never)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: ConfusionMatrix: classes is undefined, expected a positive whole number]`);
  });
});

describe("topKAccuracyScore", () => {
  it("ranks the first of equal scores higher, as accuracy does", () => {
    const scores = tensor([[1, 1, 0], [1, 1, 0]]);
    expect(topKAccuracyScore(scores, classes([0, 1]), { k: 1 })).toBe(0.5);
    expect(topKAccuracyScore(scores, classes([0, 1]), { k: 2 })).toBe(1);
    expect(topKAccuracyScore(scores, classes([2, -100]), { k: 2, normalize: false })).toBe(0);
  });

  it("needs scores", () => {
    expect(() => topKAccuracyScore(classes([1]), classes([1]))).toThrowErrorMatchingInlineSnapshot(`[DTypeError: topKAccuracyScore: prediction has dtype int32, expected float32 or float64; convert it with .cast("float32")]`);
    expect(() => topKAccuracyScore(tensor([1, 2]), classes([1, 0]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: topKAccuracyScore: prediction is [2] and target [2], expected a score for each class, [2, C]; the prediction comes first]`);
  });
});
