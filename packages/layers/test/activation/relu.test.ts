import { full, Generator, tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { RReLU } from "../../src/index.js";

describe("RReLU", () => {
  test("draws a slope between its bounds for each element", () => {
    const y = [...new RReLU(0.1, 0.3, { generator: new Generator(1) }).forward(full([1000], -1)).neg().toTypedArray()];
    expect(Math.min(...y)).toBeGreaterThanOrEqual(Math.fround(0.1));
    expect(Math.max(...y)).toBeLessThanOrEqual(Math.fround(0.3));
    expect(y.reduce((a, b) => a + b) / 1000).toBeCloseTo(0.2, 2);
  });

  test("leaves positive numbers unchanged", () => {
    expect(new RReLU().forward(tensor([2, 3])).toArray()).toEqual([2, 3]);
  });
});

test("errors", () => {
  expect(() => new RReLU(0.4, 0.3)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: RReLU: slopes from 0.4 to 0.3, expected the lower one first]`);
});
