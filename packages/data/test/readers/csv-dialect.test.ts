import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { type FormatError, readCsv, streamCsv, type CsvOptions, type TextSource } from "../../src/index.js";

async function errorOf(input: TextSource, options?: CsvOptions): Promise<string> {
  return readCsv(input, options).then(() => "no error", (error: Error) => `${error.name}: ${error.message}`);
}

async function* pieces<T>(...chunks: readonly T[]): AsyncGenerator<T> {
  yield* chunks;
}

describe("characters of two units", () => {
  it("stay whole wherever chunks end: strings, chunks of strings, bytes", async () => {
    for (const before of [65533, 65534, 65535, 65536]) {
      const text = `a\n${"x".repeat(before)}𝄞y\n`;
      const expected = [`${"x".repeat(before)}𝄞y`];
      expect((await readCsv(text)).categorical("a")).toEqual(expected);
      const middle = text.indexOf("𝄞") + 1;
      expect((await readCsv(pieces(text.slice(0, middle), text.slice(middle)))).categorical("a")).toEqual(expected);
      const bytes = new TextEncoder().encode(text);
      for (const cut of [1, 2, 3]) expect((await readCsv(pieces(bytes.subarray(0, before + 2 + cut), bytes.subarray(before + 2 + cut)))).categorical("a")).toEqual(expected);
    }
  });
});

describe("delimiters", () => {
  it.each([
    ["a;b\n1;2\n", ["a", "b"]], ["a\tb\n1\t2\n", ["a", "b"]], ["a|b\n1|2\n", ["a", "b"]], ["a,b\n1,2\n", ["a", "b"]],
    ["a;b;c\n1,5;2,5;x\n", ["a", "b", "c"]], ["name, given;age\nDoe, J;3\nRoe;4\n", ["name, given", "age"]], ['"a,b";c\n1;2\n', ["a,b", "c"]],
    ["a\n1\n2\n", ["a"]], ["a\n0,5\n1,5\n", ["a"]], ["a,b,c;d\n1,2,3;4\n5,6,7;8\n", ["a", "b", "c;d"]],
  ])("%j has the columns %j", async (text, names) => {
    expect((await readCsv(text)).names).toEqual(names);
    const bytes = new TextEncoder().encode(text);
    expect((await readCsv(pieces(...Array.from(bytes, (byte) => Uint8Array.of(byte))))).names).toEqual(names);
  });

  it("must be given if two fit", async () => {
    expect(await errorOf("a,b;c\n1,2;3\n")).toBe('FormatError: readCsv input, line 1: fields may be separated by "," or by ";"; say which with delimiter: "," or delimiter: ";"');
    expect(await errorOf("a\n1;2\n3;4\n")).toBe('FormatError: readCsv input, line 1: the first record has one field, the records from line 2 on have 2, separated by ";"; if the line before is a title, use skipLines: 1; otherwise say what separates fields with delimiter: ";"');
    expect((await readCsv("a,b;c\n1,2;3\n", { delimiter: ";" })).names).toEqual(["a,b", "c"]);
  });

  it("must be single characters, and different", async () => {
    expect(await errorOf("a", { delimiter: "ab" })).toBe('ArgumentError: readCsv: delimiter is the string "ab", expected one character other than a line break');
    expect(await errorOf("a", { delimiter: '"', quote: '"' })).toBe('ArgumentError: readCsv: delimiter and quote are both the string "\\"", expected different characters');
  });
});

describe("numbers", () => {
  const read = async (text: string, options?: CsvOptions): Promise<unknown> =>
    (await readCsv(text, options)).columns.map((column) => (column.type === "numeric" ? [column.style ?? "point", ...column.values] : ["text", ...column.values]));

  it.each([
    ["x;y\n0,12;3,4\n5;1.234,5\n", [["comma", 0.12, 5], ["comma", 3.4, 1234.5]]],
    ['x,y\n"1,037",a\n"12",b\n"1,234,567.5",c\n', [["thousands", 1037, 12, 1234567.5], ["text", "a", "b", "c"]]],
    ['x,y\n"1,037",1\n', [["thousands", 1037], ["point", 1]]],
    ["x;y\n1,037;1\n", [["comma", 1.037], ["point", 1]]],
    ["x;y\n1,037;1,234.5\n", [["thousands", 1037], ["thousands", 1234.5]]],
    ['x,y\n"1,037","0,5"\n', [["comma", 1.037], ["comma", 0.5]]],
    ["x;y\n1.234;0,5\n", [["comma", 1234], ["comma", 0.5]]],
    ["x;y\n1.234;0.5\n", [["point", 1.234], ["point", 0.5]]],
    ["x\ty\n1 037,5\t1'037\n", [["comma", 1037.5], ["comma", 1037]]],
    ["x,y\n\u22125,2\n", [["point", -5], ["point", 2]]],
  ])("%j", async (text, columns) => {
    expect(await read(text)).toEqual(columns);
  });

  it("are read in the style that the caller gives", async () => {
    expect(await read("x;y\n1,037;1\n", { numbers: "thousands" })).toEqual([["thousands", 1037], ["thousands", 1]]);
    expect(await read("x;y\n1,5;1\n", { numbers: "point" })).toEqual([["text", "1,5"], ["point", 1]]);
    expect(await errorOf("x\n1,2\n", { numbers: "dot" as never, delimiter: ";" })).toContain('readCsv: numbers is the string "dot", expected "auto", "point", "comma" or "thousands"');
  });

  it("decide the type of a column, however many values are missing at the beginning", async () => {
    const table = await readCsv(`a,b\n${"NA,1\n".repeat(2500)}red,2\nblue,3\n`, { missing: "keep" });
    expect(table.column("a").type).toBe("categorical");
    expect(table.categorical("a").slice(2499)).toEqual([null, "red", "blue"]);
    expect((await readCsv(`a,b\n${"NA,1\n".repeat(2500)}5,2\n`, { missing: "keep" })).numeric("a")[2500]).toBe(5);
    expect(await errorOf("x\n1\ninf\n", { columns: { x: "numeric" } })).toContain('found "inf", an infinite value; expected a finite number');
    expect(await errorOf("x\n1\n1e999\n", { columns: { x: "numeric" } })).toContain("a number too large for float64");
  });
});

describe("fields", () => {
  it("lose the spaces around them, except within quotes", async () => {
    expect((await readCsv("a, b\n neg ,1\npos,2\n")).categorical("a")).toEqual(["neg", "pos"]);
    expect((await readCsv('a, b\n" neg ", "x"\n')).get(0)).toEqual({ a: " neg ", b: "x" });
    expect((await readCsv("a, b\n neg ,1\n", { trim: false })).categorical("a")).toEqual([" neg "]);
  });
});

describe("headers", () => {
  it.each(["1,2\n3,4\n", "5.1,3.5,setosa\n4.9,3,setosa\n", "5,3,1,setosa\n"])("%j has none", async (text) => {
    expect(await errorOf(text)).toContain("line 1: the first record looks like values, not like the names of columns");
    expect((await readCsv(text, { header: false })).names[0]).toBe("0");
  });

  it("may hold years, and whatever the caller declares as header", async () => {
    expect((await readCsv("country,1990,1991\nx,1,2\n")).names).toEqual(["country", "1990", "1991"]);
    expect((await readCsv("1,2\n3,4\n", { header: true })).names).toEqual(["1", "2"]);
  });
});

describe("files that are not CSV", () => {
  it.each([
    ["data/train.csv", 'readCsv: "data/train.csv" looks like the name of a file, expected its content; use readCsvFile, which takes a path'],
    ["C:\\data\\x.tsv.gz", "use readCsvFile, which takes a path"],
    ["https://example.org/x.csv", "pass the content, such as (await fetch(url)).body"],
  ])("a path or an address: %s", async (text, message) => {
    expect(await errorOf(text)).toContain(message);
    expect(() => streamCsv(text)).toThrow("looks like the name of a file");
  });

  it.each([
    [[0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10], "it is a PNG image, expected text"], [[...Buffer.from("PAR1"), 0x15, 4], "it is a Parquet file"],
    [[0x50, 0x4b, 3, 4], "it is a ZIP archive, as spreadsheets (XLSX) and .npz files are"], [[...Buffer.from("<!DOCTYPE html>")], "it is an HTML page"],
    [[97, 0, 44, 0, 98, 0], 'byte 1: there are zero bytes at the beginning: it is not text, or is UTF-16 without a byte-order mark; for UTF-16 say so with encoding: "utf-16le"'],
  ])("another format: %j", async (bytes, message) => {
    for (const input of [Uint8Array.from(bytes), gzipSync(Uint8Array.from(bytes))]) expect(await errorOf(input)).toContain(message);
  });

  it("is refused in the name of the call", async () => {
    for (const wrong of [undefined, null, 5, {}, [], new Response("a\n1\n")]) expect(await errorOf(wrong as never)).toContain("readCsv: cannot read from");
    expect(await errorOf(pieces({ a: 1 }) as never)).toBe("UsageError: readCsv: a chunk of the stream is an object, expected bytes or text");
  });
});

describe("encodings", () => {
  it("the first byte that is not UTF-8 is named, however the bytes come", async () => {
    const text = new TextEncoder().encode(`a,b\n${"é𝄞,1\n".repeat(20)}`);
    for (const at of [0, 3, 5, 63, 64, 70, text.length]) {
      // The beginning of the next character, where no other is cut.
      const place = at + Math.max(0, text.subarray(at).findIndex((byte) => byte >> 6 !== 0b10));
      const bytes = Uint8Array.from([...text.subarray(0, place), 0xe4, 0x72, ...text.subarray(place)]);
      for (const size of [1, 7, 64, 1000]) {
        const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, chunk) => bytes.subarray(chunk * size, (chunk + 1) * size));
        await expect(readCsv(pieces(...chunks))).rejects.toThrow(`byte ${place}: the text from here on is not UTF-8`);
      }
    }
    await expect(readCsv(Uint8Array.from([...text, 0xe4]))).rejects.toThrow(`byte ${text.length}: the text`);
  });

  it("UTF-16 is recognised by its byte-order mark, others by their names", async () => {
    const text = "\uFEFFa;b\nä;𝄞\n";
    const little = Uint8Array.from([...text].flatMap((each) => Array.from({ length: each.length }, (_, at) => each.charCodeAt(at))).flatMap((unit) => [unit & 255, unit >> 8]));
    const big = Uint8Array.from(little, (_, at) => little[at ^ 1] as number);
    for (const bytes of [little, big]) {
      expect([...(await readCsv(bytes))]).toEqual([{ a: "ä", b: "𝄞" }]);
      expect([...(await readCsv(pieces(...Array.from(bytes, (byte) => Uint8Array.of(byte)))))]).toEqual([{ a: "ä", b: "𝄞" }]);
    }
    expect((await readCsv(Uint8Array.of(97, 10, 0xe4, 10), { encoding: "windows-1252" })).categorical("a")).toEqual(["ä"]);
    expect(await errorOf(Uint8Array.of(97, 10, 0xe4, 10))).toContain('not UTF-8; if it is in another encoding, name it, such as encoding: "windows-1252"');
    expect(await errorOf(Uint8Array.of(97, 10), { encoding: "latin-9000" })).toContain('readCsv: encoding is "latin-9000", which TextDecoder does not support');
  });
});

describe("options", () => {
  it("are checked in the name of the call", async () => {
    expect(await errorOf("a\nb\n", { missing: "skip" as never })).toBe('ArgumentError: readCsv: missing is the string "skip", expected "error", "keep" or "dropRow"');
    expect(await errorOf("a\nb\n", { delimeter: ";" } as never)).toBe('ArgumentError: readCsv: there is no option "delimeter"; did you mean "delimiter"?');
    expect(await errorOf("a\nb\n", null as never)).toContain("readCsv: the options are null, expected an object");
    expect(await errorOf("a\nb\n", { columns: { a: "number" as never } })).toContain('readCsv: the type of column "a" is the string "number", expected "numeric", "categorical" or "skip"');
    expect(await errorOf("a\nb\n", { columns: 5 as never })).toContain("readCsv: columns gives no types");
    expect(await errorOf("a\nb\n", { header: ["a", 5 as never] })).toContain("readCsv: header[1] is 5, expected a string");
    expect(() => streamCsv("a\nb\n", { missing: "keep" } as never)).toThrow('streamCsv: there is no option "missing"');
  });

  it("columns may be a function of the names", async () => {
    const table = await readCsv("id,x,y\n1,2,a\n", { columns: (names) => Object.fromEntries(names.filter((name) => name !== "y").map((name) => [name, name === "id" ? "skip" : "categorical"])) });
    expect(table.columns.map(({ name, type }) => [name, type])).toEqual([["x", "categorical"], ["y", "categorical"]]);
  });

  it("counts dropped rows by column", async () => {
    const table = await readCsv("a,b,c\n1,x,\n,,\n3,z,4\n5,NA,6\n", { missing: "dropRow" });
    expect(table.length).toBe(1);
    expect(table.dropped).toEqual({ rows: 3, missing: { a: 1, b: 2, c: 2 } });
  });
});

describe("limits", () => {
  it("a record of a gzip bomb is refused as soon as it passes the limit", async () => {
    const bomb = gzipSync(`a,b\n1,"${"x".repeat(40_000_000)}`, { level: 9 });
    expect(bomb.length).toBeLessThan(50_000);
    expect(await errorOf(bomb)).toContain("line 2: the record has more than 4194304 bytes, which is the limit");
    expect(await errorOf(gzipSync(",".repeat(40_000_000)))).toContain("line 1: the record has more than 4194304 bytes, which is the limit");
    expect(await errorOf(gzipSync(`a\n${"1\n".repeat(1000)}`), { maxBytes: 500 })).toContain("there are more than 500 bytes, which is the limit; raise it with maxBytes");
  }, 60_000);

  it("a table of 50,000 columns is read, and its columns are found by name", async () => {
    const names = Array.from({ length: 50_000 }, (_, at) => `c${at}`);
    const table = await readCsv(`${names.join(",")}\n${names.map((_, at) => at).join(",")}\n`);
    expect(table.columns).toHaveLength(50_000);
    expect(table.numeric("c49999")[0]).toBe(49_999);
    const message = await errorOf(`${[...names, "c7"].join(",")}\n`);
    expect(message).toContain('two columns of the header have the name "c7"');
  }, 60_000);
});

it("FormatError separates problem, fix and position, and escapes what it quotes", async () => {
  const error = await readCsv("a,b\n1,\n", { name: "x\u001b[2J.csv" }).then(() => undefined, (each: FormatError) => each);
  expect(error).toMatchObject({ source: "x\u001b[2J.csv", line: 2, column: "b", problem: "the value is missing", fix: 'use missing: "keep" or "dropRow" to allow it' });
  expect(error?.message).toBe('x\\u001b[2J.csv, line 2, column "b": the value is missing; use missing: "keep" or "dropRow" to allow it');
  expect(await errorOf("a\n1\n\u202e\u0007\n", { columns: { a: "numeric" } })).toContain('found "\\u202e\\u0007", expected a number');
});
