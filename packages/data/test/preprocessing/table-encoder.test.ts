import { describe, expect, it } from "vitest";
import { randomSplit, readCsv, TableEncoder } from "../../src/index.js";

describe("TableEncoder", () => {
  const text = "age,city,weight,kind\n20,Bonn,60,a\n40,Graz,80,b\n30,Bonn,70,a\n";

  it("scales numbers, encodes categories, and leaves out the given columns", async () => {
    const table = await readCsv(text);
    const encoder = TableEncoder.fit(table, { exclude: ["kind"], numeric: "minMax" });
    expect(encoder.featureNames).toEqual(["age", "weight", "city=Bonn", "city=Graz"]);
    expect(encoder.transform(table).toArray()).toEqual([[0, 0, 1, 0], [1, 1, 0, 1], [0.5, 0.5, 1, 0]]);
    expect(TableEncoder.fit(table, { features: ["city"] }).transform(table).shape).toEqual([3, 2]);
    expect(TableEncoder.fit(table, { features: ["age"] }).transform(table).toArray()).toEqual([
      [expect.closeTo(-1.2247)], [expect.closeTo(1.2247)], [0],
    ]);
  });

  it("encodes a new file like the first one, also after JSON", async () => {
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

  it("names the column in errors", async () => {
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
