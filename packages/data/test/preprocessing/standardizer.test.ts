import { tensor, zeros } from "@nn/tensor";
import { describe, expect, it } from "vitest";
import { Standardizer } from "../../src/index.js";

const nan = Number.NaN;
const train = tensor([[1, 10, 5], [2, 20, 5], [3, 60, 5]], { dtype: "float64" });

describe("Standardizer", () => {
  it("gives mean 0 and standard deviation 1, and 0 for constant features", () => {
    const scaler = Standardizer.fit(train);
    expect(scaler.mean).toEqual([2, 30, 5]);
    // scikit-learn: StandardScaler().fit(...).scale_
    expect(scaler.scale).toEqual([expect.closeTo(0.816496580927726, 12), expect.closeTo(21.602468994692867, 12), 1]);
    expect(scaler.transform(train).dtype).toBe("float64");
    expect(scaler.transform(tensor([2, 30, 7])).toArray()).toEqual([0, 0, 2]);
    expect(scaler.transform(tensor([[2, 30, 5]], { dtype: "int32" })).dtype).toBe("float32");
  });

  it("takes the last axis as features", () => {
    const scaler = Standardizer.fit(tensor([[[0, 0], [2, 4]], [[0, 0], [2, 4]]]));
    expect(scaler.mean).toEqual([1, 2]);
    expect(scaler.transform(zeros([2, 2, 2])).shape).toEqual([2, 2, 2]);
  });

  it("does not cancel far from 0, and recognises constants despite rounding", () => {
    expect(Standardizer.fit(tensor([[1e9 + 1], [1e9 + 2], [1e9 + 3]], { dtype: "float64" })).scale[0]).toBeCloseTo(0.816496580927726, 12);
    expect(Standardizer.fit(tensor([[0.1], [0.1], [0.1]], { dtype: "float64" })).transform(tensor([[0.1]], { dtype: "float64" })).toArray()).toEqual([[0]]);
  });

  it("treats missing values according to its options", () => {
    const holes = tensor([[1, nan], [3, 4], [nan, 8]]);
    expect(() => Standardizer.fit(holes)).toThrow(
      'Standardizer.fit: item 0 has NaN as feature 1, expected a finite number; missing values are allowed with missing: "mean" or "keep"',
    );
    const filled = Standardizer.fit(holes, { missing: "mean" });
    expect(filled.mean).toEqual([2, 6]);
    expect(filled.transform(holes).toArray()).toEqual([[-1, 0], [1, -1], [0, 1]]);
    expect(Standardizer.fit(holes, { missing: "keep" }).transform(holes).toArray()).toEqual([[-1, nan], [1, -1], [nan, 1]]);
    expect(() => Standardizer.fit(tensor([[1]])).transform(tensor([[nan]]))).toThrow("Standardizer.transform: item 0 has NaN");
    expect(() => Standardizer.fit(tensor([[nan], [nan]]), { missing: "mean" })).toThrow("Standardizer.fit: feature 0 has no known value in 2 items; leave it out");
    expect(() => Standardizer.fit(tensor([[Number.POSITIVE_INFINITY]]), { missing: "keep" })).toThrow("item 0 has Infinity as feature 0, expected a finite number");
  });

  it("refuses another number of features", () => {
    expect(() => Standardizer.fit(train).transform(zeros([2, 4]))).toThrow(
      "Standardizer.transform: input is [2, 4], expected 3 features on the last axis, as when it was fitted",
    );
    expect(() => Standardizer.fit(tensor(1))).toThrow("expected at least one axis");
  });
});
