import { describe, expect, test } from "vitest";
import { cosineDecay, type Schedule } from "../../src/index.js";

const rates = (schedule: Schedule, ...steps: number[]): number[] => steps.map(schedule);
function expectClose(found: readonly number[], wanted: readonly number[]): void {
  expect(found).toHaveLength(wanted.length);
  found.forEach((value, at) => expect(value).toBeCloseTo(wanted[at] as number, 12));
}

describe("cosineDecay", () => {
  test("falls along half a cosine, then stays constant", () => {
    expectClose(rates(cosineDecay(1, { steps: 4, minimum: 0.2 }), 0, 2, 4, 5, 8), [1, 0.6, 0.2, 0.2, 0.2]);
  });

  test("rises again if periodic", () => {
    expectClose(rates(cosineDecay(1, { steps: 4, periodic: true }), 4, 6, 8), [0, 0.5, 1]);
  });
});
