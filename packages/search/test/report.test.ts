import { describe, expect, it } from "vitest";
import { choice, conditional, createStudy, float, int, randomSampler, studyReport, TrialPruned, type Study } from "../src/index.js";
import { historyScale, marksOf } from "../src/report/charts.js";
import { logTicksWithin, short, ticksWithin } from "../src/report/numbers.js";
import { studyData } from "../src/report/study-data.js";
import { valueScale } from "../src/report/value-scale.js";
import { dimensionsOf } from "../src/space/dimension.js";

const hostile = "</style><script>alert(\"1\")</script>\u202e";
const space = { [hostile]: choice(["a", hostile]), rate: float(1e-4, 1, { log: true }), o: conditional({ p: { n: int(1, 3) }, q: {} }) };

async function example(): Promise<Study<typeof space>> {
  const study = await createStudy({ space, sampler: randomSampler() });
  await study.optimize(async ({ rate }, trial) => {
    if (trial.number === 3) throw new Error(hostile);
    await trial.report(1, rate);
    if (trial.number === 4) throw new TrialPruned();
    return rate;
  }, { trials: 20 });
  return study;
}

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

describe("a report", () => {
  it("shows every trial in each picture", async () => {
    const page = studyReport(await example());
    // Of 20 trials one failed and one was pruned; the parameter n exists where branch p was chosen.
    const withN = (await example()).trials.filter(({ state, parameters }) => state === "completed" && parameters.o.kind === "p").length;
    expect(count(page, /<(circle|path) class="dot/g)).toBe(18 * (1 + 3) + withN);
    expect(count(page, /<path class="line/g)).toBe(18);
    expect(count(page, /<(circle|path) class="pruned/g)).toBe(1);
    expect(count(page, /<path class="failed/g)).toBe(1);
    expect(count(page, /<path class="line first/g)).toBe(1);
    expect(page).toContain("<h2>Importance</h2>");
    expect(page).not.toMatch(/NaN|Infinity|undefined/);
  });

  it("escapes all text", async () => {
    const page = studyReport(await example(), { title: hostile });
    expect(count(page, /<script/g)).toBe(0);
    expect(count(page, /<\/style>/g)).toBe(1);
    expect(page).not.toContain("\u202e");
    expect(page).toContain("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;\\u202e");
  });

  it("is the same for the same study", async () => {
    expect(studyReport(await example())).toBe(studyReport(await example()));
  });

  it("draws pruned trials at their values, on a scale that has room for them", async () => {
    const study = await createStudy({ space: { x: float(0, 1) }, sampler: randomSampler() });
    await study.optimize(async ({ x }, trial) => {
      if (trial.number % 2 === 0) return x / 10;
      await trial.report(1, 1 + trial.number);
      throw new TrialPruned();
    }, { trials: 10 });
    const heights = [...studyReport(study).matchAll(/class="pruned" cx="[\d.]+" cy="([\d.]+)"/g)].map(([, y]) => Number(y));
    expect(heights).toHaveLength(5);
    // Values that are equally far apart are equally far apart in the picture, the largest at the top.
    const [first = 0, second = 0, ...others] = heights;
    expect(second).toBeLessThan(first);
    for (const [at, y] of others.entries()) expect(y).toBeCloseTo(second + (at + 1) * (second - first), 0);
    const scale = historyScale(studyData(study));
    expect([1, 2, 10].map((value) => scale.isBeyond(value))).toEqual([false, false, false]);
  });

  it("draws an arrow for a value beyond the axis", async () => {
    const study = await createStudy({ space: { x: float(0, 1) }, sampler: randomSampler() });
    await study.optimize((_, { number }) => (number === 7 ? 1000 : number / 10), { trials: 12 });
    const page = studyReport(study);
    // In the history and over x.
    expect(count(page, /<path class="dot"[^>]*d="M[^"]*Z"><title>trial 7: /g)).toBe(2);
    expect(page).toContain("beyond the axis");
    const near = await createStudy({ space: { x: float(0, 1) }, sampler: randomSampler() });
    await near.optimize((_, { number }) => number / 10, { trials: 12 });
    expect(studyReport(near)).not.toContain("beyond the axis");
  });

  it("says why there is no importance yet", async () => {
    const study = await createStudy({ space: { x: float(0, 1) }, sampler: randomSampler() });
    await study.optimize(({ x }) => x, { trials: 9 });
    expect(studyReport(study)).toContain("Not estimated: that needs at least 10 completed trials; there are 9.");
    await study.optimize(({ x }) => x, { trials: 10 });
    expect(studyReport(study)).not.toContain("Not estimated");
  });

  it("shows a single trial, and refuses none", async () => {
    const study = await createStudy({ space: { x: float(0, 1) } });
    expect(() => studyReport(study)).toThrow("studyReport: no trial is completed");
    await study.tell(await study.ask(), 0);
    expect(studyReport(study)).not.toMatch(/NaN|Infinity|undefined/);
  });
});

describe("values of any size", () => {
  it.each([[Number.MAX_VALUE, -Number.MAX_VALUE, 0], [Number.MAX_VALUE], [Number.MAX_VALUE, 1, 2, 3], [5e-324, 1e-320], [-1e308, 1e308]])("are drawn: %j", async (...values) => {
    for (const direction of ["minimize", "maximize"] as const) {
      const study = await createStudy({ space: { x: float(0, 1) }, direction, sampler: randomSampler() });
      await study.optimize((_, { number }) => values[number % values.length] ?? 0, { trials: 12 });
      expect(studyReport(study)).not.toMatch(/NaN|Infinity|undefined/);
    }
    const scale = valueScale(values, 1);
    expect(values.toSorted((a, b) => a - b).map((value) => scale.at(value))).toEqual(values.map((value) => scale.at(value)).toSorted((a, b) => a - b));
    expect(scale.at(Math.min(...values))).toBeLessThan(0.51);
    expect(scale.ticks.every(Number.isFinite)).toBe(true);
  });
});

describe("numbers", () => {
  it("are abbreviated", () => {
    expect([0, 0.012345, 1e-7 * 1.5, 12340.4, -3, 2.5e9].map(short)).toEqual(["0", "0.01235", "1.5e-7", "12340", "-3", "2.5e9"]);
  });

  it("of ticks are rounded", () => {
    expect(ticksWithin(0, 1, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(ticksWithin(-0.13, 0.27, 5)).toEqual([-0.1, 0, 0.1, 0.2]);
    expect(ticksWithin(3, 3, 5)).toEqual([3]);
  });

  it("of logarithmic ticks are powers of ten, or the next rounder ones", () => {
    expect(logTicksWithin(1e-4, 1e-1, 5)).toEqual([1e-4, 1e-3, 1e-2, 1e-1]);
    expect(logTicksWithin(3e-5, 0.3, 5)).toEqual([1e-4, 1e-3, 1e-2, 1e-1]);
    expect(logTicksWithin(1e-9, 1, 5)).toEqual([1e-9, 1e-7, 1e-5, 1e-3, 1e-1]);
    expect(logTicksWithin(0.02, 0.6, 5)).toEqual([0.02, 0.05, 0.1, 0.2, 0.5]);
    expect(logTicksWithin(21, 29, 5)).toEqual([22, 24, 26, 28]);
  });

  it("of parameters are round, at their places", () => {
    const marks = dimensionsOf({ rate: float(1e-4, 1e-1, { log: true }), x: float(-1, 3), n: int(1, 1000, { log: true }), m: int(0, 100, { step: 4 }), k: int(1, 3) }).map((dimension) => marksOf(dimension, 6));
    expect(marks.map((each) => each.map(({ text }) => text))).toEqual([["1e-4", "0.001", "0.01", "0.1"], ["-1", "0", "1", "2", "3"], ["1", "10", "100", "1000"], ["0", "20", "40", "60", "80", "100"], ["1", "2", "3"]]);
    expect(marks[0]?.map(({ at }) => Math.round(at * 3e6) / 3e6)).toEqual([0, 1 / 3, 2 / 3, 1].map((at) => Math.round(at * 3e6) / 3e6));
    expect(marks[1]?.map(({ at }) => at)).toEqual([0, 0.25, 0.5, 0.75, 1]);
  });

  it("beyond the axis are drawn at its end", () => {
    const values = [...Array.from({ length: 19 }, (_, at) => at / 18), 1000];
    expect(valueScale(values, 1).at(1)).toBeGreaterThan(0.9);
    expect(valueScale(values, 1).at(1000)).toBe(1);
    expect(valueScale(values.map((value) => -value), -1).at(-1000)).toBe(0);
    expect(valueScale([5, 5], 1).at(5)).toBeCloseTo(0.5, 12);
  });
});
