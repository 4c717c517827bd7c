import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect, it } from "vitest";
import { expandDates, planDates } from "../../src/index.js";
import { openParquet, openParquetFile, readParquet, readParquetFile } from "../../src/parquet/index.js";

const pathOf = (name: string): string => fileURLToPath(new URL(`fixtures/${name}.parquet`, import.meta.url));
const bytesOf = (name: string): Uint8Array => new Uint8Array(readFileSync(pathOf(name)));

const flowers = [
  { species: "iris", width: 1.5, petals: 3 }, { species: "rose", width: 2.25, petals: 5 }, { species: null, width: 3, petals: 5 }, { species: "iris", width: NaN, petals: 3 },
  { species: "rose", width: -0.5, petals: 6 },
];

/** The bytes of a file, and which of them were asked for. */
function watched(name: string): { readonly byteLength: number; slice(start: number, end: number): Promise<ArrayBuffer>; readonly read: [number, number][] } {
  const { buffer } = Uint8Array.from(bytesOf(name));
  const read: [number, number][] = [];
  return { byteLength: buffer.byteLength, read, slice: async (start, end) => (read.push([start, end]), buffer.slice(start, end)) };
}

describe("readParquet", () => {
  it("reads a table like that of a CSV file, from every source", async () => {
    const sources = [bytesOf("flowers"), readFileSync(pathOf("flowers")), Uint8Array.from(bytesOf("flowers")).buffer, new Blob([Uint8Array.from(bytesOf("flowers"))]), watched("flowers")];
    for (const source of sources) expect([...(await readParquet(source, { missing: "keep" }))]).toEqual(flowers);
    const table = await readParquetFile(pathOf("flowers"), { missing: "dropRow" });
    expect([...table]).toEqual(flowers.filter((_, row) => row !== 2 && row !== 3));
    expect(table.dropped).toEqual({ rows: 2, missing: { species: 1, width: 1 } });
    expect(table.columnTypes).toEqual({ species: "categorical", width: "numeric", petals: "numeric" });
    await expect(readParquetFile(pathOf("flowers"))).rejects.toThrow('flowers.parquet, column "species": record 2 has no value; use missing: "keep" or "dropRow" to allow it');
  });

  it("reads chosen columns and rows across row groups", async () => {
    const source = bytesOf("flowers");
    for (let start = 0; start <= 5; start++) {
      for (let end = start; end <= 5; end++) {
        const table = await readParquet(source, { select: ["petals", "species"], start, end, missing: "keep" });
        expect([...table]).toEqual(flowers.slice(start, end).map(({ petals, species }) => ({ petals, species })));
      }
    }
    expect((await readParquet(source, { columns: { width: "skip", species: "skip", petals: "categorical" } })).categorical("petals")).toEqual(["3", "5", "5", "3", "6"]);
    await expect(readParquet(source, { start: 2, missing: "error" })).rejects.toThrow("record 2 has no value");
  });

  it.each(["uncompressed", "gzip", "brotli", "zstd"])("reads files compressed with %s", async (codec) => {
    expect([...(await readParquetFile(pathOf(`flowers-${codec}`), { missing: "keep" }))]).toEqual(flowers);
  });

  it("maps every type", async () => {
    const table = await readParquetFile(pathOf("types"), { missing: "keep" });
    expect([...table]).toEqual([
      { flag: "true", int32: 1, int64: 1, float: 0.5, half: 0.5, price: 12.34, day: "2024-02-29", at: "2024-02-29T13:45:00Z", id: "00112233-4455-6677-8899-aabbccddeeff", json: '{"a":1}', name: "é한" },
      { flag: "false", int32: -2, int64: -2, float: -1.25, half: -1.25, price: -0.05, day: "1969-12-31", at: "1969-12-31T23:59:59.250Z", id: null, json: "[2]", name: "" },
      { flag: null, int32: NaN, int64: 9007199254740991, float: NaN, half: 65504, price: 100, day: null, at: null, id: "ffffffff-ffff-ffff-ffff-ffffffffffff", json: '"x"', name: null },
    ]);
    const dates = table.select(["day", "at"]);
    expect(expandDates(dates, planDates(dates)).numeric("at second")).toEqual(Float64Array.of(0, 59, NaN));
  });

  it("reads only the bytes of what is asked for", async () => {
    const source = watched("many-rows");
    const file = await openParquet(source);
    const size = (): number => source.read.splice(0).reduce((sum, [start, end]) => sum + end - start, 0);
    expect(size()).toBeLessThanOrEqual(source.byteLength);
    expect((await file.readTable({ select: ["index"] })).numeric("index")).toEqual(Float64Array.from({ length: 4000 }, (_, index) => index));
    expect(size()).toBeLessThan(0.6 * source.byteLength);
    expect([...(await file.readTable({ select: ["index"], start: 2500, end: 2503 })).numeric("index")]).toEqual([2500, 2501, 2502]);
    expect(size()).toBeLessThan(0.1 * source.byteLength);
  });
});

describe("records", () => {
  it("have images as bytes, lists and structures", async () => {
    const file = await openParquetFile(pathOf("photos"));
    expect(file.columns).toEqual([
      { name: "image.bytes", kind: "bytes", storage: "BYTE_ARRAY" }, { name: "image.path", kind: "categorical", storage: "BYTE_ARRAY (UTF8)" },
      { name: "label", kind: "numeric", storage: "INT64" }, { name: "tags", kind: "nested", storage: "LIST" },
    ]);
    const records: unknown[] = [];
    for await (const record of file.records()) records.push(record);
    expect(records).toEqual([
      { image: { bytes: Uint8Array.of(137, 80, 78, 71), path: "a.png" }, label: 0, tags: ["red", "big"] }, { image: { bytes: Uint8Array.of(255, 216), path: null }, label: 1, tags: [] },
    ]);
    expect([...(await file.readTable({ select: ["image.path", "label"], missing: "keep" }))]).toEqual([{ "image.path": "a.png", label: 0 }, { "image.path": null, label: 1 }]);
    await expect(file.readTable()).rejects.toThrow('photos.parquet, column "image.bytes": BYTE_ARRAY holds bytes, which a table cannot; leave it out with select or "skip", or read records()');
    await expect(file.readTable({ select: ["tags"] })).rejects.toThrow('column "tags": LIST holds lists or other nested values, which a table cannot');
    await file.close();
  });

  it("come a part at a time", async () => {
    const file = await openParquet(bytesOf("many-rows"));
    let next = 990;
    for await (const { index } of file.records({ select: ["index"], start: 990, end: 3100 })) expect(index).toBe(next++);
    expect(next).toBe(3100);
  });
});

/** The bytes of a file with one column of a structure. */
function structureOf(name: string, part: string, values: readonly number[]): Uint8Array {
  const nested = { num_children: 1, repetition_type: "OPTIONAL" } as const;
  const data = values.map((value) => Object.fromEntries([[part, value]]));
  return new Uint8Array(parquetWriteBuffer({ schema: [{ name: "root", num_children: 1 }, { name, ...nested }, { name: part, type: "INT32", repetition_type: "OPTIONAL" }], columnData: [{ name, data }] }));
}

async function recordsOf(bytes: Uint8Array): Promise<unknown[]> {
  const records: unknown[] = [];
  for await (const record of (await openParquet(bytes)).records()) records.push(record);
  return records;
}

describe("unusual names and values", () => {
  it.each(["__proto__", "constructor", "toString"])("the name %s is that of a property of the record, and changes nothing else", async (name) => {
    const named = (value: unknown): object => Object.fromEntries([[name, value]]);
    expect(await recordsOf(structureOf(name, "polluted", [1, 2]))).toEqual([named({ polluted: 1 }), named({ polluted: 2 })]);
    expect(await recordsOf(new Uint8Array(parquetWriteBuffer({ columnData: [{ name, data: [7], type: "INT32" }] })))).toEqual([named(7)]);
    expect(Reflect.get({}, "polluted")).toBeUndefined();
    expect(Reflect.get(Object, "polluted")).toBeUndefined();
  });

  it("years beyond 9999 and before 0 are written whole", async () => {
    const times = ["+020000-05-06T07:08:09.000Z", "-000044-03-15T00:00:00.000Z", "9999-12-31T23:59:59.000Z"].map((time) => new Date(time));
    const table = await readParquet(new Uint8Array(parquetWriteBuffer({ columnData: [{ name: "at", data: times, type: "TIMESTAMP" }] })));
    expect(table.categorical("at")).toEqual(["+020000-05-06T07:08:09Z", "-000044-03-15T00:00:00Z", "9999-12-31T23:59:59Z"]);
    const schema = [{ name: "root", num_children: 1 }, { name: "day", type: "INT32", converted_type: "DATE", repetition_type: "REQUIRED" }] as const;
    const days = await readParquet(new Uint8Array(parquetWriteBuffer({ schema: [...schema], columnData: [{ name: "day", data: times }] })));
    expect(days.categorical("day")).toEqual(["+020000-05-06", "-000044-03-15", "9999-12-31"]);
  });
});

describe("what cannot be read is refused", () => {
  it("with the column, the row and the fix", async () => {
    await expect(readParquetFile(pathOf("flowers-lzo"))).rejects.toThrow('flowers-lzo.parquet, column "species": it is compressed with LZO, which cannot be read; write it with SNAPPY, ZSTD, GZIP, BROTLI or LZ4_RAW');
    await expect(readParquetFile(pathOf("large-integers"))).rejects.toThrow('column "id": row 1 has 9007199254740993, which has more digits than float64 holds; read the column as texts with largeIntegers: "text"');
    expect((await readParquetFile(pathOf("large-integers"), { largeIntegers: "text" })).categorical("id")).toEqual(["1", "9007199254740993"]);
    await expect(readParquetFile(pathOf("infinite"))).rejects.toThrow('column "x": record 1 has Infinity, expected a finite number like the others');
    await expect(readParquet(new TextEncoder().encode("x,y\n1,2\n3,4\n"), { name: "t.csv" })).rejects.toThrow("t.csv: readParquet cannot read it as Parquet: parquet file invalid (footer != PAR1); it is another format, or damaged");
    await expect(readParquet(new Uint8Array(3))).rejects.toThrow("readParquet input: readParquet cannot read it as Parquet: it has 3 bytes");
    await expect(readParquetFile(pathOf("nowhere"))).rejects.toThrow("readParquetFile: cannot read");
  });

  it("wrong arguments by name", async () => {
    const source = bytesOf("flowers");
    await expect(readParquet("a.parquet" as never)).rejects.toThrow("readParquet: cannot read from the string \"a.parquet\", expected bytes, a Blob, or an object with byteLength and slice(start, end); for the path of a file use readParquetFile");
    await expect(readParquet(source, { select: ["spezies"] })).rejects.toThrow('readParquet: there is no column "spezies"; there are "species", "width", "petals"; did you mean "species"?');
    await expect(readParquet(source, { start: 3, end: 9 })).rejects.toThrow("readParquet: rows 3 to 9 are asked for, but there are 5");
    await expect(readParquet(source, { colums: {} } as never)).rejects.toThrow('readParquet: there is no option "colums"; did you mean "columns"?');
    await expect(readParquet(source, { select: [1] as never })).rejects.toThrow("readParquet: select[0] is 1");
  });

  it.each([
    [11, 0, "the header of a page lacks its length, or how many values it has"],
    [15, 0, "the header of a page lacks its length, or how many values it has"],
    [14, 126, "the numbers in the header of a page do not fit together"],
  ])("a header of a page whose byte %i is %i, instead of reading for ever", async (at, byte, message) => {
    const damaged = Uint8Array.from(bytesOf("flowers"));
    damaged[at] = byte;
    await expect(readParquet(damaged, { missing: "keep" })).rejects.toThrow(`readParquet input: readParquet cannot read it as Parquet: ${message}; it is another format, or damaged`);
  });

  it("files that are cut off or have other bits, without anything but a FormatError", async () => {
    const whole = bytesOf("types");
    for (let at = 0; at < 120; at += 3) {
      const damaged = Uint8Array.from(whole);
      damaged[at] = (damaged[at] ?? 0) ^ (1 << at % 8);
      const verdict = await readParquet(damaged, { missing: "keep" }).then(() => "read", (error: unknown) => (error as Error).name);
      expect(["read", "FormatError"]).toContain(verdict);
    }
    for (let length = 0; length < whole.length; length += 13) await expect(readParquet(whole.subarray(0, length))).rejects.toThrow("cannot read it as Parquet");
  });
});
