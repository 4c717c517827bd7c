import { describe, expect, it } from "vitest";
import { choice, conditional, createStudy, float, parameterImportance, quasiRandomSampler } from "../src/index.js";
import { mainEffects } from "../src/importance/functional-anova.js";
import { growTree } from "../src/importance/regression-tree.js";

describe("a tree", () => {
  it("splits at the smallest sum of squared deviations, until values are equal", () => {
    const points = [[0.1, 0.2], [0.15, 0.8], [0.6, 0.5], [0.7, 0.9]];
    const leaves = growTree({ points, values: [1, 1, 2, 4] }, [0, 1, 2, 3]);
    expect(leaves.toSorted((a, b) => a.value - b.value)).toEqual([
      { low: [0, 0], high: [0.375, 1], value: 1 },
      { low: [0.375, 0], high: [expect.closeTo(0.65, 12), 1], value: 2 },
      { low: [expect.closeTo(0.65, 12), 0], high: [1, 1], value: 4 },
    ]);
  });

  it("has the mean of equal points", () => {
    expect(growTree({ points: [[0.5], [0.5]], values: [1, 4] }, [0, 1, 1])).toEqual([{ low: [0], high: [1], value: 3 }]);
  });
});

describe("main effects", () => {
  it("are those computed by hand for a tree of three leaves", () => {
    // 1 for x < 0.25; beyond, 2 for y < 0.5 and 4 above. The mean is 2.5, the variance 1.5.
    const leaves = [
      { low: [0, 0], high: [0.25, 1], value: 1 },
      { low: [0.25, 0], high: [1, 0.5], value: 2 },
      { low: [0.25, 0.5], high: [1, 1], value: 4 },
    ];
    // Over y: 1 and 3, variance 0.75. Over x: 1.75 and 3.25, variance 0.5625.
    expect(mainEffects(leaves, 2)).toEqual([expect.closeTo(0.5, 12), expect.closeTo(0.375, 12)]);
  });

  it("are 0 for a constant", () => {
    expect(mainEffects([{ low: [0, 0], high: [1, 1], value: 7 }], 2)).toEqual([0, 0]);
  });
});

describe("importance", () => {
  it("is the ratio of the variances for a sum", async () => {
    const study = await createStudy({ space: { x: float(0, 1), y: float(0, 1), z: float(0, 1) }, sampler: quasiRandomSampler() });
    await study.optimize(({ x, y }) => 3 * x + 1.5 * y, { trials: 200 });
    const [first, second, third] = parameterImportance(study);
    // 9 and 2.25 of 11.25.
    expect(first).toEqual({ name: "x", importance: expect.closeTo(0.8, 1) });
    expect(second).toEqual({ name: "y", importance: expect.closeTo(0.2, 1) });
    expect(third?.name).toBe("z");
    expect(third?.importance).toBeLessThan(0.02);
  });

  it("counts choices, and branches under their names", async () => {
    const study = await createStudy({ space: { c: choice(["a", "b", "c"]), o: conditional({ p: { n: float(0, 1) }, q: {} }) }, sampler: quasiRandomSampler() });
    await study.optimize(({ c, o }) => ({ a: 0, b: 8, c: 1 })[c] + (o.kind === "p" ? o.n : 0.5), { trials: 60 });
    const [first, ...others] = parameterImportance(study);
    expect(first?.name).toBe("c");
    expect(first?.importance).toBeGreaterThan(0.85);
    expect(others.map(({ name }) => name).toSorted()).toEqual(["o", "o.p.n"]);
  });

  it("is the same at any scale, from the smallest numbers to the largest", async () => {
    const importances = async (of: (value: number) => number): Promise<readonly unknown[]> => {
      const study = await createStudy({ space: { x: float(0, 1), y: float(0, 1) }, sampler: quasiRandomSampler() });
      await study.optimize(({ x, y }) => of(Math.round(2 ** 20 * (0.7 * x + 0.3 * y)) / 2 ** 20), { trials: 100 });
      return parameterImportance(study);
    };
    const usual = await importances((value) => value);
    expect(usual).toEqual([{ name: "x", importance: expect.closeTo(0.845, 1) }, { name: "y", importance: expect.closeTo(0.155, 1) }]);
    for (const scale of [2 ** -900, 2 ** -60, 2 ** 1023]) expect(await importances((value) => value * scale)).toEqual(usual);
    // The largest and the smallest number, so that their difference is infinite.
    const wide = await importances((value) => (value - 0.5) * 2 * Number.MAX_VALUE);
    expect(wide).toEqual([{ name: "x", importance: expect.closeTo(0.845, 1) }, { name: "y", importance: expect.closeTo(0.155, 1) }]);
  });

  it("needs two trials", async () => {
    const study = await createStudy({ space: { x: float(0, 1) } });
    expect(() => parameterImportance(study)).toThrow("parameterImportance: 0 trials are completed, expected at least 2");
  });
});
