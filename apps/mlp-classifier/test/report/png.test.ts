import { decode } from "fast-png";
import { expect, test } from "vitest";
import { pngAddress } from "../../src/report/png.js";

test.each([
  ["grey", 1, [0, 50, 100, 150, 200, 255]],
  ["in colours", 3, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18]],
] as const)("a picture %s becomes a PNG file in an address", (_, channels, samples) => {
  const [head, content] = pngAddress({ width: 3, height: 2, channels, data: Uint8Array.from(samples) }).split(",");
  expect(head).toBe("data:image/png;base64");
  const { width, height, channels: found, data } = decode(Buffer.from(content ?? "", "base64"), { checkCrc: true });
  expect([width, height, found, [...data]]).toEqual([3, 2, channels, [...samples]]);
});
