// Writes the Parquet files of the tests: node packages/data/test/parquet/write-fixtures.mjs
import { brotliCompressSync, gzipSync } from "node:zlib";
import { mkdirSync, writeFileSync } from "node:fs";
import { parquetWriteBuffer } from "hyparquet-writer";

const write = (name, options) => writeFileSync(new URL(`fixtures/${name}.parquet`, import.meta.url), new Uint8Array(parquetWriteBuffer(options)));

const flowers = [
  { name: "species", data: ["iris", "rose", null, "iris", "rose"], type: "STRING" },
  { name: "width", data: [1.5, 2.25, 3, null, -0.5], type: "DOUBLE" },
  { name: "petals", data: [3, 5, 5, 3, 6], type: "INT32" },
];
write("flowers", { columnData: flowers, rowGroupSize: 2 });
/** A frame of Zstandard with the bytes as they are (RFC 8878): a header with their number, and one raw block. */
function zstd(bytes) {
  const frame = Buffer.alloc(12 + bytes.length);
  frame.set([0x28, 0xb5, 0x2f, 0xfd, 0xa0]);
  frame.writeUInt32LE(bytes.length, 5);
  frame.writeUIntLE(bytes.length * 8 + 1, 9, 3);
  frame.set(bytes, 12);
  return frame;
}
const codecs = { ZSTD: zstd, GZIP: gzipSync, BROTLI: brotliCompressSync, LZO: (bytes) => bytes };
for (const codec of ["UNCOMPRESSED", "GZIP", "BROTLI", "ZSTD", "LZO"]) write(`flowers-${codec.toLowerCase()}`, { columnData: flowers, codec, compressors: codecs });

write("types", {
  columnData: [
    { name: "flag", data: [true, false, null] },
    { name: "int32", data: [1, -2, null] },
    { name: "int64", data: [1n, -2n, 9007199254740991n] },
    { name: "float", data: [0.5, -1.25, null] },
    { name: "half", data: [0.5, -1.25, 65504] },
    { name: "price", data: [12.34, -0.05, 100] },
    { name: "day", data: [new Date("2024-02-29"), new Date("1969-12-31"), null] },
    { name: "at", data: [new Date("2024-02-29T13:45:00Z"), new Date("1969-12-31T23:59:59.250Z"), null] },
    { name: "id", data: ["00112233-4455-6677-8899-aabbccddeeff", null, "ffffffff-ffff-ffff-ffff-ffffffffffff"] },
    { name: "json", data: [{ a: 1 }, [2], "x"] },
    { name: "name", data: ["é한", "", null] },
  ],
  schema: [
    { name: "root", num_children: 11 },
    { name: "flag", type: "BOOLEAN", repetition_type: "OPTIONAL" },
    { name: "int32", type: "INT32", repetition_type: "OPTIONAL" },
    { name: "int64", type: "INT64", repetition_type: "OPTIONAL" },
    { name: "float", type: "FLOAT", repetition_type: "OPTIONAL" },
    { name: "half", type: "FIXED_LEN_BYTE_ARRAY", type_length: 2, logical_type: { type: "FLOAT16" }, repetition_type: "OPTIONAL" },
    { name: "price", type: "INT32", converted_type: "DECIMAL", scale: 2, precision: 8, repetition_type: "OPTIONAL" },
    { name: "day", type: "INT32", converted_type: "DATE", repetition_type: "OPTIONAL" },
    { name: "at", type: "INT64", converted_type: "TIMESTAMP_MILLIS", repetition_type: "OPTIONAL" },
    { name: "id", type: "FIXED_LEN_BYTE_ARRAY", type_length: 16, logical_type: { type: "UUID" }, repetition_type: "OPTIONAL" },
    { name: "json", type: "BYTE_ARRAY", converted_type: "JSON", repetition_type: "OPTIONAL" },
    { name: "name", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" },
  ],
});
write("complete", { columnData: [{ name: "x", data: [1, 2], type: "INT32" }] });
write("large-integers", { columnData: [{ name: "id", data: [1n, 9007199254740993n], type: "INT64" }] });
write("infinite", { columnData: [{ name: "x", data: [1, Infinity], type: "DOUBLE" }] });

write("photos", {
  columnData: [
    { name: "image", data: [{ bytes: Uint8Array.of(137, 80, 78, 71), path: "a.png" }, { bytes: Uint8Array.of(255, 216), path: null }] },
    { name: "label", data: [0n, 1n] },
    { name: "tags", data: [["red", "big"], []] },
  ],
  schema: [
    { name: "root", num_children: 3 },
    { name: "image", num_children: 2, repetition_type: "OPTIONAL" },
    { name: "bytes", type: "BYTE_ARRAY", repetition_type: "OPTIONAL" },
    { name: "path", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" },
    { name: "label", type: "INT64", repetition_type: "REQUIRED" },
    { name: "tags", num_children: 1, converted_type: "LIST", repetition_type: "OPTIONAL" },
    { name: "list", num_children: 1, repetition_type: "REPEATED" },
    { name: "element", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" },
  ],
});

const count = 4_000;
write("many-rows", {
  columnData: [
    { name: "index", data: Array.from({ length: count }, (_, index) => index), type: "INT32", encoding: "PLAIN", codec: "UNCOMPRESSED" },
    { name: "noise", data: Array.from({ length: count }, (_, index) => Math.imul(index, 2654435761) | 0), type: "INT32", encoding: "PLAIN", codec: "UNCOMPRESSED" },
  ],
  rowGroupSize: 2_000, pageSize: 1024,
});

mkdirSync(new URL("fixtures/folder/data", import.meta.url), { recursive: true });
const part = (x, y) => ({ columnData: [{ name: "x", data: x, type: "INT32" }, { name: "y", data: y, type: "STRING" }] });
write("folder/data/train-00000-of-00002", part([0, 1], ["a", "b"]));
write("folder/data/train-00001-of-00002", part([2], ["a"]));
write("folder/data/test-00000-of-00001", part([3], ["b"]));
