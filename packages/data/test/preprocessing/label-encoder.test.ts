import { tensor } from "@nn/tensor";
import { describe, expect, it } from "vitest";
import { LabelEncoder } from "../../src/index.js";

describe("LabelEncoder", () => {
  it("numbers classes in ascending order, and reverses it", () => {
    const encoder = LabelEncoder.fit(["b", "a", "c", "b"]);
    expect(encoder.classes).toEqual(["a", "b", "c"]);
    const indices = encoder.transform(["c", "a"]);
    expect(indices.dtype).toBe("int32");
    expect(indices.toArray()).toEqual([2, 0]);
    expect(encoder.inverseTransform(indices)).toEqual(["c", "a"]);
    expect(LabelEncoder.fit([10, 9, "x"]).classes).toEqual([9, 10, "x"]);
    expect(LabelEncoder.fromJSON(JSON.stringify(encoder)).classes).toEqual(encoder.classes);
  });

  it("refuses unseen classes", () => {
    const encoder = LabelEncoder.fit(["a", "b"]);
    expect(() => encoder.transform(["a", "z"])).toThrow('LabelEncoder.transform: item 1 has "z", which did not occur when it was fitted; known are "a", "b"');
    expect(() => encoder.transform([null])).toThrow("item 0 has a missing value");
    expect(() => LabelEncoder.fit(["a", null])).toThrow("LabelEncoder.fit: the value of item 1 is missing");
    expect(() => LabelEncoder.fit([])).toThrow("there are no values");
    expect(() => encoder.inverseTransform(tensor([0, 2], { dtype: "int32" }))).toThrow("item 1 is 2, expected 0 to 1");
    expect(() => encoder.inverseTransform(tensor([0]))).toThrow("dtype float32, expected int32");
    expect(() => LabelEncoder.fromJSON({ type: "LabelEncoder", classes: ["a", "a"] })).toThrow('"classes" is ["a","a"], expected a list of different strings or numbers');
  });
});
