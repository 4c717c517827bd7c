import { describe, expect, it } from "vitest";
import { LabelEncoder, OneHotEncoder, readCsv, TableEncoder } from "../../src/index.js";

describe("encoders", () => {
  it("count the categories that they do not know", async () => {
    const train = await readCsv("c,x\nred,1\nblue,2\n");
    const encoder = TableEncoder.fit(train, { unseen: "zeros" });
    const table = await readCsv("c,x\ngreen,1\n?,2\ngreen,3\nred,4\n", { missing: "keep" });
    expect(encoder.unseen(table)).toEqual([{ column: "c", value: "green", count: 2 }, { column: "c", value: null, count: 1 }]);
    expect(encoder.unseen(train)).toEqual([]);
  });

  it("are compared by tests of equality", async () => {
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
