import { expect, it } from "vitest";
import { float16ToNumber, numberToFloat16 } from "../src/index.js";

it.each([
  [0x0000, 0], [0x8000, -0], [0x3c00, 1], [0xc000, -2], [0x7bff, 65504], [0x0400, 2 ** -14], [0x0001, 2 ** -24], [0x03ff, 1023 * 2 ** -24],
  [0x7c00, Infinity], [0xfc00, -Infinity], [0x3555, 0.333251953125],
])("0x%s is %s, both ways", (bits, value) => {
  expect(float16ToNumber(bits)).toBe(value);
  expect(numberToFloat16(value)).toBe(bits);
});

it("converts all 65,536 patterns both ways", () => {
  const all = Array.from({ length: 65536 }, (_, bits) => bits);
  expect(all.filter((bits) => !Number.isNaN(float16ToNumber(bits)) && numberToFloat16(float16ToNumber(bits)) !== bits)).toEqual([]);
  expect(numberToFloat16(NaN)).toBe(0x7e00);
  expect(float16ToNumber(0x7e01)).toBeNaN();
});

it("rounds to the nearest, ties to even, carries, overflows and underflows", () => {
  // 1 + 2^-11 lies between 1 (0x3c00) and 1 + 2^-10 (0x3c01); 1 + 3·2^-11 between 0x3c01 and 0x3c02.
  expect([1 + 2 ** -11, 1 + 3 * 2 ** -11, 1 + 2 ** -11 + 2 ** -40].map(numberToFloat16)).toEqual([0x3c00, 0x3c02, 0x3c01]);
  expect([2047.9, 65519.99, 65520, 1e300].map(numberToFloat16)).toEqual([0x6800, 0x7bff, 0x7c00, 0x7c00]);
  expect([2 ** -25, 2 ** -25 * 1.0001, 3 * 2 ** -25, 1e-300, -1e-300].map(numberToFloat16)).toEqual([0, 1, 2, 0, 0x8000]);
});
