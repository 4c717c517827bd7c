import { expect, it } from "vitest";
import { cosSin, naturalLog } from "../src/portable-math.js";

it("computes the logarithm within a few units in the last place", () => {
  for (let x = 1e-12; x < 1e12; x *= 1.37) {
    expect(Math.abs(naturalLog(x) - Math.log(x))).toBeLessThanOrEqual(4e-16 * Math.max(1, Math.abs(Math.log(x))));
  }
  expect(naturalLog(1)).toBe(0);
});

it("computes cosine and sine of turns within rounding, and exactly at quarters", () => {
  for (let turns = -3; turns < 3; turns += 0.0137) {
    const [cos, sin] = cosSin(turns);
    expect(Math.abs(cos - Math.cos(2 * Math.PI * turns))).toBeLessThan(4e-15);
    expect(Math.abs(sin - Math.sin(2 * Math.PI * turns))).toBeLessThan(4e-15);
  }
  expect([0, 0.25, 0.5, 0.75, 1, -0.25].map((turns) => cosSin(turns).map((value) => value + 0))).toEqual([[1, 0], [0, 1], [-1, 0], [0, -1], [1, 0], [0, -1]]);
});
