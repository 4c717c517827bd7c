import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseCsv, type CsvRecord } from "../../src/readers/csv-parser.js";
import type { CsvSyntax } from "../../src/readers/csv-syntax.js";

async function* chunksOf(text: string, size: number): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}

async function recordsOf(text: string, syntax: CsvSyntax = {}, size = text.length): Promise<CsvRecord[]> {
  const found: CsvRecord[] = [];
  for await (const record of parseCsv(chunksOf(text, Math.max(1, size)), "a.csv", syntax)) found.push(record);
  return found;
}

const fieldsOf = async (text: string, syntax: CsvSyntax = {}, size?: number): Promise<readonly (readonly string[])[]> => (await recordsOf(text, syntax, size)).map(({ fields }) => fields);

describe("parseCsv", () => {
  it("parses or refuses a text in chunks like the whole text, wherever the chunks end", async () => {
    const text = fc.array(fc.constantFrom('"', ",", "\n", "\r\n", "a", "bc", " ", "𝄞", ";", '""', '"x"', '"y,z"'), { maxLength: 25 }).map((parts) => parts.join(""));
    await fc.assert(
      fc.asyncProperty(text, fc.constantFrom(1, 2, 3, 7), async (csv, size) => {
        const expected = await fieldsOf(csv, {}).catch((error: Error) => error.name);
        expect(expected === "FormatError" || Array.isArray(expected)).toBe(true);
        expect(await fieldsOf(csv, {}, size).catch((error: Error) => error.name)).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  }, 60_000);

  it("reads back any fields that were written", async () => {
    const field = fc.array(fc.constantFrom('"', ",", "\n", "\r\n", "\r", "a", " ", "𝄞"), { maxLength: 5 }).map((parts) => parts.join(""));
    const table = fc.array(fc.array(field, { minLength: 2, maxLength: 3 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(table, fc.constantFrom("\n", "\r\n"), async (rows, end) => {
        const text = rows.map((row) => `${row.map((each) => `"${each.replaceAll('"', '""')}"`).join(",")}${end}`).join("");
        expect(await fieldsOf(text)).toEqual(rows);
      }),
      { numRuns: 300 },
    );
  }, 60_000);

  it("gives the same records in chunks of every size, trimmed or not", async () => {
    const text = 'a , "b ""c"" " ,d\r\n\r\n# no\n"e\r\nf",, g 𝄞 h\r"i",j,k';
    const expected = [["a", 'b "c" ', "d"], ["e\r\nf", "", "g 𝄞 h"], ["i", "j", "k"]];
    for (let size = 1; size <= text.length; size++) expect(await fieldsOf(text, { comment: "#" }, size)).toEqual(expected);
    expect(await fieldsOf("a , b\n", { trim: false })).toEqual([["a ", " b"]]);
  });

  it("gives the line on which a record begins", async () => {
    const found = await recordsOf('a\r\n"1\r\n2\n3\n4"\r\n\r\nb\nc\n\nd');
    expect(found.map(({ line, fields }) => [line, fields[0]])).toEqual([[1, "a"], [2, "1\r\n2\n3\n4"], [7, "b"], [8, "c"], [10, "d"]]);
  });

  it("refuses records over the limits", async () => {
    await expect(recordsOf(",".repeat(100_000))).rejects.toThrow("a.csv, line 1: the record has more than 100000 fields, which is the limit; if that is right, raise it with maxColumns");
    expect((await fieldsOf(",".repeat(100_000), { maxColumns: 100_001 }))[0]).toHaveLength(100_001);
    for (const size of [7, 1000]) {
      await expect(recordsOf(`a\n${"b".repeat(101)}\n`, { maxRecordLength: 100 }, size)).rejects.toThrow("a.csv, line 2: the record has more than 100 bytes");
      expect(await recordsOf(`${"b".repeat(99)}\n`.repeat(5), { maxRecordLength: 100 }, size)).toHaveLength(5);
    }
  });

  it("refuses a record without an end as soon as it is over the limit", async () => {
    await expect(recordsOf(`a\n"${"b".repeat(120)}`, { maxRecordLength: 100 }, 7)).rejects.toThrow("line 2: the record has more than 100 bytes");
  });

  it("stops reading in a record without an end", async () => {
    let read = 0;
    async function* endless(): AsyncGenerator<string> {
      for (;; read++) yield ",".repeat(1 << 16);
    }
    await expect(parseCsv(endless(), "a.csv", {}).next()).rejects.toThrow("line 1: the record has more than 4194304 bytes, which is the limit");
    expect(read).toBeLessThan(70);
  });
});
