import { tensor, zeros } from "@nn/tensor";
import { describe, expect, it } from "vitest";
import { ArrayDataset, classCounts, classLabels, kFold, stratifiedKFold, TensorDataset } from "../../src/index.js";

const numbers = (count: number): ArrayDataset<number> => new ArrayDataset(Array.from({ length: count }, (_, index) => index));
function all(parts: readonly Iterable<number>[]): number[] {
  return parts.flatMap((part) => [...part]).toSorted((a, b) => a - b);
}
/** Items with a class: 60 of the first, 30 of the second, 10 of the third. */
const classes = Array.from({ length: 100 }, (_, index) => (index < 60 ? 0 : index < 90 ? 1 : 2));
const labelled = new TensorDataset(zeros([100, 2]), tensor(classes, { dtype: "int32" }));

describe("kFold", () => {
  it("uses each item for validation once", () => {
    const folds = kFold(numbers(10), 3, { seed: 1 });
    expect(folds.map(({ validation }) => validation.length)).toEqual([4, 3, 3]);
    expect(all(folds.map(({ validation }) => validation))).toEqual(all([numbers(10)]));
    for (const { train, validation } of folds) expect(all([train, validation])).toEqual(all([numbers(10)]));
    expect([...(kFold(numbers(4), 2, { shuffle: false })[1]?.validation ?? [])]).toEqual([2, 3]);
  });

  it("with stratification, each fold has the proportions of the classes", () => {
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
