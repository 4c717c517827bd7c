import { parse } from "csv-parse/sync";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CsvParser } from "../../src/readers/csv-parser.js";
import type { CsvSyntax } from "../../src/readers/csv-syntax.js";

function records(text: string, syntax: CsvSyntax = {}, size = text.length): string[][] {
  const parser = new CsvParser("a.csv", syntax);
  const found: string[][] = [];
  for (let at = 0; at < text.length; at += Math.max(1, size)) for (const { fields } of parser.push(text.slice(at, at + size))) found.push([...fields]);
  for (const { fields } of parser.end()) found.push([...fields]);
  return found;
}

describe("CsvParser", () => {
  it("takes the same text apart as csv-parse, or refuses it as that does, whatever the chunks", () => {
    const text = fc.array(fc.constantFrom('"', ",", "\n", "\r\n", "a", "bc", " ", "𝄞", ";", '""', '"x"', '"y,z"'), { maxLength: 25 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, fc.constantFrom(1, 2, 3, 7, 100), (csv, size) => {
        let expected: unknown;
        try {
          expected = parse(csv, { relax_column_count: true, skip_empty_lines: true, record_delimiter: ["\n", "\r\n"] });
        } catch {
          expected = "refused";
        }
        let found: unknown;
        try {
          found = records(csv, { trim: false }, size);
        } catch (error) {
          found = (error as Error).name === "FormatError" ? "refused" : error;
        }
        expect(found).toEqual(expected);
      }),
      { numRuns: 2000 },
    );
  }, 60_000);

  it("gives the same records in chunks of every size, trimmed or not", () => {
    const text = 'a , "b ""c"" " ,d\r\n\r\n# no\n"e\r\nf",, g 𝄞 h\r"i",j,k';
    const expected = [["a", 'b "c" ', "d"], ["e\r\nf", "", "g 𝄞 h"], ["i", "j", "k"]];
    for (let size = 1; size <= text.length; size++) expect(records(text, { comment: "#" }, size)).toEqual(expected);
    expect(records("a , b\n", { trim: false })).toEqual([["a ", " b"]]);
  });

  it("tells the line that a record begins on", () => {
    const parser = new CsvParser("a.csv", {});
    const found = [...parser.push('a\r\n"1\r\n2\n3\r4"\r\n\r\nb\rc\n\nd'), ...parser.end()];
    expect(found.map(({ line, fields }) => [line, fields[0]])).toEqual([[1, "a"], [2, "1\r\n2\n3\r4"], [7, "b"], [8, "c"], [10, "d"]]);
  });

  it("counts fields that are not wanted, and keeps none of them", () => {
    const parser = new CsvParser("a.csv", {});
    parser.wanted = 2;
    expect([...parser.push(`${",".repeat(90_000)}\n`)]).toEqual([{ line: 1, fields: ["", ""], count: 90_001 }]);
  });

  it("refuses records over the limits", () => {
    expect(() => records(",".repeat(100_000))).toThrow("a.csv, line 1: the record has more than 100000 fields, which is the limit; if that is right, raise it with maxColumns");
    expect(records(",".repeat(100_000), { maxColumns: 100_001 })[0]).toHaveLength(100_001);
    for (const size of [7, 1000]) {
      expect(() => records(`a\n${"b".repeat(101)}\n`, { maxRecordLength: 100 }, size)).toThrow("a.csv, line 2: the record has more than 100 characters");
      expect(() => records(`a\n"${"b".repeat(101)}`, { maxRecordLength: 100 }, size)).toThrow("line 2: the record has more than 100 characters");
      expect(records(`${"b".repeat(99)}\n`.repeat(5), { maxRecordLength: 100 }, size)).toHaveLength(5);
    }
  });
});
