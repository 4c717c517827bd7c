import { describe, expect, it } from "vitest";
import { choice, conditional, createStudy, float, int, randomSampler, studyReport, TrialPruned, type Study } from "../src/index.js";
import { short, ticksWithin } from "../src/report/numbers.js";
import { valueScale } from "../src/report/value-scale.js";

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
    expect(count(page, /<circle class="dot/g)).toBe(18 * (1 + 3) + withN);
    expect(count(page, /<path class="line/g)).toBe(18);
    expect(count(page, /<circle class="pruned/g)).toBe(1);
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

  it("beyond the axis are drawn at its end", () => {
    const values = [...Array.from({ length: 19 }, (_, at) => at / 18), 1000];
    expect(valueScale(values, 1).at(1)).toBeGreaterThan(0.9);
    expect(valueScale(values, 1).at(1000)).toBe(1);
    expect(valueScale(values.map((value) => -value), -1).at(-1000)).toBe(0);
    expect(valueScale([5, 5], 1).at(5)).toBeCloseTo(0.5, 12);
  });
});
