import { tensor, zeros } from "@nn/tensor";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MinMaxScaler, Standardizer } from "../../src/index.js";

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

  it("does not cancel far from 0, and knows a constant that rounding hides", () => {
    expect(Standardizer.fit(tensor([[1e9 + 1], [1e9 + 2], [1e9 + 3]], { dtype: "float64" })).scale[0]).toBeCloseTo(0.816496580927726, 12);
    expect(Standardizer.fit(tensor([[0.1], [0.1], [0.1]], { dtype: "float64" })).transform(tensor([[0.1]], { dtype: "float64" })).toArray()).toEqual([[0]]);
  });

  it("treats missing values as told", () => {
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

describe("MinMaxScaler", () => {
  it("fills the range, and gives its lower end for constant features", () => {
    expect(MinMaxScaler.fit(train).transform(train).toArray()).toEqual([[0, 0, 0], [0.5, 0.2, 0], [1, 1, 0]]);
    expect(MinMaxScaler.fit(train, { range: [-1, 1] }).transform(tensor([[2, 60, 5]])).toArray()).toEqual([[0, 1, -1]]);
    expect(MinMaxScaler.fit(tensor([[0], [4], [nan]]), { missing: "mean" }).transform(tensor([[nan]])).toArray()).toEqual([[0.5]]);
  });

  it("refuses a range that is none", () => {
    expect(() => MinMaxScaler.fit(train, { range: [1, 1] })).toThrow("MinMaxScaler: range is [1, 1], expected two finite numbers, the lower one first");
  });
});

it("both are undone by inverseTransform and survive JSON", () => {
  const values = fc.array(fc.tuple(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.double({ min: -1, max: 1, noNaN: true })), { minLength: 2, maxLength: 6 });
  fc.assert(
    fc.property(values, (rows) => {
      const x = tensor(rows, { dtype: "float64" });
      for (const scaler of [Standardizer.fit(x), MinMaxScaler.fit(x, { range: [2, 5] })]) {
        const back = scaler.inverseTransform(scaler.transform(x)).toTypedArray();
        rows.flat().forEach((value, at) => expect(Math.abs((back[at] ?? nan) - value)).toBeLessThan(1e-6));
        const text = JSON.stringify(scaler);
        const copy = scaler instanceof Standardizer ? Standardizer.fromJSON(text) : MinMaxScaler.fromJSON(JSON.parse(text));
        expect(copy.transform(x).toArray()).toEqual(scaler.transform(x).toArray());
      }
    }),
  );
});

it("JSON that is not theirs is refused", () => {
  const good = Standardizer.fit(train).toJSON();
  const messages = [
    "nonsense", "[]", { ...good, type: "MinMaxScaler" }, { ...good, mean: ["a"] }, { ...good, mean: undefined }, { ...good, scale: [1] }, { ...good, missing: "maybe" },
  ].map((value) => {
    try {
      Standardizer.fromJSON(value);
      return "no error";
    } catch (error) {
      return String(error);
    }
  });
  expect(messages).toMatchInlineSnapshot(`
    [
      "FormatError: Standardizer.fromJSON, line 1: expected JSON, found "nonsense" (JSON value expected but got 'n' at position 0)",
      "FormatError: Standardizer.fromJSON: expected an object",
      "FormatError: Standardizer.fromJSON: "type" is "MinMaxScaler", expected "Standardizer"",
      "FormatError: Standardizer.fromJSON: "mean" is ["a"], expected a list of finite numbers",
      "FormatError: Standardizer.fromJSON: "mean" is missing, expected a list of finite numbers",
      "FormatError: Standardizer.fromJSON: expected as many scales, none of them 0, as means",
      "FormatError: Standardizer.fromJSON: "missing" is "maybe", expected "error" or "keep" or "mean"",
    ]
  `);
});

it("refuses values that cannot be scaled, and misspelt options", () => {
  const large = tensor([[1, 1e308], [2, -1e308]], { dtype: "float64" });
  expect(() => Standardizer.fit(large)).toThrow("Standardizer.fit: feature 1 has values from -1e+308 to 1e+308, too far apart to be scaled; check these values, or leave the feature out");
  expect(() => MinMaxScaler.fit(large)).toThrow("MinMaxScaler.fit: feature 1 has values");
  expect(() => Standardizer.fit(tensor([[1], [1e200]], { dtype: "float64" }))).toThrow("too far apart to be scaled");
  expect(() => Standardizer.fit(tensor([1]), { mising: "mean" } as never)).toThrow('Standardizer.fit: there is no option "mising"; did you mean "missing"?');
  expect(() => MinMaxScaler.fit(tensor([1]), { range: 5 as never })).toThrow("MinMaxScaler: range is 5, expected two finite numbers");
});
