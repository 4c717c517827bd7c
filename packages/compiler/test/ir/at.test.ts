import { expect, it } from "vitest";
import { at } from "../../src/ir/at.js";

it("returns an existing element, and throws for a missing one", () => {
  expect(at([5, 6], 1)).toBe(6);
  expect(at([5, 6], -2)).toBe(5);
  expect(at([0], 0)).toBe(0);
  expect(() => at([5, 6], 2)).toThrow("there is no element 2 in a list of 2");
  expect(() => at([5, 6], -3)).toThrow("there is no element -3 in a list of 2");
  expect(() => at([], 0)).toThrow("there is no element 0 in a list of 0");
});
