import { tensor } from "@nn/tensor";
import { describe, expect, it } from "vitest";
import { OneHotEncoder } from "../../src/index.js";

describe("OneHotEncoder", () => {
  it("gives each category a column, and reverses it", () => {
    const encoder = OneHotEncoder.fit(["red", "blue", "red"]);
    const x = encoder.transform(["red", "blue"]);
    expect(x.toArray()).toEqual([[0, 1], [1, 0]]);
    expect(encoder.inverseTransform(x)).toEqual(["red", "blue"]);
    expect(encoder.inverseTransform(tensor([[0.3, 0.7], [0, 0]]))).toEqual(["red", null]);
    expect(OneHotEncoder.fromJSON(JSON.stringify(encoder)).transform(["red"]).toArray()).toEqual([[0, 1]]);
  });

  it("treats unseen and missing values according to its options", () => {
    const strict = OneHotEncoder.fit(["a", "b"]);
    expect(() => strict.transform(["c"])).toThrow('OneHotEncoder.transform: item 0 has "c", which did not occur when it was fitted');
    expect(() => strict.transform([null])).toThrow("item 0 has a missing value");
    expect(() => OneHotEncoder.fit(["a", null])).toThrow("the value of item 1 is missing");
    const lenient = OneHotEncoder.fit(["a", null, "b"], { unseen: "zeros", missing: "zeros" });
    expect(OneHotEncoder.fromJSON(JSON.stringify(lenient)).transform(["c", null, "b"]).toArray()).toEqual([[0, 0], [0, 0], [0, 1]]);
    expect(() => strict.inverseTransform(tensor([[1, 0, 0]]))).toThrow("input is [1, 3], expected [items, 2]");
  });
});
