import * as fc from "fast-check";
import { describe, expect, expectTypeOf, it } from "vitest";
import { ArrayDataset, randomSplit, readCsv, type Table } from "../../src/index.js";

const numbers = (count: number): ArrayDataset<number> => new ArrayDataset(Array.from({ length: count }, (_, index) => index));
function all(parts: readonly Iterable<number>[]): number[] {
  return parts.flatMap((part) => [...part]).toSorted((a, b) => a - b);
}

describe("randomSplit", () => {
  it("gives disjoint parts of the requested sizes", () => {
    const [train, validation, test] = randomSplit(numbers(10), [0.5, 0.25, 0.25], { seed: 1 });
    expect([train.length, validation.length, test.length]).toEqual([5, 3, 2]);
    expect(all([train, validation, test])).toEqual(all([numbers(10)]));
  });

  it("depends on the seed", () => {
    const split = (seed: number): number[] => [...randomSplit(numbers(100), [50, 50], { seed })[0]];
    expect(split(1)).toEqual(split(1));
    expect(split(1)).not.toEqual(split(2));
    expect(split(1)).not.toEqual(Array.from({ length: 50 }, (_, index) => index));
  });

  it("gives all items away and rounds fairly for all sizes", () => {
    fc.assert(
      fc.property(fc.integer({ min: 30, max: 300 }), fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 3 }), (length, weights) => {
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        const parts = randomSplit(numbers(length), weights.map((weight) => weight / total), { seed: 0 });
        expect(all(parts)).toEqual(all([numbers(length)]));
        parts.forEach((part, at) => expect(Math.abs(part.length - (length * (weights[at] ?? 0)) / total)).toBeLessThan(1));
      }),
      { numRuns: 50 },
    );
  });

  it("splits tables into tables", async () => {
    const table = await readCsv("a\n1\n2\n3\n4\n");
    const [train] = randomSplit(table, [0.75, 0.25], { seed: 1 });
    expectTypeOf(train).toEqualTypeOf<Table>();
    expect(train.numeric("a")).toHaveLength(3);
  });

  it("refuses sizes that do not add up", () => {
    const messages = [[0.5, 0.6], [3, 3], [], [1.5, -0.5], [0.01, 0.99]].map((sizes) => {
      try {
        randomSplit(numbers(10), sizes, { seed: 0 });
        return "no error";
      } catch (error) {
        return String(error);
      }
    });
    expect(messages).toMatchInlineSnapshot(`
      [
        "ArgumentError: randomSplit: sizes [0.5, 0.6] add up to 1.1; expected fractions that add up to 1, or counts that add up to 10",
        "ArgumentError: randomSplit: sizes [3, 3] add up to 6; expected fractions that add up to 1, or counts that add up to 10",
        "ArgumentError: randomSplit: sizes []; expected fractions that add up to 1, or counts, all above 0",
        "ArgumentError: randomSplit: sizes [1.5, -0.5]; expected fractions that add up to 1, or counts, all above 0",
        "ArgumentError: randomSplit: 10 items do not split into [0.01, 0.99]; split 0 would be empty",
      ]
    `);
  });
});
