import { createReadStream } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCsv, streamCsv } from "../../src/index.js";

const csv = `name,age,height
"Ada, Countess",36,1.65
"Grace ""Amazing""",85,1.68
`;

async function errorOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(() => "no error", (error: Error) => `${error.name}: ${error.message}`);
}

describe("readCsv", () => {
  it("reads header, quoted fields and types", async () => {
    const table = await readCsv(csv);
    expect(table.names).toEqual(["name", "age", "height"]);
    expect(table.columns.map(({ type }) => type)).toEqual(["categorical", "numeric", "numeric"]);
    expect(table.categorical("name")).toEqual(["Ada, Countess", 'Grace "Amazing"']);
    expect(table.tensor().toArray()).toEqual([[36, expect.closeTo(1.65)], [85, expect.closeTo(1.68)]]);
    expect(table.get(1)).toEqual({ name: 'Grace "Amazing"', age: 85, height: 1.68 });
  });

  it("gives the same from a string, bytes, gzip, a Blob, web and Node streams, whatever the chunks", async () => {
    const bytes = new TextEncoder().encode(csv.replace("Ada", "Ädä"));
    const expected = (await readCsv(csv.replace("Ada", "Ädä"))).columns;
    const folder = await mkdtemp(join(tmpdir(), "csv-"));
    await writeFile(join(folder, "a.csv"), bytes);
    async function* single(): AsyncGenerator<Uint8Array> {
      for (const byte of bytes) yield Uint8Array.of(byte);
    }
    async function* compressed(): AsyncGenerator<Uint8Array> {
      for (const byte of gzipSync(bytes)) yield Uint8Array.of(byte);
    }
    const inputs = [bytes, bytes.buffer, gzipSync(bytes), new Blob([bytes]), new Blob([bytes]).stream(), single(), compressed(), createReadStream(join(folder, "a.csv"))];
    for (const input of inputs) expect((await readCsv(input)).columns).toEqual(expected);
    await rm(folder, { recursive: true });
  });

  it("leaves out a byte-order mark, empty lines and comments; takes other delimiters", async () => {
    const table = await readCsv(new TextEncoder().encode("\uFEFF# made by hand\r\na;b\r\n\r\n1;2\r\n"), { delimiter: ";", comment: "#" });
    expect(table.names).toEqual(["a", "b"]);
    expect(table.tensor().toArray()).toEqual([[1, 2]]);
    expect((await readCsv("\uFEFFa\n1\n")).names).toEqual(["a"]);
  });

  it("takes names from the caller, or numbers the columns", async () => {
    expect((await readCsv("1,2\n3,4\n", { header: false })).names).toEqual(["0", "1"]);
    expect((await readCsv("1,2\n3,4\n", { header: ["a", "b"] })).numeric("b")).toEqual(Float64Array.of(2, 4));
  });

  it("reads columns as declared", async () => {
    const table = await readCsv("zip,id,x\n01234,1,5\n00001,2,6\n", { columns: { zip: "categorical", id: "skip" } });
    expect(table.names).toEqual(["zip", "x"]);
    expect(table.categorical("zip")).toEqual(["01234", "00001"]);
  });

  it.each([
    ["1", 1], [" -2.5 ", -2.5], ["+.5", 0.5], ["1.", 1], ["1e3", 1000], ["-1E-2", -0.01],
  ])("reads the number %j", async (text, value) => {
    expect((await readCsv(`x\n${text}\n`, { columns: { x: "numeric" } })).numeric("x")[0]).toBe(value);
  });

  it.each(["abc", "0x10", "1,5.0", "1 2", "Infinity", "1e999", "--1", "."])("refuses %j as a number", async (text) => {
    await expect(readCsv(`x;y\n${text};1\n`, { delimiter: ";", columns: { x: "numeric" } })).rejects.toThrow('input, line 2, column "x": found');
  });

  it("keeps missing values, drops their rows, or refuses missing values", async () => {
    const text = "a,b\n1,x\nNA,y\n3,?\n";
    const kept = await readCsv(text, { missing: "keep" });
    expect([...kept.numeric("a")]).toEqual([1, Number.NaN, 3]);
    expect(kept.categorical("b")).toEqual(["x", "y", null]);
    expect((await readCsv(text, { missing: "dropRow" })).length).toBe(1);
    expect((await readCsv(text, { missingValues: ["-"], columns: { a: "categorical" } })).categorical("a")).toEqual(["1", "NA", "3"]);
    expect((await readCsv(text, { columns: { a: "skip", b: "skip" } })).names).toEqual([]);
  });

  it("reports what is wrong and where", async () => {
    const messages = await Promise.all([
      errorOf(readCsv("a,b\n1,2\n3\n", { name: "train.csv" })),
      errorOf(readCsv('a,b\n"1\n1",2\n3,4,5\n', { name: "train.csv" })),
      errorOf(readCsv('a,b\r\n"1\r\n1",2\r\n"3\r\n",4,5\r\n', { name: "train.csv" })),
      errorOf(readCsv("a,b\n1,2\nx,3\n", { name: "train.csv", columns: { a: "numeric" } })),
      errorOf(readCsv(`a\n${"1\n".repeat(30)}l7\n`, { name: "train.csv" })),
      errorOf(readCsv(`a\n${"1\n".repeat(3000)}l7\n`, { name: "train.csv" })),
      errorOf(readCsv("a,b\n1,\n", { name: "train.csv" })),
      errorOf(readCsv("a,b\n1,NA\n", { name: "train.csv" })),
      errorOf(readCsv('a,b\n1,"2\n3,4\n', { name: "train.csv" })),
      errorOf(readCsv('a,b\n1,"2"3\n', { name: "train.csv" })),
      errorOf(readCsv('a,b\n1,2"3"\n', { name: "train.csv" })),
      errorOf(readCsv("", { name: "train.csv" })),
      errorOf(readCsv("a,,c\n", { name: "train.csv" })),
      errorOf(readCsv("a,a\n", { name: "train.csv" })),
      errorOf(readCsv("a\n1\n", { columns: { b: "numeric" } })),
      errorOf(readCsv(new Uint8Array([97, 10, 255, 10]), { name: "train.csv" })),
      errorOf(readCsv(gzipSync("a\n1\n").subarray(0, 15), { name: "train.csv.gz" })),
    ]);
    expect(messages).toMatchInlineSnapshot(`
      [
        "FormatError: train.csv, line 3: the record has 1 field; expected 2 ("a", "b"); complete the line, or remove it",
        "FormatError: train.csv, line 4: the record has 3 fields; expected 2 ("a", "b"); quote fields that contain ","",
        "FormatError: train.csv, line 4: the record has 3 fields; expected 2 ("a", "b"); quote fields that contain ","",
        "FormatError: train.csv, line 3, column "a": found "x", expected a number",
        "FormatError: train.csv, line 32, column "a": found "l7", expected a number like the other values; if the column holds categories, declare it as "categorical", or list the text in missingValues",
        "FormatError: train.csv, line 3002, column "a": found "l7", expected a number like the other values; if the column holds categories, declare it as "categorical", or list the text in missingValues",
        "FormatError: train.csv, line 2, column "b": the value is missing; use missing: "keep" or "dropRow" to allow it",
        "FormatError: train.csv, line 2, column "b": "NA" stands for a missing value; use missing: "keep" or "dropRow" to allow it",
        "FormatError: train.csv, line 2: a quoted field of the record that begins here is not closed before the input ends",
        "FormatError: train.csv, line 2: text after the closing quote of a field; expected a delimiter or the end of the line (a quote within a field is doubled)",
        "FormatError: train.csv, line 2: a quote within a field that is not quoted; quote the field and double the quote within it",
        "FormatError: train.csv: there are no records; expected a header and records",
        "FormatError: train.csv, line 1: column 2 of the header has no name ("a", "", "c"); name it, or give the names with header: [names] and skipLines: 1",
        "FormatError: train.csv, line 1: two columns of the header have the name "a"; rename one of them, or give the names with header: [names] and skipLines: 1",
        "ArgumentError: readCsv: there is no column "b"; there are "a"",
        "FormatError: train.csv, byte 2: the text from here on is not UTF-8; if it is in another encoding, name it, such as encoding: "windows-1252"",
        "FormatError: train.csv.gz: the gzip data are cut off; expected a complete gzip file",
      ]
    `);
  });

  it("throws an error of the source", async () => {
    async function* broken(): AsyncGenerator<string> {
      yield "a,b\n1,2\n";
      throw new Error("the disk is gone");
    }
    await expect(readCsv(broken())).rejects.toThrow("the disk is gone");
  });

  it("reads back any texts", async () => {
    const field = fc.string({ unit: "grapheme" }).map((text) => `x${text.replaceAll("\uFEFF", "")}`);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(field, field), { minLength: 1, maxLength: 5 }), fc.constantFrom("\n", "\r\n"), async (rows, end) => {
        const text = [["a", "b"], ...rows].map((row) => row.map((each) => `"${each.replaceAll('"', '""')}"`).join(",")).join(end);
        const table = await readCsv(text, { columns: { a: "categorical", b: "categorical" } });
        expect([...table].map(({ a, b }) => [a, b])).toEqual(rows);
      }),
      { numRuns: 50 },
    );
  });
});

describe("streamCsv", () => {
  it("gives one record after another with its line", async () => {
    const rows: unknown[] = [];
    for await (const row of streamCsv('a,b\n\n"1\n2",x\n3,y\n')) rows.push(row);
    expect(rows).toEqual([{ line: 3, fields: ["1\n2", "x"], values: { a: "1\n2", b: "x" } }, { line: 5, fields: ["3", "y"], values: { a: "3", b: "y" } }]);
  });

  it("closes the source if a loop is left early", async () => {
    let read = 0;
    async function* chunks(): AsyncGenerator<string> {
      for (;;) {
        read++;
        yield "a,b\n1,2\n";
      }
    }
    for await (const { line } of streamCsv(chunks())) if (line === 6) break;
    expect(read).toBeLessThan(10);
  });
});
