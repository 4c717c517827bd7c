import { describe, expect, test } from "vitest";
import { oneCycle, oneCycleMomentum, type Schedule } from "../../src/index.js";

const rates = (schedule: Schedule, ...steps: number[]): number[] => steps.map(schedule);
function expectClose(found: readonly number[], wanted: readonly number[]): void {
  expect(found).toHaveLength(wanted.length);
  found.forEach((value, at) => expect(value).toBeCloseTo(wanted[at] as number, 12));
}

describe("oneCycle", () => {
  test("rises, falls below its first rate, then stays constant", () => {
    const schedule = oneCycle(1, { steps: 10, rising: 0.3 });
    expect(schedule(0)).toBeCloseTo(1 / 25, 12);
    expect(schedule(9)).toBeCloseTo(1 / 25e4, 12);
    expect(schedule(50)).toBe(schedule(9));
    const all = Array.from({ length: 10 }, (_, step) => schedule(step));
    expect(Math.max(...all)).toBe(all[2]);
  });

  test("is finite for the shortest cycles", () => {
    for (const steps of [1, 2, 3]) expect(rates(oneCycle(1, { steps }), 0, 1, 2).every(Number.isFinite)).toBe(true);
  });
});

test("oneCycleMomentum mirrors the rate", () => {
  const cycle = { steps: 10, rising: 0.4, shape: "linear" } as const;
  expectClose(rates(oneCycleMomentum({ ...cycle, highest: 0.9, lowest: 0.6 }), 0, 1, 3, 6, 9), [0.9, 0.8, 0.6, 0.75, 0.9]);
  expectClose(rates(oneCycleMomentum({ ...cycle, threePhases: true }), 0, 3, 6, 9), [0.95, 0.85, 0.95, 0.95]);
});
