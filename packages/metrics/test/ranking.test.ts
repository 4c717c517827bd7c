import { select, softmax, tensor, type Tensor } from "@nn/tensor";
import { AveragePrecision, averagePrecisionScore, precisionRecallCurve, RocAuc, rocAucScore, RocCurve, rocCurve } from "@nn/metrics";
import * as fc from "fast-check";
import { describe, expect, expectTypeOf, it } from "vitest";

const classes = (values: readonly number[]): Tensor => tensor(values, { dtype: "int32" });
const scores = (values: readonly number[]): Tensor => tensor(values, { dtype: "float64" });

describe("exact ranking metrics", () => {
  it("keep all scores, in memory that grows or up to a capacity", () => {
    const [growing, bounded] = [new RocAuc(), new RocAuc({ capacity: 5 })];
    for (const metric of [growing, bounded]) {
      metric.update(scores([0.1, 0.4, 0.35]), classes([0, 0, 1]));
      metric.update(scores([0.8]), classes([1]));
      expect(metric.compute()).toBe(0.75);
    }
    expect([growing.isCompilable, bounded.isCompilable]).toEqual([false, true]);
    expect(() => bounded.update(scores([0.1, 0.2]), classes([0, 1]))).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: RocAuc: there are more examples than the capacity of 5; give a larger one]`);
    expect(bounded.compute()).toBe(0.75);
    bounded.update(scores([0.9]), classes([0]));
    expect(bounded.compute()).toBe(0.5);
    bounded.reset();
    expect(bounded.compute()).toBeNaN();
  });

  it("continue from a state dictionary, whatever the batches were", async () => {
    const [growing, bounded] = [new RocAuc(), new RocAuc({ capacity: 4 })];
    growing.update(scores([0.1, 0.4]), classes([0, 0]));
    growing.update(scores([0.35, 0.8]), classes([1, 1]));
    bounded.loadStateDict(growing.stateDict());
    expect(bounded.stateDict()["scores"]?.toArray()).toEqual([[0.1], [0.4], [0.35], [0.8]]);
    expect(await bounded.computeAsync()).toBe(0.75);
    expect(await growing.computeAsync()).toBe(0.75);
    expect(() => new RocAuc({ capacity: 3 }).loadStateDict(growing.stateDict())).toThrowErrorMatchingInlineSnapshot(`[UsageError: RocAuc.loadStateDict: the state dictionary has 4 examples, more than the capacity of 3]`);
    expect(() => growing.loadStateDict({ ...growing.stateDict(), weights: scores([1]) })).toThrowErrorMatchingInlineSnapshot(`
      [UsageError: RocAuc.loadStateDict: the state dictionary does not fit
        weights is float64 [1], expected float64 [4]]
    `);
    expect(() => growing.merge(bounded)).toThrowErrorMatchingInlineSnapshot(`[UsageError: RocAuc.merge: the other metric has the options { capacity: 4 }, expected {}]`);
  });

  it("have no result for a single class, and leave such classes out of averages", () => {
    expect(rocAucScore(scores([0.1, 0.2]), classes([1, 1]))).toBeNaN();
    expect(averagePrecisionScore(scores([0.1, 0.2]), classes([0, 0]))).toBeNaN();
    const of3 = tensor([[0.8, 0.1, 0.1], [0.2, 0.7, 0.1]]);
    expect(rocAucScore(of3, classes([0, 1]), { average: "none" })).toEqual([1, 1, NaN]);
    expect(rocAucScore(of3, classes([0, 1]))).toBe(1);
    expect(rocAucScore(of3, classes([0, 1]), { multiClass: "ovo" })).toBe(1);
    expect(new RocAuc({ classes: 3 }).compute()).toBeNaN();
    expect(rocCurve(scores([0.5]), classes([1])).fpr).toEqual([NaN, NaN]);
    expect(precisionRecallCurve(scores([0.5]), classes([0]))).toEqual({ precision: [0, 1], recall: [NaN, 0], thresholds: [0.5] });
  });

  it("are NaN if a score is NaN", () => {
    expect(rocAucScore(scores([NaN, 0.2]), classes([0, 1]))).toBeNaN();
    expect(averagePrecisionScore(scores([NaN, 0.2]), classes([0, 1]))).toBeNaN();
    expect(rocAucScore(tensor([[0.1, 0.2, 0.3], [NaN, 1, 2], [1, 2, 3]]), classes([0, 1, 2]), { multiClass: "ovo" })).toBeNaN();
    expect(rocAucScore(tensor([[0.1, 0.2, 0.3], [NaN, 1, 2], [1, 2, 3]]), classes([0, 1, 2]))).toBeNaN();
    expect(rocCurve(scores([NaN, 0.2]), classes([0, 1])).tpr).toEqual([NaN, NaN]);
    expect(rocAucScore(scores([Infinity, -Infinity, 0]), classes([1, 0, 0]))).toBe(1);
  });

  it("leave out points on straight lines", () => {
    const [s, t] = [scores([0.9, 0.8, 0.7, 0.6, 0.5]), classes([1, 1, 1, 0, 0])];
    expect(rocCurve(s, t)).toEqual({ fpr: [0, 0, 0, 1], tpr: [0, 1 / 3, 1, 1], thresholds: [Infinity, 0.9, 0.7, 0.5] });
    expect(rocCurve(s, t, { dropIntermediate: false }).thresholds).toEqual([Infinity, 0.9, 0.8, 0.7, 0.6, 0.5]);
  });

  it("refuse what does not fit", () => {
    expect(() => rocAucScore(classes([0, 1]), classes([0, 1]))).toThrowErrorMatchingInlineSnapshot(`[DTypeError: rocAucScore: prediction has dtype int32, expected float32 or float64; convert it with .cast("float32")]`);
    expect(() => rocAucScore(scores([0.1, 0.2]), classes([0, 2]))).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: rocAucScore: target has a class outside of 0 to 1]`);
    expect(() => new RocAuc({ classes: 3 }).update(scores([0.1, 0.2]), classes([0, 1]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: RocAuc: prediction is [2] and target [2], expected scores [N, 3] and targets [N]; the prediction comes first]`);
    expect(() => rocAucScore(tensor([[0.1, 0.2, 0.7]]), classes([0]), { multiClass: "ovo", average: "none" })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: rocAucScore: average is "none" with multiClass: "ovo", expected "macro" or "weighted"]`);
    expect(() => new RocAuc({ bins: 10, capacity: 10 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: RocAuc: bins and capacity exclude each other; leave one out]`);
    expect(() => new RocAuc({ bins: 10 }).update(scores([2.5]), classes([1]))).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: RocAuc: prediction has an element outside of 0 to 1, expected probabilities for bins; apply softmax or sigmoid to logits]`);
  });

  it("say what to give of a model with two outputs, and that gives the same as its probabilities", () => {
    const logits = tensor([[2, 1], [0.5, 1], [-3, 0.25], [0, -1]]);
    const target = classes([0, 0, 1, 1]);
    for (const metric of [new RocAuc(), new AveragePrecision(), new RocCurve()]) {
      expect(() => metric.update(logits, target)).toThrow("expected scores [N] and targets [N]; of two classes, give the score of class 1: of probabilities select(prediction, 1, 1), of logits select(prediction, 1, 1).sub(select(prediction, 1, 0))");
    }
    expect(() => new RocAuc().update(target, logits)).toThrow(/prediction comes first|dtype/);
    const probabilities = softmax(logits, 1);
    expect(rocAucScore(select(logits, 1, 1).sub(select(logits, 1, 0)), target)).toBe(0.625);
    expect(rocAucScore(select(probabilities, 1, 1), target)).toBe(0.625);
    // The logit of class 1 alone ranks in another order.
    expect(rocAucScore(select(logits, 1, 1), target)).toBe(0);
  });

  it("have a type that follows from their average", () => {
    expectTypeOf(new RocAuc({ classes: 3, average: "none" }).compute()).toEqualTypeOf<readonly number[]>();
    expectTypeOf(new RocAuc().compute()).toEqualTypeOf<number>();
  });
});

describe("ranking metrics in bins", () => {
  const examples = fc.array(fc.record({ score: fc.double({ min: 0, max: 1, noNaN: true }), positive: fc.boolean() }), { minLength: 2, maxLength: 60 });

  it("are off by no more than half the pairs that share a bin", () => {
    fc.assert(fc.property(examples, fc.integer({ min: 1, max: 20 }), (list, bins) => {
      const [s, t] = [scores(list.map(({ score }) => score)), classes(list.map(({ positive }) => Number(positive)))];
      const binned = new RocAuc({ bins });
      binned.update(s, t);
      const exact = rocAucScore(s, t);
      if (Number.isNaN(exact)) return Number.isNaN(binned.compute());
      const binOf = (score: number): number => Math.min(bins - 1, Math.floor(score * bins));
      const inBin = (bin: number, positive: boolean): number => list.filter((each) => binOf(each.score) === bin && each.positive === positive).length;
      const shared = Array.from({ length: bins }, (_, bin) => inBin(bin, true) * inBin(bin, false)).reduce((a, b) => a + b, 0);
      const pairs = list.filter(({ positive }) => positive).length * list.filter(({ positive }) => !positive).length;
      return Math.abs(binned.compute() - exact) <= shared / (2 * pairs) + 1e-12;
    }));
  });

  it("are exact if equal scores share bins, for classes, pairs of classes and labels", () => {
    const of3 = tensor([[0.75, 0.25, 0], [0.25, 0.5, 0.25], [0, 0.25, 0.75], [0.5, 0.5, 0], [0.25, 0, 0.75]]);
    const target = classes([0, 1, 2, 1, 0]);
    for (const options of [{ multiClass: "ovr" }, { multiClass: "ovo", average: "weighted" }, { average: "micro" }] as const) {
      const binned = new RocAuc({ classes: 3, bins: 8, ...options });
      binned.update(of3, target);
      expect(binned.compute()).toBeCloseTo(rocAucScore<"macro" | "weighted" | "micro">(of3, target, options), 12);
    }
    const labels = tensor([[1, 0, 0], [0, 1, 1], [0, 0, 1], [1, 1, 0], [1, 0, 1]], { dtype: "int32" });
    const precision = new AveragePrecision({ classes: 3, multiLabel: true, bins: 8 });
    precision.update(of3, labels);
    expect(precision.compute()).toBeCloseTo(averagePrecisionScore(of3, labels), 12);
    const curve = new RocCurve({ bins: 4 });
    curve.update(scores([0.9, 0.1, 1]), classes([1, 0, 1]));
    expect(curve.compute()).toEqual({ fpr: [0, 0, 1], tpr: [0, 1, 1], thresholds: [Infinity, 0.875, 0.125] });
  });

  it("are NaN if a score is NaN, and without examples", () => {
    const binned = new RocAuc({ bins: 4 });
    expect(binned.compute()).toBeNaN();
    binned.update(scores([0.1, NaN]), classes([0, 1]));
    expect(binned.compute()).toBeNaN();
  });
});
