import { tensor } from "@nn/tensor";
import { decode } from "fast-png";
import { expect, test } from "vitest";
import { pngAddress } from "../../src/report/png.js";

test.each([
  ["grey", 1, [0, 50, 100, 150, 200, 255], [0, 50, 100, 150, 200, 255]],
  ["in colours", 3, [1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16, 21, 22, 23, 24, 25, 26], [1, 11, 21, 2, 12, 22, 3, 13, 23, 4, 14, 24, 5, 15, 25, 6, 16, 26]],
] as const)("a picture %s becomes a PNG file in an address", async (_, channels, levels, pixels) => {
  const [head, content] = (await pngAddress(tensor(levels.map((level) => level / 255)).reshape([channels, 2, 3]))).split(",");
  expect(head).toBe("data:image/png;base64");
  const { width, height, channels: found, data } = decode(Buffer.from(content ?? "", "base64"), { checkCrc: true });
  expect([width, height, found, [...data]]).toEqual([3, 2, channels, [...pixels]]);
});
