import { tensor } from "@nn/tensor";
import { describe, expect, it } from "vitest";
import { inputScale, wholeWeights } from "../src/whole-numbers.js";

describe("inputScale", () => {
  it("stands for zero exactly, and for the ends of the range", () => {
    for (const [low, high] of [[0, 2], [-1, 1], [-3, 0.5], [0.5, 4], [-4, -1]] as const) {
      const { scale, zero } = inputScale([low, high]);
      expect(zero).toBe(Math.round(zero));
      const [least, most] = [(0 - zero) * scale, (127 - zero) * scale];
      expect(Math.abs(least - Math.min(low, 0))).toBeLessThanOrEqual(scale / 2 + 1e-12);
      expect(Math.abs(most - Math.max(high, 0))).toBeLessThanOrEqual(scale / 2 + 1e-12);
    }
  });

  it("of nothing but zeros is 1", () => {
    expect(inputScale([0, 0])).toEqual({ scale: 1, zero: 0 });
  });
});

describe("wholeWeights", () => {
  it("divides the weights of each output so that the largest is ±127, and packs four of them in a word", () => {
    const { words, scales, sums } = wholeWeights(tensor([[1, -2, 0.5, 0, 2], [0, 0, 0, 0, 0], [-12.7, 0.1, 1, 5, -0.06]]));
    expect(words.shape).toEqual([2, 3]);
    const bytes = new Int8Array(words.toTypedArray().buffer.slice(0));
    const rows = [0, 1, 2].map((column) => Array.from({ length: 8 }, (_, i) => bytes[4 * (3 * (i >> 2) + column) + (i & 3)]));
    expect(rows).toEqual([[64, -127, 32, 0, 127, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0], [-127, 1, 10, 50, -1, 0, 0, 0]]);
    expect([...scales]).toEqual([2 / 127, 1, 0.1].map((scale) => expect.closeTo(scale, 6) as number));
    expect([...sums]).toEqual([96, 0, -67]);
  });
});
