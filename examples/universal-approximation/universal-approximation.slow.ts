import { expect, test } from "vitest";
import { fit } from "./main.js";

test("a wider layer comes nearer to the curve", () => {
  const errors = [1, 4, 16, 64].map((width) => fit(width).error);
  expect(errors).toEqual(errors.toSorted((a, b) => b - a));
  expect(errors.at(-1)).toBeLessThan(1e-4);
});

test("without a nonlinearity, width does not help: two linear layers are one", () => {
  expect(fit(64, { linear: true }).error).toBeCloseTo(fit(1, { linear: true }).error, 4);
  expect(fit(64, { linear: true }).error).toBeGreaterThan(0.05);
});
