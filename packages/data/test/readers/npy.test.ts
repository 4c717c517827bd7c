import { readFileSync } from "node:fs";
import { tensor, zeros } from "@nn/tensor";
import { describe, expect, it } from "vitest";
import { encodeNpy, readNpy } from "../../src/index.js";

/** Written by NumPy 2.4. */
const fixtures: Readonly<Record<string, string>> = JSON.parse(readFileSync(new URL("npy.fixtures.json", import.meta.url), "utf8"));

function bytesOf(name: string): Uint8Array {
  return Buffer.from(fixtures[name] ?? "", "base64");
}

/** A version 1 file with this header. */
function withHeader(header: string, data: readonly number[] = []): Uint8Array {
  return Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length, 0, ...new TextEncoder().encode(header), ...data);
}

describe("readNpy", () => {
  it.each([
    ["<f4", "float32"], [">f4", "float32"], ["<f8", "float64"], [">f8", "float64"], ["|i1", "int32"], ["<i2", "int32"], [">i2", "int32"],
    ["<i4", "int32"], [">i4", "int32"], ["<i8", "int32"], [">i8", "int32"],
  ])("reads %s as %s", async (name, dtype) => {
    const x = await readNpy(bytesOf(name));
    expect(x.dtype).toBe(dtype);
    expect(x.toArray()).toEqual([[-3, -2, -1], [0, 1, 2]]);
  });

  it.each(["|u1", "<u2", "<u4", "<u8"])("reads %s as int32", async (name) => {
    const x = await readNpy(bytesOf(name));
    expect(x.dtype).toBe("int32");
    expect(x.toArray()).toEqual([[0, 1, 2], [3, 4, 5]]);
  });

  it("reads booleans, scalars, specials and empty arrays", async () => {
    expect((await readNpy(bytesOf("|b1"))).toArray()).toEqual([[true, false, true], [false, true, false]]);
    expect((await readNpy(bytesOf("scalar"))).toArray()).toBe(2.5);
    expect((await readNpy(bytesOf("vector"))).toArray()).toEqual([1.5, Number.NaN, Number.POSITIVE_INFINITY]);
    expect((await readNpy(bytesOf("empty"))).shape).toEqual([0, 3]);
  });

  it("reads and writes half precision", async () => {
    const half = await readNpy(bytesOf("half"));
    expect(half.dtype).toBe("float32");
    expect(half.toArray()).toEqual([1]);
    const bytes = encodeNpy(tensor([[1.5, -0.1], [65504, 1e-7]]), { dtype: "float16" });
    expect(new TextDecoder("latin1").decode(bytes.subarray(10, 40))).toContain("'descr': '<f2'");
    // float16 next to -0.1 is -0.0999755859375, next to 1e-7 is 2^-23.
    expect((await readNpy(bytes)).toArray()).toEqual([[1.5, -0.0999755859375], [65504, 2 ** -23]]);
    expect(() => encodeNpy(tensor([1], { dtype: "int32" }), { dtype: "float16" })).toThrow("encodeNpy: only floats are written as float16, got int32");
    expect(() => encodeNpy(tensor([1]), { dtype: "half" as never })).toThrow('encodeNpy: dtype is the string "half", expected "float16"');
  });

  it("refuses impossible sizes", async () => {
    const header = (shape: string): Uint8Array => withHeader(`{'descr': '<f4', 'fortran_order': False, 'shape': (${shape})}`);
    await expect(readNpy(header(`${"1,".repeat(65)}`))).rejects.toThrow("readNpy input, byte 10: the array has 65 axes; NumPy's have at most 64");
    await expect(readNpy(header("9007199254740991, 9007199254740991"))).rejects.toThrow("has more elements than there can be");
    await expect(readNpy("x.npy" as never)).rejects.toThrow('readNpy: cannot read from the string "x.npy", expected bytes; for the path of a file use readNpyFile');
    await expect(readNpy(encodeNpy(tensor([1, 2])), { maxBytes: 100 })).rejects.toThrow("readNpy input: there are more than 100 bytes, which is the limit; raise it with maxBytes");
  });

  it("reads versions 2 and 3", async () => {
    expect((await readNpy(bytesOf("version 2"))).toArray()).toEqual([0, 1, 2]);
    expect((await readNpy(bytesOf("version 3"))).toArray()).toEqual([0, 1, 2]);
  });

  it("converts Fortran order to row-major order", async () => {
    const expected = Array.from({ length: 24 }, (_, index) => index);
    const x = await readNpy(bytesOf("fortran"));
    expect(x.shape).toEqual([2, 3, 4]);
    expect([...x.toTypedArray()]).toEqual(expected);
  });

  it("reports what is wrong and where", async () => {
    const f4 = bytesOf("<f4");
    const version4 = Uint8Array.from(f4);
    version4[6] = 4;
    const inputs: Record<string, Uint8Array> = {
      empty: new Uint8Array(), other: new TextEncoder().encode("not an array"), version4, cutHeader: f4.subarray(0, 40), cutData: f4.subarray(0, -3),
      longer: Uint8Array.of(...f4, 0), overflow: bytesOf("overflow"), complex: bytesOf("complex"), text: bytesOf("text"),
      structured: bytesOf("structured"), notADictionary: withHeader("[1, 2]"), negative: withHeader("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}"),
      missing: withHeader("{'descr': '<f4', 'shape': (1,)}"), twice: withHeader("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (0,)}"),
      bool: withHeader("{'descr': '|b1', 'fortran_order': False, 'shape': (1,)}", [2]),
    };
    const messages: Record<string, string> = {};
    for (const [name, bytes] of Object.entries(inputs)) {
      messages[name] = await readNpy(bytes, { name: "x.npy" }).then(() => "no error", (error: Error) => `${error.name}: ${error.message}`);
    }
    expect(messages).toMatchInlineSnapshot(`
      {
        "bool": "FormatError: x.npy, byte 65: element 0 is 2; expected a bool, 0 or 1",
        "complex": "FormatError: x.npy: the elements have NumPy's type "<c16" (complex numbers); expected bool, integers, float16, float32 or float64 (convert with astype)",
        "cutData": "FormatError: x.npy, byte 149: the file has 149 bytes; expected 152 for <f4 [2, 3]",
        "cutHeader": "FormatError: x.npy, byte 40: the header has 118 bytes, but the file ends before; it has 40 bytes",
        "empty": "FormatError: x.npy, byte 0: 0 bytes are too few for a .npy file",
        "longer": "FormatError: x.npy, byte 152: the file has 153 bytes; expected 152 for <f4 [2, 3]",
        "missing": "FormatError: x.npy, byte 10: the header is "{'descr': '<f4', 'shape': (1,)}"; expected a dictionary with descr, fortran_order and shape",
        "negative": "FormatError: x.npy, byte 10: the header is "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}"; expected a dictionary with descr, fortran_order and shape",
        "notADictionary": "FormatError: x.npy, byte 10: the header is "[1, 2]"; expected a dictionary with descr, fortran_order and shape",
        "other": "FormatError: x.npy, byte 0: a .npy file begins with the byte 93 and "NUMPY"; this one does not",
        "overflow": "FormatError: x.npy, byte 136: element 1 is 2147483648, which int32 cannot hold; expected -2147483648 to 2147483647",
        "structured": "FormatError: x.npy: the elements have NumPy's type "[('a', '<i4'), ('b', '<f8')]" (records with fields); expected bool, integers, float16, float32 or float64 (convert with astype)",
        "text": "FormatError: x.npy: the elements have NumPy's type "<U2" (text); expected bool, integers, float16, float32 or float64 (convert with astype)",
        "twice": "FormatError: x.npy, byte 10: the header is "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'sh…"; expected a dictionary with descr, fortran_order and shape",
        "version4": "FormatError: x.npy, byte 6: the .npy format has no version 4; expected 1, 2 or 3",
      }
    `);
  });
});

describe("encodeNpy", () => {
  it("writes what NumPy writes", () => {
    const numpy = (name: string): Uint8Array => Uint8Array.from(bytesOf(name));
    expect(encodeNpy(tensor([[-3, -2, -1], [0, 1, 2]]))).toEqual(numpy("<f4"));
    expect(encodeNpy(tensor([[-3, -2, -1], [0, 1, 2]], { dtype: "float64" }))).toEqual(numpy("<f8"));
    expect(encodeNpy(tensor([[-3, -2, -1], [0, 1, 2]], { dtype: "int32" }))).toEqual(numpy("<i4"));
    expect(encodeNpy(tensor([[true, false, true], [false, true, false]]))).toEqual(numpy("|b1"));
    expect(encodeNpy(tensor(2.5, { dtype: "float64" }))).toEqual(numpy("scalar"));
    expect(encodeNpy(tensor([1.5, Number.NaN, Number.POSITIVE_INFINITY], { dtype: "float64" }))).toEqual(numpy("vector"));
    expect(encodeNpy(zeros([0, 3]))).toEqual(numpy("empty"));
  });
});
