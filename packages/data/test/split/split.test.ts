import { tensor, zeros, type Tensor } from "@nn/tensor";
import * as fc from "fast-check";
import { describe, expect, expectTypeOf, it } from "vitest";
import {
  ArrayDataset, classCounts, classLabels, kFold, randomSplit, readCsv, stratifiedKFold, stratifiedSplit, TensorDataset, type Table,
} from "../../src/index.js";

const numbers = (count: number): ArrayDataset<number> => new ArrayDataset(Array.from({ length: count }, (_, index) => index));

function all(parts: readonly Iterable<number>[]): number[] {
  return parts.flatMap((part) => [...part]).toSorted((a, b) => a - b);
}

describe("randomSplit", () => {
  it("gives parts of the sizes asked for that share no item", () => {
    const [train, validation, test] = randomSplit(numbers(10), [0.5, 0.25, 0.25], { seed: 1 });
    expect([train.length, validation.length, test.length]).toEqual([5, 3, 2]);
    expect(all([train, validation, test])).toEqual(all([numbers(10)]));
  });

  it("follows the seed", () => {
    const split = (seed: number): number[] => [...randomSplit(numbers(100), [50, 50], { seed })[0]];
    expect(split(1)).toEqual(split(1));
    expect(split(1)).not.toEqual(split(2));
    expect(split(1)).not.toEqual(Array.from({ length: 50 }, (_, index) => index));
  });

  it("adds up and rounds fairly for all sizes", () => {
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

/** Items with a class: 60 of the first, 30 of the second, 10 of the third. */
const classes = Array.from({ length: 100 }, (_, index) => (index < 60 ? 0 : index < 90 ? 1 : 2));
const labelled = new TensorDataset(zeros([100, 2]), tensor(classes, { dtype: "int32" }));

describe("stratifiedSplit", () => {
  it("keeps the proportions of the classes", () => {
    const [train, test] = stratifiedSplit(labelled, [0.9, 0.1], { seed: 1 });
    expectTypeOf(train.tensors).toEqualTypeOf<[Tensor, Tensor]>();
    expect(train.tensors[0].shape).toEqual([90, 2]);
    expect(Object.fromEntries(classCounts(classLabels(train)))).toEqual({ 0: 54, 1: 27, 2: 9 });
    expect(Object.fromEntries(classCounts(classLabels(test)))).toEqual({ 0: 6, 1: 3, 2: 1 });
    // Not in blocks of one class.
    expect(classLabels(train)).not.toEqual(classLabels(train).toSorted());
  });

  it("keeps sizes exact and proportions to within less than two items, whatever the classes", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 20, maxLength: 80 }), fc.constantFrom([0.5, 0.5], [0.7, 0.2, 0.1], [0.25, 0.25, 0.5]), (labels, sizes) => {
        const parts = stratifiedSplit(numbers(labels.length), sizes, { seed: 2, labels });
        expect(all(parts)).toEqual(all([numbers(labels.length)]));
        parts.forEach((part, at) => {
          const fraction = sizes[at] ?? 0;
          expect(Math.abs(part.length - fraction * labels.length)).toBeLessThan(1);
          const counts = classCounts(Array.from(part, (item) => labels[item] ?? 0));
          for (const [label, count] of classCounts(labels)) expect(Math.abs((counts.get(label) ?? 0) - fraction * count)).toBeLessThan(2);
        });
      }),
      { numRuns: 100 },
    );
  });

  it("takes labels from a list, a tensor, a function or a table's column", async () => {
    const items = new ArrayDataset(["ant", "bee", "ape", "bat"]);
    for (const labels of [["a", "b", "a", "b"], tensor([0, 1, 0, 1]), (item: string) => item.charAt(0)]) {
      const [first, second] = stratifiedSplit(items, [0.5, 0.5], { seed: 3, labels });
      expect([...first].map((item) => item.charAt(0)).toSorted()).toEqual(["a", "b"]);
      expect([...second].map((item) => item.charAt(0)).toSorted()).toEqual(["a", "b"]);
    }
    const table = await readCsv("x,kind\n1,a\n2,a\n3,b\n4,b\n");
    const [train, test] = stratifiedSplit(table, [0.5, 0.5], { seed: 1, labels: table.categorical("kind") });
    expect(train.categorical("kind").toSorted()).toEqual(["a", "b"]);
    expect(test.categorical("kind").toSorted()).toEqual(["a", "b"]);
  });

  it("refuses items without a class", () => {
    expect(() => stratifiedSplit(labelled, [0.5, 0.5], { labels: [1, 2] })).toThrow("stratifiedSplit: there are 2 labels for 100 items");
    expect(() => stratifiedSplit(new TensorDataset(zeros([2, 3])), [0.5, 0.5])).toThrow("stratifiedSplit: item 0 has no class: found a tensor [3]");
    expect(() => classLabels(new ArrayDataset([{ a: 1 }]))).toThrow("item 0 has no class: found an object");
  });
});

describe("kFold", () => {
  it("uses each item for validation once", () => {
    const folds = kFold(numbers(10), 3, { seed: 1 });
    expect(folds.map(({ validation }) => validation.length)).toEqual([4, 3, 3]);
    expect(all(folds.map(({ validation }) => validation))).toEqual(all([numbers(10)]));
    for (const { train, validation } of folds) expect(all([train, validation])).toEqual(all([numbers(10)]));
    expect([...(kFold(numbers(4), 2, { shuffle: false })[1]?.validation ?? [])]).toEqual([2, 3]);
  });

  it("stratified: each fold has the proportions of the classes", () => {
    const folds = stratifiedKFold(labelled, 5, { seed: 1 });
    for (const { train, validation } of folds) {
      expect(Object.fromEntries(classCounts(classLabels(validation)))).toEqual({ 0: 12, 1: 6, 2: 2 });
      expect(train.length).toBe(80);
    }
  });

  it("refuses an impossible number of folds", () => {
    expect(() => kFold(numbers(3), 4)).toThrow("kFold: k is 4, expected 2 to 3, the number of items");
    expect(() => stratifiedKFold(labelled, 1)).toThrow("stratifiedKFold: k is 1");
  });
});
