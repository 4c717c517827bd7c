import { expect, test } from "vitest";
import { train } from "./main.js";

const errorOf = async (width: number, linear = false): Promise<number> => (await train(width, { linear })).error;

test("a wider layer comes nearer to the curve", async () => {
  const errors: number[] = [];
  for (const width of [1, 4, 16, 64]) errors.push(await errorOf(width));
  expect(errors).toEqual(errors.toSorted((a, b) => b - a));
  expect(errors.at(-1)).toBeLessThan(1e-4);
});

test("without a nonlinearity, width does not help: two linear layers are one", async () => {
  const [wide, narrow] = [await errorOf(64, true), await errorOf(1, true)];
  expect(wide).toBeCloseTo(narrow, 4);
  expect(wide).toBeGreaterThan(0.05);
});
