import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { parseIdx, readIdx } from "../../src/index.js";

/** An IDX file of one axis or two. */
function idx(code: number, shape: readonly number[], data: readonly number[]): Uint8Array {
  return Uint8Array.of(0, 0, code, shape.length, ...shape.flatMap((size) => [size >>> 24, (size >>> 16) & 255, (size >>> 8) & 255, size & 255]), ...data);
}

describe("readIdx", () => {
  it.each([
    ["uint8", 0x08, [0, 255], [0, 255], "int32"],
    ["int8", 0x09, [0, 255], [0, -1], "int32"],
    ["int16", 0x0b, [0x01, 0x00, 0xff, 0xfe], [256, -2], "int32"],
    ["int32", 0x0c, [0, 0, 1, 0, 0x80, 0, 0, 0], [256, -2147483648], "int32"],
    ["float32", 0x0d, [0x3f, 0xc0, 0, 0, 0xbf, 0x80, 0, 0], [1.5, -1], "float32"],
    ["float64", 0x0e, [0x3f, 0xf8, 0, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0], [1.5, -2], "float64"],
  ])("reads %s", async (type, code, data, values, dtype) => {
    const bytes = idx(code, [2], data);
    expect(parseIdx(bytes)).toMatchObject({ type, shape: [2] });
    const x = await readIdx(bytes);
    expect(x.dtype).toBe(dtype);
    expect(x.toArray()).toEqual(values);
  });

  it("reads several axes, no axis, empty axes, and views into larger buffers", async () => {
    expect((await readIdx(idx(8, [2, 1, 2], [1, 2, 3, 4]))).toArray()).toEqual([[[1, 2]], [[3, 4]]]);
    expect((await readIdx(idx(8, [], [7]))).toArray()).toBe(7);
    expect((await readIdx(idx(8, [0, 28], []))).shape).toEqual([0, 28]);
    const larger = new Uint8Array(40);
    larger.set(idx(0x0b, [2], [0, 1, 0, 2]), 3);
    expect((await readIdx(larger.subarray(3, 15))).toArray()).toEqual([1, 2]);
  });

  it("reads gzip", async () => {
    expect((await readIdx(gzipSync(idx(8, [3], [1, 2, 3])))).toArray()).toEqual([1, 2, 3]);
    expect((await readIdx(new File([gzipSync(idx(8, [1], [5]))], "a.gz"))).toArray()).toEqual([5]);
  });

  it("reports what is wrong and where", async () => {
    const good = idx(8, [2, 2], [1, 2, 3, 4]);
    const compressed = gzipSync(good);
    const damaged = Uint8Array.from(compressed);
    damaged[damaged.length - 6] = 255 - (damaged[damaged.length - 6] ?? 0);
    const inputs: Record<string, Uint8Array> = {
      empty: new Uint8Array(), short: good.subarray(0, 3), magic: Uint8Array.of(1, ...good.subarray(1)), type: idx(0x0a, [1], [0]),
      cutShape: good.subarray(0, 9), cutData: good.subarray(0, -1), longer: Uint8Array.of(...good, 0), huge: idx(0x0e, [2 ** 31, 2 ** 31], []),
      cutGzip: compressed.subarray(0, -5), cutGzipHead: compressed.subarray(0, 4), damaged, trailing: Uint8Array.of(...compressed, 1, 2, 3),
    };
    const messages: Record<string, string> = {};
    for (const [name, bytes] of Object.entries(inputs)) {
      messages[name] = await readIdx(bytes, { name: "images.gz" }).then(() => "no error", (error: Error) => `${error.name}: ${error.message}`);
    }
    expect(messages).toMatchInlineSnapshot(`
      {
        "cutData": "FormatError: images.gz, byte 15: the file has 15 bytes; expected 16 for uint8 [2, 2]",
        "cutGzip": "FormatError: images.gz: the gzip data are cut off; expected a complete gzip file",
        "cutGzipHead": "FormatError: images.gz: the gzip data are cut off; expected a complete gzip file",
        "cutShape": "FormatError: images.gz, byte 9: the file ends within the sizes of its 2 axes; expected at least 12 bytes",
        "damaged": "FormatError: images.gz: the gzip data are damaged: incorrect data check",
        "empty": "FormatError: images.gz: 0 bytes are too few for an IDX file; expected at least 4",
        "huge": "FormatError: images.gz: the shape [2147483648, 2147483648] has more elements than there can be",
        "longer": "FormatError: images.gz, byte 16: the file has 17 bytes; expected 16 for uint8 [2, 2]",
        "magic": "FormatError: images.gz, byte 0: an IDX file begins with two zero bytes, found 01 00",
        "short": "FormatError: images.gz: 3 bytes are too few for an IDX file; expected at least 4",
        "trailing": "FormatError: images.gz: the gzip data are damaged: data that are not gzip follow after the end",
        "type": "FormatError: images.gz, byte 2: 0x0a is not an element type of the IDX format; expected 08, 09, 0b, 0c, 0d or 0e",
      }
    `);
  });

  it("names a File in errors", async () => {
    await expect(readIdx(new File([], "empty.idx"))).rejects.toThrow("empty.idx: 0 bytes are too few");
  });
});
