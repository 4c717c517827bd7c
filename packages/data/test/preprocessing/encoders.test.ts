import { tensor } from "@nn/tensor";
import { describe, expect, it } from "vitest";
import { LabelEncoder, OneHotEncoder, randomSplit, readCsv, TableEncoder } from "../../src/index.js";

describe("LabelEncoder", () => {
  it("numbers classes in ascending order and back", () => {
    const encoder = LabelEncoder.fit(["b", "a", "c", "b"]);
    expect(encoder.classes).toEqual(["a", "b", "c"]);
    const indices = encoder.transform(["c", "a"]);
    expect(indices.dtype).toBe("int32");
    expect(indices.toArray()).toEqual([2, 0]);
    expect(encoder.inverseTransform(indices)).toEqual(["c", "a"]);
    expect(LabelEncoder.fit([10, 9, "x"]).classes).toEqual([9, 10, "x"]);
    expect(LabelEncoder.fromJSON(JSON.stringify(encoder)).classes).toEqual(encoder.classes);
  });

  it("refuses what it has not seen", () => {
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

describe("OneHotEncoder", () => {
  it("gives each category a column, and back", () => {
    const encoder = OneHotEncoder.fit(["red", "blue", "red"]);
    const x = encoder.transform(["red", "blue"]);
    expect(x.toArray()).toEqual([[0, 1], [1, 0]]);
    expect(encoder.inverseTransform(x)).toEqual(["red", "blue"]);
    expect(encoder.inverseTransform(tensor([[0.3, 0.7], [0, 0]]))).toEqual(["red", null]);
    expect(OneHotEncoder.fromJSON(JSON.stringify(encoder)).transform(["red"]).toArray()).toEqual([[0, 1]]);
  });

  it("treats unseen and missing values as told", () => {
    const strict = OneHotEncoder.fit(["a", "b"]);
    expect(() => strict.transform(["c"])).toThrow('OneHotEncoder.transform: item 0 has "c", which did not occur when it was fitted');
    expect(() => strict.transform([null])).toThrow("item 0 has a missing value");
    expect(() => OneHotEncoder.fit(["a", null])).toThrow("the value of item 1 is missing");
    const lenient = OneHotEncoder.fit(["a", null, "b"], { unseen: "zeros", missing: "zeros" });
    expect(OneHotEncoder.fromJSON(JSON.stringify(lenient)).transform(["c", null, "b"]).toArray()).toEqual([[0, 0], [0, 0], [0, 1]]);
    expect(() => strict.inverseTransform(tensor([[1, 0, 0]]))).toThrow("input is [1, 3], expected [items, 2]");
  });
});

describe("TableEncoder", () => {
  const text = "age,city,weight,kind\n20,Bonn,60,a\n40,Graz,80,b\n30,Bonn,70,a\n";

  it("scales numbers, encodes categories, and leaves out what it is told to", async () => {
    const table = await readCsv(text);
    const encoder = TableEncoder.fit(table, { exclude: ["kind"], numeric: "minMax" });
    expect(encoder.featureNames).toEqual(["age", "weight", "city=Bonn", "city=Graz"]);
    expect(encoder.transform(table).toArray()).toEqual([[0, 0, 1, 0], [1, 1, 0, 1], [0.5, 0.5, 1, 0]]);
    expect(TableEncoder.fit(table, { features: ["city"] }).transform(table).shape).toEqual([3, 2]);
    expect(TableEncoder.fit(table, { features: ["age"] }).transform(table).toArray()).toEqual([
      [expect.closeTo(-1.2247)], [expect.closeTo(1.2247)], [0],
    ]);
  });

  it("encodes a new file as the first one after JSON", async () => {
    const table = await readCsv(text);
    const [train] = randomSplit(table, [2, 1], { seed: 1 });
    for (const numeric of ["standardize", "minMax"] as const) {
      const encoder = TableEncoder.fit(train, { exclude: ["kind"], numeric, unseen: "zeros" });
      const restored = TableEncoder.fromJSON(JSON.stringify(encoder));
      expect(restored.featureNames).toEqual(encoder.featureNames);
      const next = await readCsv("city,weight,age\n1,70,30\n", { columns: restored.columnTypes });
      expect(restored.transform(next).toArray()).toEqual(encoder.transform(next).toArray());
      expect(restored.transform(next).toTypedArray().slice(2)).toEqual(new Float32Array(encoder.featureNames.length - 2));
    }
  });

  it("names the column where something is wrong", async () => {
    const table = await readCsv(text);
    const encoder = TableEncoder.fit(table, { exclude: ["kind"] });
    expect(() => TableEncoder.fit(table, { exclude: ["kinds"] })).toThrow('there is no column "kinds"; there are "age", "city", "weight", "kind"');
    expect(() => encoder.transform(table.subset([0]).subset([]))).not.toThrow();
    const unseen = await readCsv("age,city,weight\n1,Rome,2\n");
    expect(() => encoder.transform(unseen)).toThrow('TableEncoder, column "city": item 0 has "Rome"');
    const hole = await readCsv("age,city,weight\n1,Bonn,NA\n3,Bonn,2\n", { missing: "keep" });
    expect(() => encoder.transform(hole)).toThrow('TableEncoder, column "weight": item 0 has NaN');
    expect(() => TableEncoder.fromJSON({ type: "TableEncoder", numeric: [], scaler: null, categorical: [{ name: 1 }] })).toThrow('"name" is 1, expected a string');
  });
});

describe("encoders", () => {
  it("count the categories that they do not know", async () => {
    const train = await readCsv("c,x\nred,1\nblue,2\n");
    const encoder = TableEncoder.fit(train, { unseen: "zeros" });
    const table = await readCsv("c,x\ngreen,1\n?,2\ngreen,3\nred,4\n", { missing: "keep" });
    expect(encoder.unseen(table)).toEqual([{ column: "c", value: "green", count: 2 }, { column: "c", value: null, count: 1 }]);
    expect(encoder.unseen(train)).toEqual([]);
  });

  it("are seen by tests of equality", async () => {
    const fit = async (text: string): Promise<TableEncoder> => TableEncoder.fit(await readCsv(text));
    expect(await fit("c,x\nred,1\nblue,2\n")).toEqual(await fit("c,x\nred,1\nblue,2\n"));
    expect(await fit("c,x\nred,1\nblue,2\n")).not.toEqual(await fit("c,x\nred,1\ngreen,2\n"));
    expect(OneHotEncoder.fit(["a"], { unseen: "zeros" })).not.toEqual(OneHotEncoder.fit(["a"]));
  });

  it("refuse misspelt options and wrong kinds by name", async () => {
    const table = await readCsv("c,x\nred,1\n");
    expect(() => TableEncoder.fit(table, { unsen: "zeros" } as never)).toThrow('TableEncoder.fit: there is no option "unsen"; did you mean "unseen"?');
    expect(() => TableEncoder.fit(table, { missing: "zero" as never })).toThrow('TableEncoder.fit: missing is the string "zero", expected "error", "keep" or "mean"');
    expect(() => TableEncoder.fit([] as never)).toThrow("TableEncoder.fit: table is an array of 0, expected a Table");
    expect(() => TableEncoder.fit(table).transform(table, { dtype: "int32" as never })).toThrow("TableEncoder.transform: dtype is");
    expect(() => OneHotEncoder.fit("abc" as never)).toThrow('OneHotEncoder.fit: values are the string "abc", expected a list of strings or numbers');
    expect(() => OneHotEncoder.fit([true] as never)).toThrow("OneHotEncoder.fit: item 0 is true, expected a string or a number");
    expect(() => LabelEncoder.fit(null as never)).toThrow("LabelEncoder.fit: values are null");
    expect(() => LabelEncoder.fit(["a"]).inverseTransform([0] as never)).toThrow("LabelEncoder.inverseTransform: indices");
  });
});
