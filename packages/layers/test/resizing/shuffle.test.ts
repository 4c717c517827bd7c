import { arange, zeros } from "@nn/tensor";
import { expect, test } from "vitest";
import { ChannelShuffle, PixelShuffle, PixelUnshuffle, Unflatten, Flatten } from "../../src/index.js";

test("unshuffling reverses shuffling", () => {
  const x = arange(48).reshape([1, 12, 2, 2]);
  expect(new PixelUnshuffle(2).forward(new PixelShuffle(2).forward(x)).toArray()).toEqual(x.toArray());
  expect(new ChannelShuffle(3).forward(new ChannelShuffle(4).forward(x)).toArray()).toEqual(x.toArray());
  const flat = new Flatten().forward(x);
  expect(new Unflatten(1, [12, -1, 2]).forward(flat).toArray()).toEqual(x.toArray());
});

test("errors", () => {
  const images = zeros([1, 6, 3, 3]);
  expect(() => new PixelShuffle(2).forward(images)).toThrowErrorMatchingInlineSnapshot(`[ShapeError: pixelShuffle: the 6 channels of input [1, 6, 3, 3] do not split into 2 x 2]`);
  expect(() => new PixelShuffle(0)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: PixelShuffle: factor is 0, expected a positive whole number]`);
  expect(() => new PixelUnshuffle(2).forward(images)).toThrowErrorMatchingInlineSnapshot(`[ShapeError: pixelUnshuffle: height 3 and width 3 of input [1, 6, 3, 3] do not both split into 2]`);
  expect(() => new ChannelShuffle(4).forward(images)).toThrowErrorMatchingInlineSnapshot(`[ShapeError: channelShuffle: input is [1, 6, 3, 3], expected [N, C, ...] with channels that split into 4 groups]`);
});
