import { tensor } from "@nn/tensor";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { MinMaxScaler, Standardizer } from "../../src/index.js";

const nan = Number.NaN;
const train = tensor([[1, 10, 5], [2, 20, 5], [3, 60, 5]], { dtype: "float64" });

it("inverseTransform reverses both, and both come back from JSON", () => {
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

it("refuse JSON of other classes", () => {
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
      "FormatError: Standardizer.fromJSON: expected lists of scales and means of the same length, and no scale of 0",
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
