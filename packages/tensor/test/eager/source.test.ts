import { describe, expect, it } from "vitest";
import { philox4x32 } from "../../src/random/philox.js";
import { apply, elements, vector } from "./arrays.js";

describe("full", () => {
  it("repeats a value, which is converted as by a cast", () => {
    expect(elements(apply("full", [], { shape: [2, 2], dtype: "float32", value: 0.1 }))).toEqual(Array.from({ length: 4 }, () => Math.fround(0.1)));
    expect(elements(apply("full", [], { shape: [], dtype: "float64", value: NaN }))).toEqual([NaN]);
    expect(elements(apply("full", [], { shape: [1], dtype: "int32", value: 3e9 }))).toEqual([2 ** 31 - 1]);
    expect(elements(apply("full", [], { shape: [1], dtype: "bool", value: 256 }))).toEqual([1]);
    expect(elements(apply("full", [], { shape: [3, 0], dtype: "float32", value: 1 }))).toEqual([]);
  });
});

describe("iota", () => {
  it("counts from 0", () => {
    for (const dtype of ["float32", "float64", "int32"] as const) {
      const got = apply("iota", [], { length: 3, dtype });
      expect(got.dtype).toBe(dtype);
      expect(elements(got)).toEqual([0, 1, 2]);
    }
    expect(elements(apply("iota", [], { length: 0, dtype: "int32" }))).toEqual([]);
  });
});

/** Words of the blocks from a 64-bit counter on. */
function words(key: readonly [number, number], counter: bigint, count: number): number[] {
  const out = new Int32Array(count);
  for (let at = 0; at < count; at += 4) {
    const position = BigInt.asUintN(64, counter + BigInt(at / 4));
    philox4x32([Number(position & 0xffff_ffffn) | 0, Number(position >> 32n) | 0, 0, 0], key, out, at);
  }
  return Array.from(out);
}

describe("randomBits", () => {
  it("lists the words of consecutive blocks, also if the last block is incomplete", () => {
    const state = vector("int32", [7, -9, 40, 2]);
    for (const length of [0, 1, 4, 11]) {
      expect(elements(apply("randomBits", [state], { shape: [length], bits: 32 }))).toEqual(words([7, -9], (2n << 32n) + 40n, length));
    }
  });

  it("carries the counter into its upper word, and around", () => {
    const near = vector("int32", [1, 2, -2, 5]);
    expect(elements(apply("randomBits", [near], { shape: [4, 4], bits: 32 }))).toEqual(words([1, 2], (5n << 32n) + 0xffff_fffen, 16));
    const last = vector("int32", [1, 2, -1, -1]);
    expect(elements(apply("randomBits", [last], { shape: [8], bits: 32 }))).toEqual(words([1, 2], -1n, 8));
  });

  it("gives the upper bits of each word", () => {
    const state = vector("int32", [3, 4, 5, 6]);
    const whole = elements(apply("randomBits", [state], { shape: [9], bits: 32 }));
    for (const bits of [1, 24, 31]) {
      expect(elements(apply("randomBits", [state], { shape: [9], bits }))).toEqual(whole.map((word) => word >>> (32 - bits)));
    }
  });
});

describe("hostCallback", () => {
  it("runs its callback each time", () => {
    let calls = 0;
    const callback = (): number => ++calls / 2;
    const attributes = { shape: [], dtype: "float32" as const, callback };
    expect([1, 2].map(() => elements(apply("hostCallback", [], attributes)))).toEqual([[0.5], [1]]);
    expect(elements(apply("hostCallback", [], { shape: [2], dtype: "int32", callback: () => [1.9, NaN] }))).toEqual([1, 0]);
  });

  it("refuses a list of the wrong length", () => {
    expect(() => apply("hostCallback", [], { shape: [2, 2], dtype: "float32", callback: () => [1, 2, 3] })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: hostCallback: the callback returned 3 numbers, expected 4 for shape [2, 2]]`);
  });
});
