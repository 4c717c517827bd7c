import { expect, test } from "vitest";
import { evaluate, train } from "./main.js";

test("networks are better together, and disagree where there was nothing to learn from", async () => {
  const { single, together, nearPoints, inGap } = evaluate(await train());
  expect(single.length).toBe(10);
  expect(together).toBeLessThan(single.reduce((a, b) => a + b) / single.length);
  expect(together).toBeLessThan(0.1);
  expect(inGap).toBeGreaterThan(2 * nearPoints);
});
