import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tensor } from "@nn/tensor";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadSafetensors, parseSafetensors, readSafetensors, saveSafetensors, writeSafetensors } from "../../src/index.js";

/** A file with this header and so many bytes of data. */
function fileOf(header: string, dataLength = 0): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + dataLength);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}

describe("limits", () => {
  it("refuse a shape of many sizes as soon as it passes the limit", () => {
    const many = (count: number): Uint8Array => fileOf(`{"x":{"dtype":"U8","shape":[${new Array(count).fill(1).join(",")}],"data_offsets":[0,1]}}`, 1);
    expect(() => readSafetensors(many(30_000))).toThrow("a list has more than 64 items (maxRank, the most axes of a tensor)");
    expect(() => readSafetensors(many(65))).toThrow("readSafetensors input, byte 35: the header is invalid");
    expect(readSafetensors(many(64)).tensors.x?.shape).toHaveLength(64);
    expect(parseSafetensors(many(30_000), { maxRank: 30_000 }).tensors[0]?.shape).toHaveLength(30_000);
    expect(() => readSafetensors(many(2), { maxRank: 1 })).toThrow('tensor "x" has 2 axes, expected at most 1 (maxRank)');
    const huge = fileOf(`{"x":{"dtype":"U8","shape":[${new Array(60).fill(2 ** 50).join(",")}],"data_offsets":[0,1]}}`, 1);
    expect(() => readSafetensors(huge)).toThrow("but data_offsets span 1");
  });

  it("limit the length of the header, and can be changed", async () => {
    const bytes = writeSafetensors({ x: tensor([1]) });
    expect(() => readSafetensors(bytes, { maxHeaderBytes: 10 })).toThrow("expected at most 10 (maxHeaderBytes)");
    const folder = await mkdtemp(join(tmpdir(), "limits-"));
    await writeFile(join(folder, "x"), bytes);
    await expect(loadSafetensors(join(folder, "x"), { maxHeaderBytes: 10 })).rejects.toThrow("expected at most 10 (maxHeaderBytes)");
    expect((await loadSafetensors(join(folder, "x"))).tensors.x?.toArray()).toEqual([1]);
    await rm(folder, { recursive: true });
  });
});

describe("arguments", () => {
  it("bytes may be an ArrayBuffer; other values are refused with the fix", () => {
    const bytes = writeSafetensors({ x: tensor([1, 2]) });
    expect(readSafetensors(bytes.slice().buffer).tensors.x?.toArray()).toEqual([1, 2]);
    expect(() => readSafetensors("model.safetensors" as never)).toThrow(
      'readSafetensors: bytes are the string "model.safetensors", expected a Uint8Array or an ArrayBuffer; for the path of a file use loadSafetensors');
    for (const wrong of [undefined, null, 5, {}, [1], new Float32Array(8)]) expect(() => parseSafetensors(wrong as never)).toThrow("parseSafetensors: bytes are");
    expect(() => readSafetensors(bytes, { nam: "x" } as never)).toThrow('readSafetensors: there is no option "nam"; did you mean "name"?');
    expect(() => readSafetensors(bytes, null as never)).toThrow("readSafetensors: the options are null");
  });

  it("tensors and metadata must be records", async () => {
    for (const wrong of [undefined, null, [tensor([1])], tensor([1]), "x", new Map()]) {
      expect(() => writeSafetensors(wrong as never)).toThrow("writeSafetensors: tensors are");
      await expect(saveSafetensors("x", wrong as never)).rejects.toThrow("saveSafetensors: tensors are");
    }
    expect(() => writeSafetensors({}, null as never)).toThrow("writeSafetensors: metadata are null, expected an object with texts by their names");
    await expect(loadSafetensors(5 as never)).rejects.toThrow("loadSafetensors: path is 5, expected a string");
    await expect(saveSafetensors(undefined as never, {})).rejects.toThrow("saveSafetensors: path is undefined, expected a string");
  });

  it("an entry with a key that the format does not have is refused", () => {
    expect(() => readSafetensors(fileOf('{"x":{"dtype":"U8","shape":[0],"data_offsets":[0,0],"scale":2}}'))).toThrow('tensor "x" has "scale", which is not part of the format');
  });

  it("names in messages are escaped", () => {
    const header = JSON.stringify({ "\u202eevil\u001b[2J": { dtype: "F9", shape: [], data_offsets: [0, 0] } });
    expect(() => readSafetensors(fileOf(header))).toThrow('the dtype of tensor "\\u202eevil\\u001b[2J" is "F9"');
  });
});

/** What becomes of reading a file: the name of the error, or "read" where all tensors are whole. */
function outcome(bytes: Uint8Array): string {
  try {
    return Object.values(readSafetensors(bytes).tensors).every((x) => x.toTypedArray().length === x.size) ? "read" : "cut";
  } catch (error) {
    return (error as Error).name;
  }
}

it("reads or refuses a file, whatever is changed in it", () => {
  const whole = writeSafetensors({ a: tensor([[1, 2], [3, 4]]), b: tensor([true, false]) }, { note: "x" });
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }), fc.nat(whole.length), (changes, length) => {
      const bytes = Uint8Array.from(whole);
      for (const [at, value] of changes) bytes[at] = value;
      for (const input of [bytes, bytes.subarray(0, length)]) {
        expect(["SafetensorsError", "read"]).toContain(outcome(input));
      }
    }),
    { numRuns: 1000 },
  );
}, 60_000);

it("saving removes temporary files of crashed processes, and leaves none itself", async () => {
  const folder = await mkdtemp(join(tmpdir(), "stale-"));
  const path = join(folder, "m.safetensors");
  await saveSafetensors(path, { x: tensor([1]) });
  expect(await readdir(folder)).toEqual(["m.safetensors"]);
  await rm(folder, { recursive: true });
});
