import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeCsv, inferColumns, numberProblem, parseNumber, readCsv, streamCsv, Table, type CsvOptions } from "../../src/index.js";

async function errorOf(text: string, options?: CsvOptions): Promise<string> {
  return readCsv(text, options).then(() => "no error", (error: Error) => error.message);
}

const rows = (count: number, row: (at: number) => string): string => Array.from({ length: count }, (_, at) => `${row(at)}\n`).join("");

describe("numbers that can be read in two ways", () => {
  it("are refused in a file of one column, which does not decide it", async () => {
    expect(await errorOf("x\n12\n1,000\n2,500\n")).toBe('readCsv input, line 3, column "x": "1,000" may be 1000 (thousands) or 1 (decimal comma); say which with numbers: "thousands" or numbers: "comma"');
    expect([...(await readCsv("x\n1,000\n2,500\n", { numbers: "thousands" })).numeric("x")]).toEqual([1000, 2500]);
    expect([...(await readCsv("x\n1,000\n2,500\n", { numbers: "comma" })).numeric("x")]).toEqual([1, 2.5]);
    expect([...(await readCsv("x\n1,000\n2,50\n")).numeric("x")]).toEqual([1, 2.5]);
    expect([...(await readCsv("x\n1,000\n1,002,500\n")).numeric("x")]).toEqual([1000, 1002500]);
    expect([...(await readCsv("x\n0,500\n0,125\n")).numeric("x")]).toEqual([0.5, 0.125]);
  });

  it("are refused between tabs and bars, decided by commas, semicolons and other columns", async () => {
    expect(await errorOf("x\ty\n1,000\ta\n")).toContain('say which with numbers: "thousands"');
    expect(await errorOf("x|y\n1,000|a\n", { delimiter: "|" })).toContain('say which with numbers: "thousands"');
    expect([...(await readCsv("x\ty\n1,000\t0.5\n")).numeric("x")]).toEqual([1000]);
    expect([...(await readCsv("x\ty\n1,000\t0,5\n")).numeric("x")]).toEqual([1]);
    expect([...(await readCsv("x;y\n1,000;1\n")).numeric("x")]).toEqual([1]);
    expect([...(await readCsv('x,y\n"1,000",1\n')).numeric("x")]).toEqual([1000]);
  });

  it("are refused if they occur with both marks, whatever the delimiter is", async () => {
    const message = (line: number, text: string, values: string, other: string): string =>
      `readCsv input, line ${line}, column "x": "${text}" may be ${values}, and the column also holds "${other}"; say which with numbers: "thousands" or numbers: "comma"`;
    expect(await errorOf("x;y\n1,234;1\n1.234;2\n")).toBe(message(2, "1,234", "1234 (thousands) or 1.234 (decimal comma)", "1.234"));
    expect(await errorOf("x;y\n12;1\n1.234;1\n1,234;2\n")).toBe(message(3, "1.234", "1.234 (thousands) or 1234 (decimal comma)", "1,234"));
    expect(await errorOf('x,y\n"1,234",1\n1.234,2\n')).toBe(message(2, "1,234", "1234 (thousands) or 1.234 (decimal comma)", "1.234"));
    expect([...(await readCsv("x;y\n1,234;1\n1.234;2\n", { numbers: "comma" })).numeric("x")]).toEqual([1.234, 1234]);
    expect([...(await readCsv("x;y\n1,234;0,5\n1.234;2\n")).numeric("x")]).toEqual([1.234, 1234]);
    expect([...(await readCsv("x;y\n1,234;1\n1.234,5;2\n")).numeric("x")]).toEqual([1.234, 1234.5]);
    expect((await readCsv("x;y\n1,234;1\n1.234;2\n", { columns: { x: "categorical" } })).categorical("x")).toEqual(["1,234", "1.234"]);
    expect(inferColumns([["1,234", "1.234"], ["1", "2"]], { delimiter: ";" })[0]).toEqual({ type: "numeric", style: undefined, count: 2, ambiguous: "1,234" });
    expect(inferColumns([["1,234", "1.234"]], { delimiter: ";", earlier: ["comma"] })[0]).toMatchObject({ style: "comma" });
  });

  it("are refused after the first thousand values too", async () => {
    expect(await errorOf(`x\n${rows(1500, () => "1,000")}`)).toContain("may be 1000 (thousands) or 1 (decimal comma)");
    expect([...(await readCsv(`x\n${rows(1500, () => "1,000")}`, { numbers: "comma" })).numeric("x")]).toEqual(Array.from({ length: 1500 }, () => 1));
  });
});

describe("numbers that float64 does not hold as written", () => {
  const held = ["9007199254740992.0", "1e300", "1.7976931348623157e308", "5e-324", "1.5e-323", "2.2250738585072014e-308", "0.0", "-0", "0e-400", "000", "0.12345678901234567890", "123456789012345680000", "1e22"];
  const changed = ["9007199254740993.0", "9007199254740993.", "9007199254740993e0", "900719925474099.3e1", "-9007199254740993.25", "9007199254740993000e-3", "1.2345678901234567890e25", "1.2345e-320"];
  const small = ["1e-400", "-0.1e-330", "2e-324"];

  it.each(held)("%s is read", (text) => {
    expect(parseNumber(text)).toBe(Number(text));
    expect(numberProblem(text)).toBeUndefined();
  });

  it.each(changed)("%s has too many digits", (text) => {
    expect(parseNumber(text)).toBeNaN();
    expect(numberProblem(text)).toBe("a number with more digits than float64 holds");
  });

  it.each(small)("%s is too small", (text) => {
    expect(parseNumber(text)).toBeNaN();
    expect(numberProblem(text)).toBe("a number too small for float64");
  });

  it("are texts in a column of such values, and are refused among numbers", async () => {
    expect((await readCsv("x,y\n9007199254740993.0,a\n9007199254740995.0,b\n")).categorical("x")).toEqual(["9007199254740993.0", "9007199254740995.0"]);
    expect(await errorOf(`x,y\n${rows(20, () => "1,a")}1e-400,b\n`)).toContain('found "1e-400", a number too small for float64');
    expect(await errorOf("x,y\n1e-400,b\n", { columns: { x: "numeric" } })).toContain("a number too small for float64");
  });

  it("every float64 is read from each way in which JavaScript writes it", () => {
    fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      for (const text of [String(value), value.toExponential(), value.toPrecision(17)]) expect(parseNumber(text)).toBe(Number(text));
    }), { numRuns: 300 });
  });
});

describe("blank lines", () => {
  it("are missing values in a file of one column", async () => {
    expect([...(await readCsv("x\n1\n\n \n4\n\n\n", { missing: "keep" })).numeric("x")]).toEqual([1, Number.NaN, Number.NaN, 4]);
    expect([...(await readCsv("\n\nx\n\n2\n", { missing: "keep" })).numeric("x")]).toEqual([Number.NaN, 2]);
    expect([...(await readCsv("\n1\n\n2\n", { header: ["x"], missing: "keep" })).numeric("x")]).toEqual([1, Number.NaN, 2]);
    expect((await readCsv("x\na\r\n\r\nb\r\n", { missing: "dropRow" })).dropped).toEqual({ rows: 1, missing: { x: 1 } });
    expect(await errorOf("x\n1\n\n\n2\n")).toBe('readCsv input, line 3, column "x": the value is missing; use missing: "keep" or "dropRow" to allow it');
    const lines: [number, readonly string[]][] = [];
    for await (const { line, fields } of streamCsv("x\na\n\nb\n")) lines.push([line, fields]);
    expect(lines).toEqual([[2, ["a"]], [3, [""]], [4, ["b"]]]);
  });

  it("are left out in files of several columns, and beside comments", async () => {
    expect((await readCsv("x,y\n1,2\n\n\n3,4\n\n")).length).toBe(2);
    expect((await readCsv("x\n1\n# no\n2\n", { comment: "#" })).length).toBe(2);
  });

  it("are read back from a table that was written", async () => {
    const table = new Table([{ name: "x", type: "categorical", values: ["a", null, "b", null] }]);
    expect((await readCsv(encodeCsv(table), { missing: "keep" })).categorical("x")).toEqual(["a", null, "b", null]);
  });
});

describe("whole numbers that a number would change", () => {
  it("are texts in a column of such values: too many digits, leading zeros", async () => {
    const table = await readCsv("id,zip,x\n9007199254740993,01234,1\n1234567890123456789,98101,2\n");
    expect(table.categorical("id")).toEqual(["9007199254740993", "1234567890123456789"]);
    expect(table.categorical("zip")).toEqual(["01234", "98101"]);
    expect([...table.numeric("x")]).toEqual([1, 2]);
  });

  it("are refused among numbers, with the line", async () => {
    const big = `x,y\n${rows(30, (at) => `${at === 7 ? "9007199254740993" : at},1`)}`;
    expect(await errorOf(big)).toBe('readCsv input, line 9, column "x": found "9007199254740993", a number with more digits than float64 holds; expected a finite number; declare the column as "categorical" to keep its texts, or list the value in missingValues');
    expect(await errorOf("x\n9007199254740993\n", { columns: { x: "numeric" } })).toContain("more digits than float64 holds");
    const zeros = `x,y\n${rows(30, (at) => `${at === 7 ? "007" : at},1`)}`;
    expect(await errorOf(zeros)).toBe('readCsv input, line 9, column "x": found "007", whose leading zeros a number loses; declare the column as "categorical" to keep its texts, or as "numeric"');
    expect((await readCsv(zeros, { columns: { x: "numeric" } })).numeric("x")[7]).toBe(7);
    expect((await readCsv(big, { columns: { x: "categorical" } })).categorical("x")[7]).toBe("9007199254740993");
  });

  it.each([
    ["9007199254740992", 2 ** 53], ["-9007199254740991", -(2 ** 53) + 1], ["9007199254740993", NaN], ["1152921504606846976", 2 ** 60], ["1152921504606846977", NaN],
    ["123456789012345680000", 123456789012345680000], ["123456789012345683968", 123456789012345680000], ["123456789012345681000", NaN], ["1e23", 1e23], ["0.12345678901234567890", 0.12345678901234568],
    ["00012", 12], ["+9007199254740994", 2 ** 53 + 2],
  ] as const)("%s is %d", (text, value) => {
    expect(parseNumber(text)).toBe(value);
  });

  it("are reported with a reason", () => {
    expect(["9007199254740993", "1e400", "-inf", "12", "x"].map((text) => numberProblem(text))).toEqual([
      "a number with more digits than float64 holds", "a number too large for float64", "an infinite value", undefined, undefined,
    ]);
    expect(parseNumber("9.007.199.254.740.993", "comma")).toBeNaN();
    expect(parseNumber("9.007.199.254.740.992", "comma")).toBe(2 ** 53);
  });
});

describe("inferColumns", () => {
  it("decides as readCsv does", () => {
    expect(inferColumns([["1,037", null], ["0,5", "1"]], { delimiter: "," })).toMatchObject([{ type: "numeric", style: "comma", count: 1 }, { type: "numeric", style: "comma", count: 2 }]);
    expect(inferColumns([["1,037"], ["a"]], { delimiter: ";" })).toMatchObject([{ type: "numeric", style: "comma", ambiguous: "1,037" }, { type: "categorical" }]);
    expect(inferColumns([["1,037"]], { delimiter: ";" })).toEqual([{ type: "numeric", style: undefined, count: 1, ambiguous: "1,037" }]);
    expect(inferColumns([["1,037"]], { earlier: ["comma"] })).toMatchObject([{ style: "comma" }]);
    expect(inferColumns([["1.037"]], { earlier: ["comma"] })).toMatchObject([{ style: "comma" }]);
    expect(inferColumns([["1.037"]])).toMatchObject([{ style: "point" }]);
    expect(inferColumns([["1.037"], ["0.5"]], { earlier: ["comma"] })).toMatchObject([{ style: "point" }, { style: "point" }]);
    expect(inferColumns([[null], ["TRUE", "FALSE"]])).toMatchObject([{ type: "categorical", count: 0 }, { type: "categorical", count: 0 }]);
    expect(inferColumns([["1,037"]], { numbers: "thousands" })).toEqual([{ type: "numeric", style: "thousands", count: 1 }]);
  });

  it("refuses wrong arguments by name", () => {
    expect(() => inferColumns([[5]] as never)).toThrow("inferColumns: row 0 of column 0 is 5, expected a string or null");
    expect(() => inferColumns([], { number: "comma" } as never)).toThrow('inferColumns: there is no option "number"; did you mean "numbers"?');
  });
});

describe("a table written and read again", () => {
  const texts = ["007", "1e5", "TRUE", "NA", "?", "9007199254740993", "1,5", " a ", "x\r\ny", '"', "=1", null];

  it("has the given types, and the same texts", async () => {
    const table = new Table([{ name: "code", type: "categorical", values: texts }, { name: "x", type: "numeric", values: Float64Array.from(texts, (_, at) => (at === 2 ? NaN : at / 7)) }]);
    const text = encodeCsv(table, { formulas: "keep" });
    const same = await readCsv(text, { columns: table.columnTypes, missing: "keep", missingValues: [""] });
    expect(same.categorical("code")).toEqual(texts);
    expect([...same.numeric("x")]).toEqual([...table.numeric("x")]);
  });

  it("without types, texts that are all numbers become numbers, and default missing values are missing", async () => {
    const table = new Table([{ name: "code", type: "categorical", values: ["1e5", "2"] }, { name: "flag", type: "categorical", values: ["TRUE", "NA"] }]);
    const read = await readCsv(encodeCsv(table), { missing: "keep" });
    expect([...read.numeric("code")]).toEqual([1e5, 2]);
    expect(read.categorical("flag")).toEqual(["TRUE", null]);
  });

  it("without delimiters in its texts is found again", async () => {
    for (const mark of [";", "\t", "|"]) {
      const table = new Table([{ name: `a${mark}b`, type: "categorical", values: [`x${mark}y`, `z${mark}w`] }]);
      const read = await readCsv(encodeCsv(table));
      expect(read.columnTypes).toEqual(table.columnTypes);
      expect(read.categorical(`a${mark}b`)).toEqual(table.categorical(`a${mark}b`));
    }
  });

  it("is refused if it could not be read back: the text for missing values, infinite numbers", () => {
    const category = (value: string): Table => new Table([{ name: "c", type: "categorical", values: ["x", value] }]);
    expect(() => encodeCsv(category(""))).toThrow('encodeCsv: row 1 of column "c" is "", which stands for a missing value; choose another text for missing values, such as missing: "NA"');
    expect(() => encodeCsv(category("NA"), { missing: "NA" })).toThrow('such as missing: ""');
    expect(encodeCsv(category(""), { missing: "NA" })).toBe('c\nx\n""\n');
    expect(encodeCsv(new Table([{ name: "x", type: "numeric", values: Float64Array.of(NaN, -0) }]), { missing: "NA" })).toBe("x\nNA\n-0\n");
    expect(() => encodeCsv(new Table([{ name: "x", type: "numeric", values: Float64Array.of(Infinity) }]))).toThrow('row 0 of column "x" is Infinity, which CSV readers refuse');
  });

  it("equals the first table, whatever its texts and numbers", async () => {
    const text = fc.oneof(fc.string({ unit: "grapheme" }), fc.constantFrom("007", "1e5", "TRUE", "1,000", "-", "#", "\n", '"', ";", " ")).filter((each) => each.trim() !== "" && !each.includes("\0"));
    const row = fc.record({ a: fc.option(text), b: fc.option(text), x: fc.oneof(fc.double({ noDefaultInfinity: true }), fc.integer().map((value) => value * 2 ** 40)) });
    await fc.assert(fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 8 }), fc.constantFrom(",", ";", "\t", "|"), async (given, delimiter) => {
      const table = new Table([
        { name: "a", type: "categorical", values: given.map(({ a }) => a) }, { name: "x", type: "numeric", values: Float64Array.from(given, ({ x }) => x) }, { name: "b", type: "categorical", values: given.map(({ b }) => b) },
      ]);
      const same = await readCsv(encodeCsv(table, { formulas: "keep", delimiter }), { columns: table.columnTypes, missing: "keep", missingValues: [""], delimiter, numbers: "point" });
      expect([same.categorical("a"), [...same.numeric("x")], same.categorical("b")]).toEqual([table.categorical("a"), [...table.numeric("x")], table.categorical("b")]);
    }), { numRuns: 100 });
  });
});

describe("lines before the header", () => {
  const data = "a,b,c\n1,2,x\n3,4,y\n";

  it.each([
    ["Report of 2024\n", 1], ["Report of 2024\nby the office\n\n", 3], ["# made by a program\n", 1], ["Sales; 2024\n", 1],
  ])("%j are refused with the fix, and skipped with it", async (title, lines) => {
    expect(await errorOf(title + data)).toContain(`a title, use skipLines: ${lines}`);
    const table = await readCsv(title + data, { skipLines: lines });
    expect(table.names).toEqual(["a", "b", "c"]);
    expect([...table.numeric("b")]).toEqual([2, 4]);
  });

  it("that are comments are ignored with `comment`, and reported as likely comments without it", async () => {
    expect(await errorOf(`# made by a program\n${data}`)).toContain('if a comment, comment: "#"');
    expect((await readCsv(`# made by a program\n#\n${data}`, { comment: "#" })).names).toEqual(["a", "b", "c"]);
    expect(await errorOf("# weight, height\n1,2\n")).toBe('readCsv input, line 1: the first record looks like a comment, not like the names of columns ("# weight", "height"); ignore such lines with comment: "#"; if these are names, say so with header: true');
    expect((await readCsv("# weight, height\n1,2\n", { header: true })).names).toEqual(["# weight", "height"]);
    expect((await readCsv("#id,height\n1,2\n")).names).toEqual(["#id", "height"]);
    expect(await errorOf("# only\nx\ny\n")).toContain("looks like a comment");
  });

  it("count in the lines that messages name, also within chunks", async () => {
    expect(await errorOf("title\n\na,b\n1,2\n1,2,3\n", { skipLines: 2 })).toContain("line 5: the record has 3 fields; expected 2");
    expect(await errorOf('title\na,b\n1,"2\n', { skipLines: 1 })).toContain("line 3: a quoted field");
    async function* characters(): AsyncGenerator<string> {
      yield* 'a "title\r\na,b\r\n1,2\r\n';
    }
    const stream = streamCsv(characters(), { skipLines: 1 });
    expect(stream.names).toEqual([]);
    const found: unknown[] = [];
    for await (const row of stream) found.push(row);
    expect(found).toEqual([{ line: 3, fields: ["1", "2"], values: { a: "1", b: "2" } }]);
    expect([stream.names, stream.delimiter]).toEqual([["a", "b"], ","]);
  });

  it("that have as many fields as the records are the header", async () => {
    expect(await errorOf("a,b\n1\n")).toContain('the record has 1 field; expected 2 ("a", "b"); if the lines before are a title, use skipLines: 1; otherwise check delimiter: ","');
    expect(await errorOf("a,b\n1,2\n1,2,3\n")).toContain('quote fields that contain ","');
    expect(await errorOf("a,b\n1,2\n1\n")).toContain("complete the line, or remove it");
    expect(await errorOf("a,a\n1,2\n")).toContain("rename one of them, or give the names with header: [names] and skipLines: 1");
    expect((await readCsv("a,a\n1,2\n", { header: ["a", "b"], skipLines: 1 })).names).toEqual(["a", "b"]);
  });

});

it("fields come in the order of the columns, whatever their names", async () => {
  const stream = streamCsv("y,2020,2019\n1,2,3\n", { header: true });
  const found: (readonly string[])[] = [];
  for await (const { fields } of stream) found.push(fields);
  expect([found, stream.names]).toEqual([[["1", "2", "3"]], ["y", "2020", "2019"]]);
});
