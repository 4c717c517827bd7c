import { tensor, uniform, type Tensor } from "@nn/tensor";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readSafetensors, writeSafetensors } from "../../src/index.js";

const header = (bytes: Uint8Array): string => new TextDecoder().decode(bytes.subarray(8, 8 + (bytes[0] ?? 0) + 256 * (bytes[1] ?? 0)));

describe("writeSafetensors", () => {
  it("writes the documented bytes", () => {
    const bytes = writeSafetensors({ b: tensor([true, false]), a: tensor([1, 2], { dtype: "int32" }), w: tensor(0.5, { dtype: "float64" }), c: tensor([[1.5]]) }, { z: "12", k: "ä\"" });
    expect(header(bytes)).toBe(
      '{"__metadata__":{"k":"ä\\"","z":"12"},"w":{"dtype":"F64","shape":[],"data_offsets":[0,8]},"a":{"dtype":"I32","shape":[2],"data_offsets":[8,16]},' +
        '"c":{"dtype":"F32","shape":[1,1],"data_offsets":[16,20]},"b":{"dtype":"BOOL","shape":[2],"data_offsets":[20,22]}}       ',
    );
    const start = bytes.length - 22;
    expect(start % 8).toBe(0);
    expect(Buffer.from(bytes.subarray(start)).toString("hex")).toBe(["000000000000e03f", "0100000002000000", "0000c03f", "0100"].join(""));
  });

  it("gives the same bytes for every order of tensors and metadata", () => {
    const [a, b] = [tensor([1]), tensor([2])];
    expect(writeSafetensors({ a, b, 10: a, 9: b }, { x: "1", y: "2" })).toEqual(writeSafetensors({ 9: b, b, 10: a, a }, { y: "2", x: "1" }));
  });

  it("writes empty dictionaries, and names of all kinds", () => {
    expect(readSafetensors(writeSafetensors({}))).toEqual({ tensors: {}, metadata: {} });
    const names = ["", "a.b.0", "名", "\n\u0000\"\\", "__proto__", "constructor", "7"];
    const tensors = Object.fromEntries(names.map((name, at) => [name, tensor(at)]));
    const back = readSafetensors(writeSafetensors(tensors, { ["__proto__"]: "x" }));
    expect(Object.keys(back.tensors).toSorted()).toEqual(names.toSorted());
    for (const [at, name] of names.entries()) expect(Object.getOwnPropertyDescriptor(back.tensors, name)?.value.item()).toBe(at);
    expect(Object.entries(back.metadata)).toEqual([["__proto__", "x"]]);
  });

  it("reads back every tensor to the bit", () => {
    const values = fc.oneof(
      fc.array(fc.float()).map((list) => tensor(Float32Array.from(list))),
      fc.array(fc.double()).map((list) => tensor(Float64Array.from(list))),
      fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })).map((list) => tensor(Int32Array.from(list))),
      fc.array(fc.boolean()).map((list) => tensor(list, { dtype: "bool" })),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: "grapheme" }), values), fc.dictionary(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" })), (tensors, metadata) => {
        const back = readSafetensors(writeSafetensors(tensors, metadata));
        expect({ ...back.metadata }).toEqual({ ...metadata });
        expect(Object.keys(back.tensors).toSorted()).toEqual(Object.keys(tensors).toSorted());
        for (const [name, x] of Object.entries(tensors)) expect(new Map(Object.entries(back.tensors)).get(name)?.toTypedArray()).toEqual(x.toTypedArray());
      }),
    );
  });

  it("does not share memory with its source", () => {
    const bytes = writeSafetensors({ a: tensor([1, 2]) });
    const { tensors } = readSafetensors(bytes);
    bytes.fill(0, bytes.length - 8);
    expect(tensors.a?.toArray()).toEqual([1, 2]);
  });

  it("reads views at any position of a larger buffer", () => {
    const bytes = writeSafetensors({ a: uniform([3], { dtype: "float64" }), b: tensor([true]) });
    const larger = new Uint8Array(bytes.length + 3);
    larger.set(bytes, 3);
    expect(readSafetensors(larger.subarray(3)).tensors.a?.toArray()).toEqual(readSafetensors(bytes).tensors.a?.toArray());
  });

  it("refuses values that the format cannot hold", () => {
    const wrong: unknown = { k: 1 };
    const none: unknown = { a: [1, 2] };
    const messages = [
      () => writeSafetensors({ __metadata__: tensor(1) }),
      () => writeSafetensors({ "a\uD800": tensor(1) }),
      () => writeSafetensors({}, { a: "\uDC00" }),
      () => writeSafetensors({}, wrong as Record<string, string>),
      () => writeSafetensors(none as Record<string, Tensor>),
    ].map((make) => {
      try {
        make();
        return "no error";
      } catch (error) {
        return String(error);
      }
    });
    expect(messages).toMatchInlineSnapshot(`
      [
        "SafetensorsError: writeSafetensors: a tensor cannot be called "__metadata__", which is the key of the metadata",
        "SafetensorsError: writeSafetensors: the name of a tensor, "a\\ud800", has half of a surrogate pair, which UTF-8 cannot write",
        "SafetensorsError: writeSafetensors: the value of "a" in the metadata, "\\udc00", has half of a surrogate pair, which UTF-8 cannot write",
        "SafetensorsError: writeSafetensors: the value of "k" in the metadata is 1, expected a string",
        "UsageError: writeSafetensors: tensor "a" is an array of 2, expected a Tensor; make it one with tensor(...)",
      ]
    `);
  });
});

describe("readSafetensors", () => {
  /** A file of this header and data. */
  function file(text: string, data: readonly number[] = []): Uint8Array {
    const encoded = new TextEncoder().encode(text);
    const bytes = new Uint8Array(8 + encoded.length + data.length);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(encoded.length), true);
    bytes.set(encoded, 8);
    bytes.set(data, 8 + encoded.length);
    return bytes;
  }
  const one = (dtype: string, shape: string, data: readonly number[]): Uint8Array => file(`{"x":{"dtype":"${dtype}","shape":${shape},"data_offsets":[0,${data.length}]}}`, data);

  it.each([
    ["I8", [255], [-1]], ["U8", [255], [255]], ["I16", [0xfe, 0xff], [-2]], ["U16", [0xfe, 0xff], [65534]], ["U32", [1, 0, 0, 0x70], [0x70000001]],
    ["I64", [254, 255, 255, 255, 255, 255, 255, 255], [-2]], ["U64", [7, 0, 0, 0, 0, 0, 0, 0], [7]],
    ["F16", [0x01, 0x00], [2 ** -24]], ["F16", [0xff, 0x83], [-1023 * 2 ** -24]], ["F16", [0x00, 0x80], [-0]], ["BF16", [0xc0, 0x3f], [1.5]],
  ])("converts %s %j", (dtype, data, values) => {
    expect(Array.from(readSafetensors(one(dtype, "[1]", data)).tensors.x?.toTypedArray() ?? [])).toEqual(values);
  });

  it("agrees with the definition of half precision for all its 65536 values", () => {
    const bits = Array.from({ length: 65536 }, (_, at) => at);
    const x = readSafetensors(one("F16", "[65536]", bits.flatMap((each) => [each & 255, each >> 8]))).tensors.x?.toTypedArray() ?? [];
    const wrong = bits.filter((each) => {
      const [exponent, fraction] = [(each >> 10) & 31, each & 1023];
      const size = exponent === 31 ? (fraction === 0 ? Number.POSITIVE_INFINITY : Number.NaN) : exponent === 0 ? fraction / 2 ** 24 : (1 + fraction / 2 ** 10) * 2 ** (exponent - 15);
      return !Object.is(x[each], each >= 32768 ? -size : size);
    });
    expect(wrong).toEqual([]);
  });

  it("reports what is wrong and where", () => {
    const inputs = [
      one("U32", "[1]", [0, 0, 0, 0x80]), one("BOOL", "[2]", [1, 2]), one("F8_E4M3", "[1]", [1]), one("F32", "[1e0]", [0, 0, 0, 0]), one("F32", '["1"]', [0, 0, 0, 0]),
      one("F32", "1", [0, 0, 0, 0]), file(" {}"), file("\uFEFF{}"), file("{}\n"), file('{"a":01}'), file('{"a":tru}'), file('{"a":[1,]}'), file('{"a":"\t"}'),
      file('{"a":"\\x"}'), file('{"ä":"\\ud83d'), file(`{"a":${"[".repeat(100)}`), file('{"__metadata__":[]}'), file("{a:1}"), file('{"a":{"b":1,"b":1}}'), file("{} {}"),
    ];
    const messages = inputs.map((bytes) => {
      try {
        readSafetensors(bytes);
        return "no error";
      } catch (error) {
        return String(error);
      }
    });
    expect(messages).toMatchInlineSnapshot(`
      [
        "SafetensorsError: readSafetensors input, byte 62: element 0 of tensor "x" is 2147483648 (U32), which int32 cannot hold; read the bytes with parseSafetensors",
        "SafetensorsError: readSafetensors input, byte 64: element 1 of tensor "x" is 2, expected a bool, 0 or 1",
        "SafetensorsError: readSafetensors input, byte 66: tensor "x" has the dtype F8_E4M3, which no dtype of a tensor can hold; read its bytes with parseSafetensors",
        "SafetensorsError: readSafetensors input, byte 37: the shape of tensor "x" has 1e0, expected whole numbers from 0 to 2^53 - 1",
        "SafetensorsError: readSafetensors input, byte 37: the shape of tensor "x" has string, expected whole numbers from 0 to 2^53 - 1",
        "SafetensorsError: readSafetensors input, byte 36: the shape of tensor "x" is not a list",
        "SafetensorsError: readSafetensors input, byte 8: the header begins with " ", expected "{"",
        "SafetensorsError: readSafetensors input, byte 8: the header begins with "\\ufeff", expected "{"",
        "SafetensorsError: readSafetensors input, byte 10: the header is invalid: found "\\n", expected nothing but spaces after the JSON object",
        "SafetensorsError: readSafetensors input, byte 14: the header is invalid: found "1", expected "," or "}"",
        "SafetensorsError: readSafetensors input, byte 13: the header is invalid: found "t", expected a JSON value",
        "SafetensorsError: readSafetensors input, byte 16: the header is invalid: found "]", expected a JSON value",
        "SafetensorsError: readSafetensors input, byte 13: the header is invalid: a string has a character or an escape that JSON does not allow",
        "SafetensorsError: readSafetensors input, byte 13: the header is invalid: a string has a character or an escape that JSON does not allow",
        "SafetensorsError: readSafetensors input, byte 14: the header is invalid: a string is not closed",
        "SafetensorsError: readSafetensors input, byte 45: the header is invalid: values are nested too deeply",
        "SafetensorsError: readSafetensors input, byte 24: "__metadata__" is not an object",
        "SafetensorsError: readSafetensors input, byte 9: the header is invalid: found "a", expected a key in quotes",
        "SafetensorsError: readSafetensors input, byte 20: the header is invalid: the key "b" occurs twice",
        "SafetensorsError: readSafetensors input, byte 11: the header is invalid: found "{", expected nothing but spaces after the JSON object",
      ]
    `);
  });

  it("never reads other tensors from a file that is cut off or has a changed byte in its header", () => {
    const bytes = writeSafetensors({ weight: tensor([[1, 2], [3, 4]]), bias: tensor([1]) }, { a: "b" });
    for (let length = 0; length < bytes.length; length++) expect(() => readSafetensors(bytes.subarray(0, length))).toThrow("input");
    for (let at = 0; at < 8; at++) {
      const flipped = Uint8Array.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ 1;
      expect(() => readSafetensors(flipped)).toThrow("input");
    }
  });
});
