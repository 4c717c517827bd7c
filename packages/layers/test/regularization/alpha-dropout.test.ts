import { Generator, mean, normal, std, zeros } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { AlphaDropout, FeatureAlphaDropout } from "../../src/index.js";

const seeded = (seed = 1) => ({ generator: new Generator(seed) });
/** The sets of values within each unit of the leading axes. */
function valuesPerUnit(y: { toTypedArray(): ArrayLike<number> }, units: number): Set<number>[] {
  const values = Array.from(y.toTypedArray());
  const size = values.length / units;
  return Array.from({ length: units }, (_, unit) => new Set(values.slice(unit * size, (unit + 1) * size)));
}

describe("alpha dropout", () => {
  test("keeps mean 0 and variance 1", () => {
    const x = normal([200, 200], seeded(2));
    for (const layer of [new AlphaDropout(0.3, seeded(3)), new FeatureAlphaDropout(0.3, seeded(3))]) {
      const y = layer.forward(x);
      expect(mean(y).item()).toBeCloseTo(0, 1);
      expect(std(y).item()).toBeCloseTo(1, 1);
    }
  });

  test("of features replaces whole channels", () => {
    const sets = valuesPerUnit(new FeatureAlphaDropout(0.5, seeded()).forward(zeros([4, 8, 5])), 32);
    sets.forEach((values) => expect(values.size).toBe(1));
  });
});

test("errors", () => {
  expect(() => new AlphaDropout(2)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: AlphaDropout: probability is 2, expected a number from 0 to 1]`);
  expect(() => new FeatureAlphaDropout().forward(zeros([2]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: FeatureAlphaDropout: input is [2], expected [N, C, ...]]`);
});
