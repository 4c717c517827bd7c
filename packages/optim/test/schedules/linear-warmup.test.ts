import { describe, expect, test } from "vitest";
import { linearWarmup, stepDecay, type Schedule } from "../../src/index.js";

const rates = (schedule: Schedule, ...steps: number[]): number[] => steps.map(schedule);
function expectClose(found: readonly number[], wanted: readonly number[]): void {
  expect(found).toHaveLength(wanted.length);
  found.forEach((value, at) => expect(value).toBeCloseTo(wanted[at] as number, 12));
}

describe("linearWarmup", () => {
  test("rises to the first rate of the next schedule, which then starts", () => {
    expectClose(rates(linearWarmup(stepDecay(1, { every: 2 }), { steps: 2, from: 0.5 }), 0, 1, 2, 3, 4), [0.5, 0.75, 1, 1, 0.1]);
  });

  test("rises to a constant rate", () => {
    expectClose(rates(linearWarmup(0.4, { steps: 4 }), 0, 1, 4, 99), [0, 0.1, 0.4, 0.4]);
  });
});
