import { describe, expect, test } from "vitest";
import { exponentialDecay, weightAveragingRate, type Schedule } from "../../src/index.js";

const rates = (schedule: Schedule, ...steps: number[]): number[] => steps.map(schedule);
function expectClose(found: readonly number[], wanted: readonly number[]): void {
  expect(found).toHaveLength(wanted.length);
  found.forEach((value, at) => expect(value).toBeCloseTo(wanted[at] as number, 12));
}

describe("weightAveragingRate", () => {
  // PyTorch's SWALR: r a + x (1 − a) with a = (1 − cos π t) / 2, or a = t, where t goes from 0 to 1.
  test("follows half a cosine from the rate of the other schedule to a constant rate", () => {
    const before = exponentialDecay(1, { factor: 0.5 });
    const part = (t: number): number => 0.05 * (1 - Math.cos(Math.PI * t)) / 2 + 0.25 * (1 + Math.cos(Math.PI * t)) / 2;
    expectClose(rates(weightAveragingRate(before, 0.05, { start: 2, steps: 4 }), 0, 1, 2, 3, 5, 6, 99), [1, 0.5, 0.25, part(0.25), part(0.75), 0.05, 0.05]);
  });

  test("or a straight line, also upwards", () => {
    expectClose(rates(weightAveragingRate(0.1, 0.5, { start: 1, steps: 4, shape: "linear" }), 0, 1, 2, 5, 6), [0.1, 0.1, 0.2, 0.5, 0.5]);
  });
});
