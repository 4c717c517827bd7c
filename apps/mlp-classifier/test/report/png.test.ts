import { inflateSync, crc32 } from "node:zlib";
import { expect, test } from "vitest";
import { encodePng, pngAddress } from "../../src/report/png.js";

interface Chunk {
  readonly name: string;
  readonly content: Buffer;
}

/** The chunks of a PNG file, their check sums verified. */
function chunksOf(png: Uint8Array): Chunk[] {
  const bytes = Buffer.from(png);
  const chunks: Chunk[] = [];
  for (let at = 8; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const body = bytes.subarray(at + 4, at + 8 + length);
    expect(bytes.readUInt32BE(at + 8 + length)).toBe(crc32(body));
    chunks.push({ name: body.toString("latin1", 0, 4), content: body.subarray(4) });
    at += 12 + length;
  }
  return chunks;
}

test("a grey picture", () => {
  const png = encodePng(3, 2, Uint8Array.of(0, 50, 100, 150, 200, 255));
  expect([...png.subarray(0, 8)]).toEqual([137, 80, 78, 71, 13, 10, 26, 10]);
  const [header, data, end] = chunksOf(png);
  expect([header?.name, data?.name, end?.name]).toEqual(["IHDR", "IDAT", "IEND"]);
  expect([...(header?.content ?? [])]).toEqual([0, 0, 0, 3, 0, 0, 0, 2, 8, 0, 0, 0, 0]);
  expect([...inflateSync(data?.content ?? new Uint8Array(0))]).toEqual([0, 0, 50, 100, 0, 150, 200, 255]);
});

test("a picture in colours", () => {
  const [header, data] = chunksOf(encodePng(1, 2, Uint8Array.of(1, 2, 3, 4, 5, 6), "rgb"));
  expect(header?.content[9]).toBe(2);
  expect([...inflateSync(data?.content ?? new Uint8Array(0))]).toEqual([0, 1, 2, 3, 0, 4, 5, 6]);
});

test("refuses samples that do not fit", () => {
  expect(() => encodePng(2, 2, new Uint8Array(3))).toThrow(RangeError);
});

test("as an address", () => {
  expect(pngAddress(Uint8Array.of(1, 2, 3))).toBe("data:image/png;base64,AQID");
});
