import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { loadSafetensors, parseSafetensors, readSafetensors } from "../../src/index.js";

interface RecordedTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly dataOffsets: readonly [number, number];
  readonly data: readonly (number | string | boolean)[];
  readonly hex: string;
}

interface Case {
  readonly id: string;
  readonly file: string;
  readonly base64: string;
  readonly valid: boolean;
  readonly reason?: string;
  readonly tensors?: Readonly<Record<string, RecordedTensor>>;
  readonly metadata?: Readonly<Record<string, string>>;
}

const folder = new URL("../../../../tests/reference/", import.meta.url);
const { cases }: { readonly cases: readonly Case[] } = JSON.parse(readFileSync(new URL("safetensors.json", folder), "utf8"));
const dtypes: Readonly<Record<string, string>> = { F32: "float32", F64: "float64", F16: "float32", BF16: "float32", I32: "int32", U8: "int32", BOOL: "bool" };
/** Its 64-bit integers do not fit into int32; the types are tested one by one beside this. */
const allTypes = "valid_all_dtypes";
const bytesOf = (each: Case): Uint8Array => new Uint8Array(readFileSync(new URL(each.file, folder)));

describe.each(cases.filter(({ valid }) => valid))("$id", (each) => {
  it("has the recorded bytes, shapes and metadata", () => {
    const recorded = Object.entries(each.tensors ?? {});
    const { tensors, metadata } = parseSafetensors(bytesOf(each));
    expect(metadata).toEqual(each.metadata ?? {});
    const found = tensors.map(({ name, dtype, shape, bytes }) => ({ name, dtype, shape, hex: Buffer.from(bytes).toString("hex") }));
    const byOffset = recorded.toSorted(([, a], [, b]) => a.dataOffsets[0] - b.dataOffsets[0] || a.dataOffsets[1] - b.dataOffsets[1]);
    expect(found).toEqual(byOffset.map(([name, { dtype, shape, hex }]) => ({ name, dtype, shape, hex })));
  });
});

describe.each(cases.filter(({ id, valid }) => valid && id !== allTypes))("$id", (each) => {
  it("gives tensors of the recorded values", () => {
    const recorded = Object.entries(each.tensors ?? {});
    const { tensors } = readSafetensors(bytesOf(each));
    expect(Object.keys(tensors).toSorted()).toEqual(recorded.map(([name]) => name).toSorted());
    for (const [name, { dtype, shape, data }] of recorded) {
      const x = tensors[name];
      expect([x?.dtype, x?.shape]).toEqual([dtypes[dtype], shape]);
      const found = Array.from(x?.toTypedArray() ?? [], (value) => (x?.dtype === "bool" ? value !== 0 : value));
      expect(found).toEqual(data.map((value) => (typeof value === "string" ? Number(value) : value)));
    }
  });
});

it("names the number that int32 cannot hold in the file of all types", () => {
  const bytes = bytesOf(cases.find(({ id }) => id === allTypes) as Case);
  expect(() => readSafetensors(bytes)).toThrow(
    /^readSafetensors input, byte \d+: element 0 of tensor "i64" is 9007199254740993 \(I64\), which int32 cannot hold; read the bytes with parseSafetensors$/,
  );
});

it("refuses invalid files, in memory and on disk, with reason and position", async () => {
  const messages: Record<string, string> = {};
  for (const each of cases.filter(({ valid }) => !valid)) {
    let message = "no error";
    try {
      readSafetensors(bytesOf(each), { name: "m" });
    } catch (error) {
      message = String(error);
    }
    messages[`${each.id} (${each.reason})`] = message;
    const path = new URL(each.file, folder).pathname;
    await expect(loadSafetensors(path)).rejects.toThrow(message.replace("SafetensorsError: m", path));
  }
  expect(messages).toMatchInlineSnapshot(`
    {
      "bad_begin_after_end (data_offsets begin after they end)": "SafetensorsError: m, byte 55: data_offsets of tensor "x" begin at 16, after their end, 0",
      "bad_byte_count_does_not_match_dtype (the dtype needs another number of bytes)": "SafetensorsError: m, byte 55: tensor "x" needs 32 bytes for F64 [4], but data_offsets span 16",
      "bad_byte_count_does_not_match_shape (the shape needs 12 bytes, the offsets span 16)": "SafetensorsError: m, byte 55: tensor "x" needs 12 bytes for F32 [3], but data_offsets span 16",
      "bad_duplicate_key (the name x occurs twice in the header)": "SafetensorsError: m, byte 68: the header is invalid: the key "x" occurs twice",
      "bad_duplicate_key_identical (the name x occurs twice in the header with the same entry (the format forbids it; a parser that keeps one of them would not notice))": "SafetensorsError: m, byte 69: the header is invalid: the key "x" occurs twice",
      "bad_empty_file (the file is empty)": "SafetensorsError: m: the file is empty; a safetensors file begins with 8 bytes that tell the length of its header",
      "bad_fractional_shape (a dimension is not an integer)": "SafetensorsError: m, byte 37: the shape of tensor "x" has 2.5, expected whole numbers from 0 to 2^53 - 1",
      "bad_header_invalid_json (the header is not valid JSON)": "SafetensorsError: m, byte 9: the header is invalid: found "x", expected a key in quotes",
      "bad_header_length_huge (the header length is 2^60)": "SafetensorsError: m, byte 0: the header is said to have 1152921504606846976 bytes, expected at most 100000000 (maxHeaderBytes); this is not a safetensors file",
      "bad_header_length_past_end (the header length points past the end of the file)": "SafetensorsError: m, byte 0: the header is said to have 72 bytes, but only 71 follow; the file is cut off, or is not a safetensors file",
      "bad_header_length_zero (the header is empty, which is not JSON)": "SafetensorsError: m, byte 8: the header begins with nothing, expected "{"",
      "bad_header_not_an_object (the header is JSON but not an object)": "SafetensorsError: m, byte 8: the header begins with "[", expected "{"",
      "bad_header_not_utf8 (the header is not UTF-8)": "SafetensorsError: m, byte 8: the header is not UTF-8",
      "bad_header_truncated_json (the header is not valid JSON (cut off))": "SafetensorsError: m, byte 62: the header is invalid: found the end, expected "," or "}"",
      "bad_hole_at_start (the first 4 bytes belong to no tensor)": "SafetensorsError: m, byte 63: 4 bytes between the header and tensor "x" belong to no tensor",
      "bad_hole_between_tensors (4 bytes between x and y belong to no tensor)": "SafetensorsError: m, byte 125: 4 bytes between tensor "x" and tensor "y" belong to no tensor",
      "bad_metadata_value_not_a_string (a metadata value is not a string)": "SafetensorsError: m, byte 29: the value of "a" in "__metadata__" is not a string",
      "bad_missing_dtype (dtype is missing)": "SafetensorsError: m, byte 13: tensor "x" has no dtype",
      "bad_missing_offsets (data_offsets is missing)": "SafetensorsError: m, byte 13: tensor "x" has no data_offsets",
      "bad_negative_offset (data_offsets begin is negative)": "SafetensorsError: m, byte 56: data_offsets of tensor "x" has -4, expected whole numbers from 0 to 2^53 - 1",
      "bad_negative_shape (a dimension is negative)": "SafetensorsError: m, byte 37: the shape of tensor "x" has -2, expected whole numbers from 0 to 2^53 - 1",
      "bad_offsets_not_a_pair (data_offsets is not a pair)": "SafetensorsError: m, byte 55: data_offsets of tensor "x" are not a pair",
      "bad_offsets_out_of_range (data_offsets end past the end of the data)": "SafetensorsError: m, byte 55: data_offsets of tensor "x" end at 20, but the file has 16 bytes of data; it may be cut off",
      "bad_overlapping_offsets (the byte ranges of x and y overlap)": "SafetensorsError: m, byte 120: tensor "y" overlaps tensor "x", which ends at byte 124",
      "bad_shape_beyond_safe_integers (a dimension is larger than 2^53)": "SafetensorsError: m, byte 36: the shape of tensor "x" has 9007199254740993, expected whole numbers from 0 to 2^53 - 1",
      "bad_shape_product_overflow (the product of the dimensions is 2^64, which wraps to 0 in 64 bits)": "SafetensorsError: m, byte 75: tensor "x" needs 73786976294838206464 bytes for F32 [4294967296, 4294967296], but data_offsets span 0",
      "bad_shorter_than_length_field (fewer than 8 bytes)": "SafetensorsError: m: the file has only 3 bytes; a safetensors file begins with 8 bytes that tell the length of its header",
      "bad_tensor_is_not_an_object (a tensor entry is not an object)": "SafetensorsError: m, byte 13: tensor "x" is not an object with dtype, shape and data_offsets",
      "bad_trailing_garbage (bytes after the last tensor)": "SafetensorsError: m, byte 79: 4 bytes after tensor "x" belong to no tensor",
      "bad_unknown_dtype (the dtype does not exist)": "SafetensorsError: m, byte 22: the dtype of tensor "x" is "F33", expected BOOL, U8, I8, F8_E5M2, F8_E4M3, I16, U16, F16, BF16, I32, U32, F32, F64, I64, U64",
    }
  `);
});
