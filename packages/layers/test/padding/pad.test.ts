import { arange, tensor, zeros } from "@nn/tensor";
import { expect, test } from "vitest";
import {
  CircularPad1d, CircularPad2d, CircularPad3d, ConstantPad1d, ConstantPad2d, ConstantPad3d, ReflectionPad1d, ReflectionPad2d, ReflectionPad3d,
  ReplicationPad1d, ReplicationPad2d, ReplicationPad3d, SymmetricPad1d, SymmetricPad2d, SymmetricPad3d, ZeroPad1d, ZeroPad2d, ZeroPad3d,
} from "../../src/index.js";

test("adds these elements to sequences", () => {
  const x = tensor([[[1, 2, 3]]]);
  expect(new ZeroPad1d([[1, 2]]).forward(x).toArray()).toEqual([[[0, 1, 2, 3, 0, 0]]]);
  expect(new ConstantPad1d(1, 9).forward(x).toArray()).toEqual([[[9, 1, 2, 3, 9]]]);
  expect(new ReflectionPad1d(2).forward(x).toArray()).toEqual([[[3, 2, 1, 2, 3, 2, 1]]]);
  expect(new SymmetricPad1d([[2, 3]]).forward(x).toArray()).toEqual([[[2, 1, 1, 2, 3, 3, 2, 1]]]);
  expect(new ReplicationPad1d(2).forward(x).toArray()).toEqual([[[1, 1, 1, 2, 3, 3, 3]]]);
  expect(new CircularPad1d([[2, 1]]).forward(x).toArray()).toEqual([[[2, 3, 1, 2, 3, 1]]]);
  expect(new ZeroPad1d([[-1, 1]]).forward(x).toArray()).toEqual([[[2, 3, 0]]]);
});

test("widths are in the order of the axes", () => {
  const x = arange(4).reshape([1, 2, 2]);
  expect(new ZeroPad2d([[1, 0], 0]).forward(x).toArray()).toEqual([[[0, 0], [0, 1], [2, 3]]]);
  expect(new ReflectionPad2d([0, [1, 0]]).forward(x).toArray()).toEqual([[[1, 0, 1], [3, 2, 3]]]);
});

test.each([
  [new ZeroPad2d([1, 2]), [1, 4, 6]], [new ConstantPad2d([1, 2], 1), [1, 4, 6]], [new ReflectionPad2d(1), [1, 4, 4]],
  [new ReplicationPad2d([1, 2]), [1, 4, 6]], [new SymmetricPad2d([1, 2]), [1, 4, 6]], [new CircularPad2d([1, 2]), [1, 4, 6]],
])("%o takes images", (layer, shape) => {
  expect(layer.forward(zeros([1, 2, 2])).shape).toEqual(shape);
  expect(layer.forward(zeros([5, 1, 2, 2])).shape).toEqual([5, ...shape]);
});

test.each([new ZeroPad3d(1), new ConstantPad3d(1, 2), new ReflectionPad3d(1), new SymmetricPad3d(1), new ReplicationPad3d(1), new CircularPad3d(1)])("%o takes volumes", (layer) => {
  expect(layer.forward(zeros([1, 2, 3, 4])).shape).toEqual([1, 4, 5, 6]);
});

test("errors", () => {
  expect(() => new ZeroPad2d([1, 1, 1])).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: ZeroPad2d: widths have 3 entries, expected a number or 2 of them, one for each spatial axis]`);
  expect(() => new ZeroPad2d(0.5)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: ZeroPad2d: a width is 0.5, expected a whole number]`);
  expect(() => new ReplicationPad1d(-1)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: ReplicationPad1d: a width is -1, expected a whole number, at least 0]`);
  expect(() => new ZeroPad2d(1).forward(zeros([2, 2]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: ZeroPad2d: input is [2, 2], expected [N, C, H, W] or [C, H, W]]`);
  expect(() => new ReflectionPad1d(3).forward(zeros([1, 3]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: pad: widths [3, 3] on axis 1 of [1, 3] exceed what mode "reflect" can take from it: 2]`);
  expect(() => new SymmetricPad1d(4).forward(zeros([1, 3]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: pad: widths [4, 4] on axis 1 of [1, 3] exceed what mode "symmetric" can take from it: 3]`);
});
