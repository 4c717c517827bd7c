import { describe, expect, test } from "vitest";
import { reduceOnPlateau, type ReduceOnPlateauOptions } from "../../src/index.js";

function expectClose(found: readonly number[], wanted: readonly number[]): void {
  expect(found).toHaveLength(wanted.length);
  found.forEach((value, at) => expect(value).toBeCloseTo(wanted[at] as number, 12));
}

describe("reduceOnPlateau", () => {
  test("reduces the rate when patience runs out, but not during the cooldown", () => {
    const schedule = reduceOnPlateau(1, { patience: 1, factor: 0.5, cooldown: 1 });
    const seen = [5, 4, 4, 4, 4, 4, 4, 4].map((metric) => {
      schedule.report(metric);
      return schedule(0);
    });
    expect(seen).toEqual([1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25]);
  });

  test("a NaN loss is no improvement, not even the first one", () => {
    const schedule = reduceOnPlateau(1, { patience: 1, factor: 0.5 });
    for (const metric of [NaN, NaN]) schedule.report(metric);
    expect(schedule(0)).toBe(0.5);
    schedule.report(3);
    expect(schedule.stateDict().best).toBe(3);
  });

  test("continues from its state, through JSON", () => {
    const build = () => reduceOnPlateau(1, { patience: 2, factor: 0.1 });
    const [whole, first, second] = [build(), build(), build()];
    const metrics = [3, 2, 2, 2, 2, 1.9, 1.9, 1.9, 1.9];
    metrics.forEach(whole.report);
    metrics.slice(0, 4).forEach(first.report);
    second.loadStateDict(JSON.parse(JSON.stringify(first.stateDict())) as ReturnType<typeof first.stateDict>);
    metrics.slice(4).forEach(second.report);
    expect(second.stateDict()).toEqual(whole.stateDict());
  });
});

describe("reduceOnPlateau", () => {
  const after = (metrics: readonly number[], options: ReduceOnPlateauOptions): number[] => {
    const schedule = reduceOnPlateau(1, options);
    return metrics.map((metric) => {
      schedule.report(metric);
      return schedule(0);
    });
  };

  test("reduces the rate for constant negative metrics, and never takes a worse metric for the best", () => {
    expectClose(after([-1, -1, -1, -1, -1, -1, -1, -1], { patience: 2 }), [1, 1, 1, 0.1, 0.1, 0.1, 0.01, 0.01]);
    expectClose(after([-1, -0.95, -0.95], { patience: 1, threshold: 0.1 }), [1, 1, 0.1]);
    expectClose(after([-1, -1.05, -1.2], { patience: 1, threshold: 0.1 }), [1, 1, 1]);
    expectClose(after([-1, -1.05, -0.95, -0.8], { mode: "max", patience: 1, threshold: 0.1 }), [1, 1, 0.1, 0.1]);
  });

  test("infinite and missing metrics are no improvement, but their opposite is", () => {
    expectClose(after([Infinity, NaN, 5, 5], { patience: 1 }), [1, 0.1, 0.1, 0.1]);
    expectClose(after([-Infinity, 7, 6, 6], { mode: "max", patience: 0, threshold: 0 }), [0.1, 0.1, 0.01, 0.001]);
    expectClose(after([-Infinity, 1, -Infinity], { patience: 0 }), [1, 0.1, 0.01]);
  });

  test("an invalid state is refused and changes nothing", () => {
    const schedule = reduceOnPlateau(1, { patience: 0 });
    schedule.report(1);
    const state = schedule.stateDict();
    for (const wrong of [null, {}, { ...state, rate: NaN }, { ...state, best: "1" }, { ...state, badReports: -1 }, { ...state, cooldownLeft: 0.5 }]) {
      expect(() => schedule.loadStateDict(wrong as never)).toThrow(/^reduceOnPlateau.loadStateDict: /);
    }
    expect(schedule.stateDict()).toEqual(state);
  });
});
