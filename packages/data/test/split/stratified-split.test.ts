import { tensor, zeros, type Tensor } from "@nn/tensor";
import * as fc from "fast-check";
import { describe, expect, expectTypeOf, it } from "vitest";
import { ArrayDataset, classCounts, classLabels, readCsv, stratifiedSplit, TensorDataset } from "../../src/index.js";

const numbers = (count: number): ArrayDataset<number> => new ArrayDataset(Array.from({ length: count }, (_, index) => index));
function all(parts: readonly Iterable<number>[]): number[] {
  return parts.flatMap((part) => [...part]).toSorted((a, b) => a - b);
}
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

  it("gives exact sizes, and proportions within two items, whatever the classes", () => {
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
