import * as fc from "fast-check";
import { expect, test } from "vitest";
import { bucketsOf, thinned } from "../../src/report/thinning.js";

const series = fc.array(fc.option(fc.integer({ min: -50, max: 50 }), { nil: null, freq: 8 }), { maxLength: 300 });

test("each bucket has its least and its largest value", () => {
  fc.assert(fc.property(series, fc.integer({ min: 1, max: 40 }), (values, most) => {
    const buckets = bucketsOf(values, most);
    expect(buckets.length).toBeLessThanOrEqual(most);
    expect(buckets.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, at) => from + at))).toEqual(values.map((_, at) => at));
    for (const { from, to, extremes } of buckets) {
      const own = values.slice(from, to + 1).filter((value) => value !== null);
      const kept = extremes.map((at) => values[at] ?? 0);
      expect([Math.min(...kept), Math.max(...kept), kept.length === 0]).toEqual([Math.min(...own), Math.max(...own), own.length === 0]);
    }
  }));
});

test("a line has at most twice as many points as buckets, in order, ends with the last value, and joins nothing over a gap", () => {
  fc.assert(fc.property(series, fc.integer({ min: 1, max: 40 }), (values, most) => {
    const runs = thinned(values, most);
    const all = runs.flat();
    expect(all).toEqual([...new Set(all)].toSorted((a, b) => a - b));
    expect(all.length).toBeLessThanOrEqual(2 * most + 1);
    expect(all.at(-1) ?? -1).toBe(values.findLastIndex((value) => value !== null));
    for (const run of runs) expect(values.slice(run[0], (run.at(-1) ?? 0) + 1)).not.toContain(null);
  }));
});

test("a short line has all its values", () => {
  expect(thinned([3, 1, null, 2, 2], 5)).toEqual([[0, 1], [3, 4]]);
  expect(thinned([], 5)).toEqual([]);
});
