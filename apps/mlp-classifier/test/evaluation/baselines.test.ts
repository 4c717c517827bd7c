import { expect, test } from "vitest";
import { Calibration } from "../../src/evaluation/calibration.js";
import { ConfusionMatrix } from "../../src/evaluation/confusion.js";
import { wilsonInterval } from "../../src/evaluation/interval.js";

/** 6 of a (5 right), 3 of b (1 right), none of c, to which one is assigned. */
function confusion(): ConfusionMatrix {
  const matrix = new ConfusionMatrix(["a", "b", "c"]);
  for (const [label, predicted, times] of [[0, 0, 5], [0, 2, 1], [1, 1, 1], [1, 0, 2]] as const) for (let at = 0; at < times; at++) matrix.add(label, predicted);
  return matrix;
}

test("the baseline is the most frequent class", () => {
  expect(confusion().baseline).toEqual({ name: "a", accuracy: 6 / 9 });
  expect(new ConfusionMatrix(["a", "b"]).baseline).toBeUndefined();
});

test("averages are over the classes that have examples", () => {
  const { balancedAccuracy, macroAverage, lacking } = confusion();
  expect(balancedAccuracy).toBeCloseTo((5 / 6 + 1 / 3) / 2, 12);
  expect(macroAverage.precision).toBeCloseTo((5 / 7 + 1) / 2, 12);
  expect(macroAverage.f1).toBeCloseTo((10 / 13 + 1 / 2) / 2, 12);
  expect(lacking).toEqual(["c"]);
});

test("Wilson's interval, as in Newcombe 1998: 81 of 263, 15 of 148, 0 of 20, 1 of 29", () => {
  const rounded = (hits: number, total: number): number[] => wilsonInterval(hits, total).map((value) => Number(value.toFixed(4)));
  expect([rounded(81, 263), rounded(15, 148), rounded(0, 20), rounded(1, 29)]).toEqual([[0.2553, 0.3662], [0.0624, 0.1605], [0, 0.1611], [0.0061, 0.1718]]);
  expect(wilsonInterval(0, 0)).toEqual([0, 1]);
});

test("the calibration error is the mean distance of being sure and being right", () => {
  const calibration = new Calibration();
  for (const [confidence, correct] of [[0.95, true], [0.91, false], [1, true], [0.42, false]] as const) calibration.add(confidence, correct);
  expect(calibration.bins[9]).toEqual({ count: 3, confidence: (0.95 + 0.91 + 1) / 3, accuracy: 2 / 3 });
  expect(calibration.bins[4]).toEqual({ count: 1, confidence: 0.42, accuracy: 0 });
  expect(calibration.error).toBeCloseTo((3 * Math.abs((0.95 + 0.91 + 1) / 3 - 2 / 3) + 0.42) / 4, 12);
  expect(new Calibration().error).toBe(0);
});
