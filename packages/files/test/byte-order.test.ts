import { expect, it } from "vitest";
import { fillFromLittleEndian, reversed, toLittleEndian } from "../src/byte-order.js";

it("the bytes of a part of an array are little-endian, and fill another array", () => {
  const part = Float32Array.of(9, 1, -2.5, 9).subarray(1, 3);
  const bytes = toLittleEndian(part);
  expect([...bytes]).toEqual([0, 0, 128, 63, 0, 0, 32, 192]);
  const whole = new Float32Array(4);
  fillFromLittleEndian(whole.subarray(2), bytes);
  expect([...whole]).toEqual([0, 0, 1, -2.5]);
});

it("bytes are reversed on big-endian machines", () => {
  expect([...reversed(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), 4)]).toEqual([4, 3, 2, 1, 8, 7, 6, 5]);
  expect([...reversed(Uint8Array.of(1, 2), 1)]).toEqual([1, 2]);
});
