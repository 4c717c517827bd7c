import { expect, it } from "vitest";
import { hashOf, murmur } from "../../src/store/hash.js";

const bytesOf = (words: readonly number[]): Uint8Array => new Uint8Array(Int32Array.from(words).buffer);

it("is MurmurHash3_x86_128: its verification value of SMHasher is 0xB3ECE62A", () => {
  const keys = Array.from({ length: 256 }, (_, length) => murmur(Uint8Array.from({ length }, (_each, at) => at), 256 - length));
  const [value = 0] = murmur(bytesOf(keys.flat()));
  expect(value >>> 0).toBe(0xb3ece62a);
});

it("is text, and does not depend on where the bytes lie", () => {
  expect(hashOf(new Uint8Array(0))).toBe("0".repeat(32));
  const bytes = Uint8Array.from({ length: 100 }, (_, at) => 7 * at);
  expect(hashOf(bytes.subarray(3, 90))).toBe(hashOf(bytes.slice(3, 90)));
  expect(hashOf(bytes)).toMatch(/^[0-9a-f]{32}$/);
});
