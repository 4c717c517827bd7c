import { tensor } from "@nn/tensor";
import { describe, expect, it } from "vitest";
import { MinMaxScaler } from "../../src/index.js";

const nan = Number.NaN;
const train = tensor([[1, 10, 5], [2, 20, 5], [3, 60, 5]], { dtype: "float64" });

describe("MinMaxScaler", () => {
  it("scales to the range, and constant features to its lower end", () => {
    expect(MinMaxScaler.fit(train).transform(train).toArray()).toEqual([[0, 0, 0], [0.5, 0.2, 0], [1, 1, 0]]);
    expect(MinMaxScaler.fit(train, { range: [-1, 1] }).transform(tensor([[2, 60, 5]])).toArray()).toEqual([[0, 1, -1]]);
    expect(MinMaxScaler.fit(tensor([[0], [4], [nan]]), { missing: "mean" }).transform(tensor([[nan]])).toArray()).toEqual([[0.5]]);
  });

  it("refuses an invalid range", () => {
    expect(() => MinMaxScaler.fit(train, { range: [1, 1] })).toThrow("MinMaxScaler: range is [1, 1], expected two finite numbers, the lower one first");
  });
});
