import { expect, test } from "vitest";
import { calculateFans, calculateGain, constant } from "../../src/index.js";

test("fans and gains", () => {
  expect(calculateFans([16, 8, 3, 3])).toEqual({ fanIn: 72, fanOut: 144 });
  expect(calculateGain("leakyRelu", 0)).toBe(calculateGain("relu"));
  expect(constant([2], { value: 4 }).toArray()).toEqual([4, 4]);
});
