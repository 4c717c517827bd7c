import { describe, expect, it } from "vitest";
import { HaltonSequence, primes } from "../../src/samplers/halton.js";

describe("Halton sequence", () => {
  it("has the published points in bases 2, 3 and 5", () => {
    const sequence = new HaltonSequence(3);
    // Halton 1960; the point with index 0 is the origin.
    const expected = [
      [0, 0, 0], [1 / 2, 1 / 3, 1 / 5], [1 / 4, 2 / 3, 2 / 5], [3 / 4, 1 / 9, 3 / 5], [1 / 8, 4 / 9, 4 / 5], [5 / 8, 7 / 9, 1 / 25], [3 / 8, 2 / 9, 6 / 25], [7 / 8, 5 / 9, 11 / 25],
    ];
    for (const [index, point] of expected.entries()) expect(sequence.point(index)).toEqual(point.map((each) => expect.closeTo(each, 14)));
  });

  it("uses the primes", () => {
    expect(primes(10)).toEqual([2, 3, 5, 7, 11, 13, 17, 19, 23, 29]);
  });

  it("is equally even when scrambled: bⁿ points have one in each bⁿ-th part", () => {
    for (const seed of [0, 1, 99]) {
      const sequence = new HaltonSequence(4, seed);
      for (const [dimension, base] of [2, 3, 5, 7].entries()) {
        for (const size of [base, base ** 2, base ** 3]) {
          const parts = Array.from({ length: size }, (_, index) => Math.floor((sequence.point(size * 4 + index)[dimension] ?? NaN) * size));
          expect(parts.toSorted((a, b) => a - b)).toEqual(Array.from({ length: size }, (_, part) => part));
        }
      }
    }
  });

  it("depends on the seed when scrambled", () => {
    const firsts = [1, 2, 3, 4].map((seed) => new HaltonSequence(2, seed).point(0).join(" "));
    expect(new Set(firsts).size).toBe(4);
    expect(new HaltonSequence(2, 1).point(5)).toEqual(new HaltonSequence(2, 1).point(5));
  });
});
