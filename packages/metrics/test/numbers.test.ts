import { tensor, type Tensor } from "@nn/tensor";
import {
  Bleu, bleuScore, brierScoreLoss, calibrationCurve, CalibrationCurve, characterErrorRate, ExpectedCalibrationError, explainedVarianceScore, LogLoss, logLoss, MaxError, maxError,
  meanAbsolutePercentageError, meanCosineSimilarity, MeanSquaredError, meanSquaredError, MedianAbsoluteError, medianAbsoluteError, Perplexity, perplexity, R2, r2Score,
  RootMeanSquaredError, Silhouette, silhouetteSamples, silhouetteScore, wordErrorRate, WordErrorRate,
} from "@nn/metrics";
import { describe, expect, expectTypeOf, it } from "vitest";

const classes = (values: readonly number[]): Tensor => tensor(values, { dtype: "int32" });
const numbers = (values: readonly number[]): Tensor => tensor(values, { dtype: "float64" });

describe("metrics of numbers", () => {
  it("keep their precision far from 0", () => {
    const r2 = new R2();
    for (const start of [0, 2]) r2.update(numbers([1e9 + start, 1e9 + start + 1]), numbers([1e9 + start, 1e9 + start + 1.5]));
    expect(r2.compute()).toBeCloseTo(r2Score(numbers([0, 1, 2, 3]), numbers([0, 1.5, 2, 3.5])), 12);
  });

  it("have defined results for few examples, equal targets and NaN", () => {
    expect(new MeanSquaredError().compute()).toBeNaN();
    expect(new RootMeanSquaredError({ outputs: 2, multioutput: "rawValues" }).compute()).toEqual([NaN, NaN]);
    expect(new MaxError().compute()).toBeNaN();
    expect(new MedianAbsoluteError().compute()).toBeNaN();
    expect(r2Score(numbers([1]), numbers([1]))).toBeNaN();
    expect(r2Score(numbers([1, 2]), numbers([3, 3]))).toBe(0);
    expect(r2Score(numbers([3, 3]), numbers([3, 3]))).toBe(1);
    expect(explainedVarianceScore(numbers([1, 1]), numbers([3, 3]))).toBe(1);
    // The mean of three times 0.1 is not 0.1 in floating point.
    expect(r2Score(numbers([0.1, 0.2, 0.3]), numbers([0.1, 0.1, 0.1]))).toBe(0);
    expect(explainedVarianceScore(numbers([0.1, 0.2, 0.3]), numbers([0.1, 0.1, 0.1]))).toBe(0);
    expect(r2Score(numbers([9, 1, 2, 3]), numbers([NaN, 1, 2, 3]), { sampleWeight: tensor([0, 1, 1, 1]) })).toBe(1);
    expect(r2Score(numbers([NaN, 2]), numbers([3, 3]))).toBeNaN();
    for (const metric of [meanSquaredError, maxError, medianAbsoluteError, explainedVarianceScore]) expect(metric(numbers([1, NaN]), numbers([1, 2]))).toBeNaN();
    expect(meanAbsolutePercentageError(numbers([1]), numbers([0]))).toBe(1 / Number.EPSILON);
  });

  it("weights of errors of which one counts", () => {
    const [p, t] = [numbers([1, 5, 2]), numbers([1, 1, 4])];
    expect(maxError(p, t)).toBe(4);
    expect(maxError(p, t, { sampleWeight: tensor([1, 0, 0.5]) })).toBe(2);
    expect(maxError(p, t, { sampleWeight: tensor([0, 0, 0]) })).toBeNaN();
    expect(maxError(numbers([NaN, 2]), numbers([1, 1]), { sampleWeight: tensor([0, 1]) })).toBe(1);
    expect(maxError(p, t, { sampleWeight: tensor([1, NaN, 1]) })).toBeNaN();
    const metric = new MaxError();
    metric.update(p, t, tensor([1, 0, 1]));
    metric.update(numbers([0]), numbers([9]), tensor([0]));
    expect(metric.compute()).toBe(2);
    expect(() => new MedianAbsoluteError().update(p, t, tensor([1, 0, 1]) as never)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: MedianAbsoluteError: got a third input, expected prediction and target: a median has no weights; leave out the examples that do not count]`);
  });

  it("take a row of outputs for each example", () => {
    const error = new MeanSquaredError({ outputs: 2, multioutput: "rawValues" });
    expectTypeOf(error.compute()).toEqualTypeOf<readonly number[]>();
    error.update(tensor([[1, 2], [3, 4]]), tensor([[1, 0], [3, 4]]), tensor([3, 1]));
    expect(error.compute()).toEqual([0, 3]);
    expect(() => new MeanSquaredError().update(tensor([[1, 2]]), tensor([[1, 0]]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: MeanSquaredError: prediction and target are [1, 2], expected [N] or [N, 1]; give outputs for more than one output, and flatten axes that are not outputs]`);
    expect(() => meanSquaredError(numbers([1, 2]), tensor([[1], [2]]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: meanSquaredError: prediction is [2] and target [2, 1], expected the same shape]`);
    expect(() => meanSquaredError(tensor([true]), tensor([true]))).toThrowErrorMatchingInlineSnapshot(`[DTypeError: meanSquaredError: prediction has dtype bool, expected float32 or float64 or int32; convert it with .cast("float32")]`);
    expect(meanSquaredError(classes([1, 2]), classes([1, 4]))).toBe(2);
    expect(() => new MeanSquaredError({ multioutput: "varianceWeighted" as never })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: MeanSquaredError: multioutput is the string "varianceWeighted", expected "uniformAverage" or "rawValues"]`);
  });

  it("compare vectors", () => {
    expect(meanCosineSimilarity(tensor([[1, 0], [0, 0]]), tensor([[2, 0], [1, 1]]))).toBe(0.5);
    // The angle does not depend on the lengths.
    for (const length of [1e-300, 1e-30, 1e-9, 1, 1e30, 1e300]) {
      const vectors = tensor([[3 * length, 4 * length]], { dtype: "float64" });
      expect(meanCosineSimilarity(vectors, tensor([[3, 4]], { dtype: "float64" }))).toBeCloseTo(1, 15);
      expect(meanCosineSimilarity(vectors, tensor([[4 * length, 3 * length]], { dtype: "float64" }))).toBeCloseTo(0.96, 15);
    }
    expect(meanCosineSimilarity(tensor([[Infinity, 1]]), tensor([[1, 1]]))).toBeNaN();
    expect(() => meanCosineSimilarity(numbers([1]), numbers([1]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: meanCosineSimilarity: prediction is [1] and target [1], expected vectors [N, D] of the same shape]`);
  });
});

describe("metrics of probabilities", () => {
  it("are infinite, not clipped, if the true class has the probability 0", () => {
    expect(logLoss(tensor([[1, 0]]), classes([1]))).toBe(Infinity);
    expect(logLoss(tensor([[1, 0], [0.5, 0.5]]), classes([1, 0]), { sampleWeight: tensor([0, 1]) })).toBeCloseTo(Math.LN2, 6);
  });

  it("take logits, and leave ignored targets out", () => {
    const logits = tensor([[1000, 0], [0, 0], [NaN, 0]]);
    const loss = new LogLoss({ logits: true });
    loss.update(logits, classes([0, 1, -100]));
    expect(loss.compute()).toBeCloseTo(Math.LN2 / 2, 6);
    expect(perplexity(logits, classes([-100, 0, -100]))).toBeCloseTo(2, 6);
    expect(new Perplexity().compute()).toBeNaN();
    expect(logLoss(logits, classes([0, 1, 0]), { logits: true })).toBeNaN();
  });

  it("refuse values that are not probabilities", () => {
    expect(() => logLoss(tensor([[2, -1]]), classes([1]))).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: logLoss: prediction has an element outside of 0 to 1, expected probabilities from 0 to 1; apply softmax or sigmoid to logits]`);
    expect(() => logLoss(tensor([[0.5, 0.4]]), classes([1]))).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: logLoss: the probabilities of an example do not sum up to 1; apply softmax to logits]`);
    expect(() => logLoss(tensor([0.5]), classes([2]))).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: logLoss: target has a class outside of 0 to 1]`);
    expect(() => brierScoreLoss(tensor([[0.5, 0.5]]), classes([1, 0]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: brierScoreLoss: prediction is [1, 2] and target [2], expected a score for each class, [2, C]; the prediction comes first]`);
    expect(() => calibrationCurve(tensor([0.5]), classes([2]))).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: calibrationCurve: target has an element other than 0 and 1]`);
    expect(() => calibrationCurve(tensor([1.5]), classes([1]))).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: calibrationCurve: prediction has an element outside of 0 to 1, expected probabilities from 0 to 1; apply softmax or sigmoid to logits]`);
  });

  it("are NaN for NaN", () => {
    expect(logLoss(tensor([NaN]), classes([1]))).toBeNaN();
    expect(brierScoreLoss(tensor([NaN, 0.5]), classes([1, 1]))).toBeNaN();
    const error = new ExpectedCalibrationError();
    expect(error.compute()).toBeNaN();
    error.update(tensor([NaN, 0.5]), classes([1, 1]));
    expect(error.compute()).toBeNaN();
  });

  it("put a probability at an edge into the bin below", () => {
    const curve = new CalibrationCurve({ bins: 2 });
    curve.update(numbers([0, 0.5, 1]), classes([0, 1, 1]));
    expect(curve.compute()).toEqual([
      { low: 0, high: 0.5, count: 2, probPred: 0.25, probTrue: 0.5 }, { low: 0.5, high: 1, count: 1, probPred: 1, probTrue: 1 },
    ]);
    expect(calibrationCurve(tensor([[0.25, 0.75]]), classes([0]), { bins: 1 })).toEqual([{ low: 0, high: 1, count: 1, probPred: 0.75, probTrue: 0 }]);
  });
});

describe("metrics of texts", () => {
  it("sum before they divide", () => {
    const errors = new WordErrorRate();
    errors.update(["a b c"], ["a b c d"]);
    errors.update(["x", ["y", "z"]], ["y", "y z"]);
    expect(errors.compute()).toBe(2 / 7);
    expect(wordErrorRate([""], [""])).toBeNaN();
    expect(wordErrorRate(["a"], [""])).toBe(Infinity);
    expect(characterErrorRate(["né👍"], ["ne👎"])).toBeCloseTo(2 / 3, 15);
  });

  it("give BLEU's published numbers", () => {
    // Example 2 of Papineni et al. 2002: the clipped unigram precision is 2 / 7.
    const target = [["the cat is on the mat", "there is a cat on the mat"]];
    expect(bleuScore(["the the the the the the the"], target, { maxOrder: 1 })).toBeCloseTo(2 / 7, 12);
    // Their candidate 1: unigrams 17 / 18, bigrams 10 / 17.
    const candidate = "it is a guide to action which ensures that the military always obeys the commands of the party";
    const references = [
      "it is a guide to action that ensures that the military will forever heed party commands",
      "it is the guiding principle which guarantees the military forces always being under the command of the party",
      "it is the practical guide for the army always to heed the directions of the party",
    ];
    expect(bleuScore([candidate], [references], { maxOrder: 1 })).toBeCloseTo(17 / 18, 12);
    expect(bleuScore([candidate], [references], { maxOrder: 2 })).toBeCloseTo(Math.sqrt((17 / 18) * (10 / 17)), 12);
    expect(bleuScore(["a b"], [["a c"]])).toBe(0);
    expect(new Bleu().compute()).toBeNaN();
  });

  it("refuse values that are not texts", () => {
    expect(() => wordErrorRate(["a"], ["a", "b"])).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: wordErrorRate: there are 1 predictions and 2 targets, expected the same number]`);
    expect(() => wordErrorRate(["a"], [[1]] as never)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: wordErrorRate: target 0 is an array with 1, expected a text or an array of tokens]`);
    expect(() => wordErrorRate("a" as never, ["a"])).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: wordErrorRate: prediction is the string "a", expected an array of texts]`);
    expect(() => characterErrorRate(["a"], [["a"]] as never)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: characterErrorRate: target 0 is an array of 1, expected a text]`);
    expect(() => bleuScore(["a"], ["a"] as never)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: bleuScore: target 0 is not a list of texts; give one or more references for each prediction]`);
    expect(() => bleuScore(["a"], [[]])).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: bleuScore: target 0 is not a list of texts; give one or more references for each prediction]`);
  });
});

describe("silhouettes", () => {
  it("are 0 for a single point, NaN for one cluster, and given for each point or as mean", () => {
    const points = tensor([[0], [1], [10]]);
    expect(silhouetteSamples(points, classes([0, 0, 1]))).toEqual([0.9, (9 - 1) / 9, 0]);
    expect(silhouetteScore(points, classes([0, 0, 1]))).toBeCloseTo((0.9 + 8 / 9) / 3, 15);
    expect(silhouetteScore(points, classes([2, 2, 2]))).toBeNaN();
    expect(silhouetteScore(tensor([[NaN], [1], [2]]), classes([0, 0, 1]))).toBeNaN();
    expect(silhouetteScore(tensor([[1], [1], [1]]), classes([0, 0, 1]))).toBe(0);
    expect(new Silhouette({ features: 2 }).compute()).toBeNaN();
    expect(() => silhouetteScore(points, classes([0, 1]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: silhouetteScore: x is [3, 1] and labels [2], expected points [N, 1] and a cluster for each, [N]]`);
  });
});
