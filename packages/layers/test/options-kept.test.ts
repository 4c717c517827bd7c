import { arange, type Tensor } from "@nn/tensor";
import { expect, test } from "vitest";
import { AvgPool2d, Fold, GlobalAvgPool, LpPool2d, MaxPool2d, Unfold, type Module } from "../src/index.js";

const image = arange(32).reshape([1, 2, 4, 4]);

test.each<[string, (sizes: number[], strides: number[]) => Module & { forward(x: Tensor): Tensor }, Tensor]>([
  ["Unfold", (sizes, stride) => new Unfold(sizes as [number, number], { stride: stride as [number, number] }), image],
  ["Fold", (sizes, stride) => new Fold([4, 4], sizes as [number, number], { stride: stride as [number, number] }), arange(32).reshape([1, 8, 4])],
  ["AvgPool2d", (sizes, stride) => new AvgPool2d(sizes, { stride }), image],
  ["MaxPool2d", (sizes, stride) => new MaxPool2d(sizes, { stride }), image],
  ["LpPool2d", (sizes, stride) => new LpPool2d(2, sizes, { stride }), image],
])("%s copies the lists that it is made of", (_, make, x) => {
  const [sizes, strides] = [[2, 2], [2, 2]];
  const layer = make(sizes, strides);
  const before = layer.forward(x).toArray();
  sizes[0] = 1;
  strides.pop();
  expect(layer.forward(x).toArray()).toEqual(before);
});

test("copies the options", () => {
  const options = { keepAxes: false };
  const layer = new GlobalAvgPool(options);
  options.keepAxes = true;
  expect(layer.forward(image).shape).toEqual([1, 2]);
});
