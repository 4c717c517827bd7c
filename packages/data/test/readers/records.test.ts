import { describe, expect, it } from "vitest";
import { readJsonLines, readRecords, tableFromRecords } from "../../src/index.js";

describe("tableFromRecords", () => {
  it("makes columns of names", () => {
    const table = tableFromRecords([{ x: 1, c: "a", ok: true }, { x: 2.5, c: "b", ok: false }]);
    expect(table.columns.map(({ name, type }) => [name, type])).toEqual([["x", "numeric"], ["c", "categorical"], ["ok", "categorical"]]);
    expect(table.tensor().toArray()).toEqual([[1], [2.5]]);
    expect(table.categorical("ok")).toEqual(["true", "false"]);
    expect(tableFromRecords([]).length).toBe(0);
  });

  it("keeps missing values, drops their rows, or refuses missing values", () => {
    const records = [{ x: 1, c: "a" }, { c: "b" }, { x: 3, c: null }];
    expect([...tableFromRecords(records, { missing: "keep" })]).toEqual([{ x: 1, c: "a" }, { x: NaN, c: "b" }, { x: 3, c: null }]);
    expect(tableFromRecords(records, { missing: "dropRow" }).dropped).toEqual({ rows: 2, missing: { x: 1, c: 1 } });
    expect(() => tableFromRecords(records)).toThrow('tableFromRecords input, column "x": record 1 has no value; use missing: "keep" or "dropRow" to allow it');
  });

  it("makes columns of nested objects by their paths, where told so", () => {
    const records = [{ user: { age: 31, home: { city: "Bonn" } }, n: 1 }, { user: null, n: 2 }, { user: { home: {} }, n: 3 }];
    const table = tableFromRecords(records, { nested: "columns", missing: "keep" });
    expect([...table]).toEqual([{ "user.age": 31, "user.home.city": "Bonn", n: 1 }, { "user.age": NaN, "user.home.city": null, n: 2 }, { "user.age": NaN, "user.home.city": null, n: 3 }]);
    expect(() => tableFromRecords(records)).toThrow('column "user": record 1 has no value');
    expect(() => tableFromRecords([{ user: { age: 31 } }])).toThrow('column "user": record 0 has an object, expected a text like the others; make a column of each of its values with nested: "columns", or leave');
    expect(() => tableFromRecords([{ user: { tags: ["a"] } }], { nested: "columns" })).toThrow('column "user.tags": record 0 has an array of 1, expected a text like the others; leave the column out with "skip"');
    expect(() => tableFromRecords([{ "a.b": 1, a: { b: 2 } }], { nested: "columns" })).toThrow('column "a.b": record 0 has two values for "a.b", one of them nested; rename one of them');
    expect(() => tableFromRecords([{ user: { age: 1 } }, { user: 5 }], { nested: "columns" })).toThrow('column "user": record 1 has 5, expected an object like the others');
    const circle: Record<string, unknown> = {};
    circle["self"] = circle;
    expect(() => tableFromRecords([circle], { nested: "columns" })).toThrow("record 0 has objects nested more than 32 levels deep");
  });

  it("refuses records that do not fit, with the fix", () => {
    expect(() => tableFromRecords([{ x: 1 }, { x: "red" }])).toThrow('column "x": record 1 has the string "red", expected a finite number like the others; declare the column as "categorical"');
    expect(() => tableFromRecords([{ x: [1, 2] }])).toThrow('record 0 has an array of 2, expected a text like the others; leave the column out with "skip"');
    expect(() => tableFromRecords([5 as never])).toThrow("record 0 is 5, expected an object");
    expect(() => tableFromRecords({ x: 1 } as never)).toThrow("tableFromRecords: records is an object, expected an array");
    expect(() => tableFromRecords([{ x: 1 }], { columns: { y: "skip" } })).toThrow('tableFromRecords: there is no column "y"');
    expect([...tableFromRecords([{ x: 1, n: [1] }, { x: "red", n: 2 }], { columns: { x: "categorical", n: "skip" } })]).toEqual([{ x: "1" }, { x: "red" }]);
    expect([...tableFromRecords([{ x: "1.5" }], { columns: { x: "numeric" } }).numeric("x")]).toEqual([1.5]);
  });
});

describe("readRecords", () => {
  it("reads an array, and JSON Lines", async () => {
    const expected = [{ x: 1, c: "a" }, { x: 2, c: "b" }];
    expect([...(await readRecords('[{"x": 1, "c": "a"},\n {"x": 2, "c": "b"}]'))]).toEqual(expected);
    expect([...(await readRecords(new TextEncoder().encode('{"x": 1, "c": "a"}\n\n{"x": 2, "c": "b"}\n')))]).toEqual(expected);
  });

  it("reports what is wrong and where", async () => {
    await expect(readRecords("[1, 2")).rejects.toThrow('readRecords input, line 1: expected JSON, found "[1, 2"');
    await expect(readRecords('{"x": 1}\n{"x": \n')).rejects.toThrow("readRecords input, line 2: expected JSON");
    await expect(readRecords("data.json")).rejects.toThrow("use readRecordsFile, which takes a path");
    await expect(readRecords(`{"x":"${"a".repeat(100)}"}`, { maxRecordLength: 50 })).rejects.toThrow("line 1: expected JSON".replace("expected JSON", "the line has more than 50 characters"));
    await expect(readRecords("[]", { colums: {} } as never)).rejects.toThrow('readRecords: there is no option "colums"; did you mean "columns"?');
  });
});

describe("JSON Lines of many chunks", () => {
  it("takes time proportional to the chunks: empty ones and single characters too", async () => {
    let given = 0;
    async function* chunks(): AsyncGenerator<Uint8Array> {
      for (; given < 100_000; given++) yield new Uint8Array(0);
      for (const byte of new TextEncoder().encode(`[${"1,".repeat(20_000)}1]\n`)) yield Uint8Array.of(byte);
    }
    const [list] = await readJsonLines<number[]>(chunks());
    expect(given).toBe(100_000);
    expect(list).toHaveLength(20_001);
  }, 60_000);

  it("refuses a line over the limit before it ends", async () => {
    let given = 0;
    async function* chunks(): AsyncGenerator<string> {
      for (;;) {
        given++;
        yield "x".repeat(1000);
      }
    }
    await expect(readJsonLines(chunks(), { maxRecordLength: 10_000 })).rejects.toThrow("line 1: the line has more than 10000 characters, which is the limit; if that is right, raise it with maxRecordLength");
    expect(given).toBe(11);
  });
});
