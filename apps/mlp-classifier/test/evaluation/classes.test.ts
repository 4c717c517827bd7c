import { expect, test } from "vitest";
import { baseline, lacking, mixups } from "../../src/evaluation/classes.js";
import { evaluationFields } from "../../src/evaluation/fields.js";
import { wilsonInterval } from "../../src/evaluation/interval.js";
import { evaluationOf } from "./counted.js";

/** 6 of a (5 right), 3 of b (1 right), none of c, to which one is assigned. */
const evaluation = await evaluationOf(["a", "b", "c"], [[0, 0, 5], [0, 2, 1], [1, 1, 1], [1, 0, 2]]);

test("the baseline is the most frequent class", () => {
  expect(baseline(evaluation)).toEqual({ name: "a", accuracy: 6 / 9 });
});

test("the balanced accuracy is taken over classes with examples, macro averages are as in scikit-learn", () => {
  const { balancedAccuracy, report: { macroAverage } } = evaluation;
  expect(lacking(evaluation)).toEqual(["c"]);
  expect(balancedAccuracy).toBeCloseTo((5 / 6 + 1 / 3) / 2, 12);
  expect(macroAverage.precision).toBeCloseTo((5 / 7 + 1) / 3, 12);
  expect(macroAverage.f1).toBeCloseTo((10 / 13 + 1 / 2) / 3, 12);
});

test("the most frequent confusions come first", () => {
  expect(evaluation.confusion).toEqual([[5, 0, 1], [2, 1, 0], [0, 0, 0]]);
  expect(mixups(evaluation.confusion, 1)).toEqual([{ label: 1, predicted: 0, count: 2 }]);
  expect(mixups(evaluation.confusion, 9)).toHaveLength(2);
});

test("as JSON, bins without predictions have zeros", () => {
  const { scores, calibration, examples, interval } = evaluationFields(evaluation);
  expect(examples).toBe(9);
  expect(scores[0]).toEqual({ name: "a", precision: 5 / 7, recall: 5 / 6, f1: 10 / 13, support: 6 });
  expect(calibration.bins).toHaveLength(10);
  expect(calibration.bins[0]).toEqual({ count: 0, confidence: 0, accuracy: 0 });
  expect(calibration.bins[9]?.count).toBe(9);
  expect(calibration.error).toBeCloseTo(1 / 3, 12);
  expect(interval).toEqual(wilsonInterval(6, 9));
});

test("Wilson's interval, as in Newcombe 1998: 81 of 263, 15 of 148, 0 of 20, 1 of 29", () => {
  const rounded = (hits: number, total: number): number[] => wilsonInterval(hits, total).map((value) => Number(value.toFixed(4)));
  expect([rounded(81, 263), rounded(15, 148), rounded(0, 20), rounded(1, 29)]).toEqual([[0.2553, 0.3662], [0.0624, 0.1605], [0, 0.1611], [0.0061, 0.1718]]);
  expect(wilsonInterval(0, 0)).toEqual([0, 1]);
});
