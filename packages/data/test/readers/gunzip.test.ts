import { constants, crc32, gzipSync } from "node:zlib";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gunzipped } from "../../src/readers/gunzip.js";

async function* chunksOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function gunzip(bytes: Uint8Array, size = bytes.length): Promise<Uint8Array> {
  const blocks: Uint8Array[] = [];
  for await (const block of gunzipped(chunksOf(bytes, Math.max(1, size)), "a.gz")) blocks.push(block as Uint8Array);
  return new Uint8Array(Buffer.concat(blocks));
}

async function errorOf(bytes: Uint8Array, size?: number): Promise<string> {
  return gunzip(bytes, size).then(() => "no error", (error: Error) => `${error.name}: ${error.message}`);
}

const text = new TextEncoder().encode("Lorem ipsum dolor sit amet, consetetur sadipscing elitr. ".repeat(3000));

/** Bytes that compress in many ways: repeated, alike, by chance. */
const content = fc.oneof(
  fc.uint8Array({ maxLength: 3000 }),
  fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.nat(2000)).map(([part, times]) => Uint8Array.from({ length: part.length * times }, (_, at) => part[at % part.length] as number)),
  fc.array(fc.constantFrom(97, 98, 99, 100), { maxLength: 5000 }).map((bytes) => Uint8Array.from(bytes)),
);
const options = fc.record({
  level: fc.integer({ min: 0, max: 9 }),
  strategy: fc.constantFrom(constants.Z_DEFAULT_STRATEGY, constants.Z_FIXED, constants.Z_HUFFMAN_ONLY, constants.Z_RLE, constants.Z_FILTERED),
});

describe("gunzipped", () => {
  it("decompresses output of zlib of every level, strategy and size of chunks", async () => {
    await fc.assert(
      fc.asyncProperty(content, options, fc.constantFrom(1, 7, 100, 4096, 1e6), async (bytes, how, size) => {
        expect(await gunzip(gzipSync(bytes, how), size)).toEqual(bytes);
      }),
      { numRuns: 150 },
    );
    for (const level of [0, 1, 6, 9]) expect(await gunzip(gzipSync(text, { level }), 1000)).toEqual(text);
  }, 60_000);

  it("reads all members, with zeros after them, at every size of chunks", async () => {
    const members = Buffer.concat([gzipSync("one "), gzipSync(""), gzipSync(text), gzipSync("three"), new Uint8Array(512)]);
    for (const size of [1, 3, 13, 4096, members.length]) {
      expect(new TextDecoder().decode(await gunzip(members, size))).toBe(`one ${new TextDecoder().decode(text)}three`);
    }
  });

  it("reads headers with all fields", async () => {
    const plain = gzipSync("content");
    const fields = Uint8Array.of(0x1f, 0x8b, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 3, 3, 0, 1, 2, 3, 110, 0, 99, 0);
    const checksum = crc32(fields);
    const header = Uint8Array.of(...fields, checksum & 255, (checksum >> 8) & 255);
    for (const size of [1, 5, 100]) expect(new TextDecoder().decode(await gunzip(Buffer.concat([header, plain.subarray(10)]), size))).toBe("content");
  });

  it("passes through data that are not compressed", async () => {
    for (const bytes of [[], [0x1f], [0x1f, 0x20], [1, 2, 3]].map((each) => Uint8Array.from(each))) {
      for (const size of [1, 10]) expect(await gunzip(bytes, size)).toEqual(bytes);
    }
  });

  it("refuses data that are damaged, cut off anywhere, or followed by something else", async () => {
    const whole = gzipSync("some content, some content");
    const changed = (at: number, value: number): Uint8Array => Uint8Array.from(whole, (byte, position) => (position === (at < 0 ? whole.length + at : at) ? value : byte));
    for (let length = 2; length < whole.length; length++) expect(await errorOf(whole.subarray(0, length))).toBe("FormatError: a.gz: the gzip data are cut off; expected a complete gzip file");
    expect(await errorOf(Buffer.concat([whole, whole.subarray(0, 9)]))).toContain("cut off");
    expect(await errorOf(changed(-8, 0))).toBe("FormatError: a.gz: the gzip data are damaged: incorrect data check");
    expect(await errorOf(changed(-4, 0))).toBe("FormatError: a.gz: the gzip data are damaged: incorrect length check");
    expect(await errorOf(changed(2, 7))).toContain("unknown compression method");
    expect(await errorOf(changed(3, 0x80))).toContain("unknown header flags set");
    expect(await errorOf(Buffer.concat([whole, Buffer.from("garbage")]))).toBe("FormatError: a.gz: the gzip data are damaged: data that are not gzip follow after the end");
    expect(await errorOf(Buffer.concat([whole, new Uint8Array(5000), Uint8Array.of(1)]), 1000)).toContain("follow after the end");
  });

  it("fails only with its own error, and never gives wrong bytes, whatever is changed", async () => {
    const whole = gzipSync(text.subarray(0, 2000), { level: 9 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 3 }), fc.constantFrom(50, 1e6), async (changes, size) => {
        const bytes = Uint8Array.from(whole);
        for (const [at, value] of changes) bytes[at] = value;
        const result = await gunzip(bytes, size).catch((error: Error) => error);
        expect(["FormatError", text.subarray(0, 2000), bytes]).toContainEqual(result instanceof Error ? result.name : result);
      }),
      { numRuns: 300 },
    );
  }, 60_000);
});

it("keeps at most a block of output, however far a few bytes expand", async () => {
  const bomb = gzipSync(new Uint8Array(20_000_000), { level: 9 });
  expect(bomb.length).toBeLessThan(25_000);
  let [total, largest] = [0, 0];
  for await (const block of gunzipped(chunksOf(bomb, bomb.length), "a.gz")) [total, largest] = [total + block.length, Math.max(largest, block.length)];
  expect(total).toBe(20_000_000);
  expect(largest).toBe(65_536);
});
