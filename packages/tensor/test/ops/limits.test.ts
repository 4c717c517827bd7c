import { describe, expect, test } from "vitest";
import {
  adaptiveAvgPool2d, adaptiveMaxPool2d, arange, binCount, interpolate, linspace, normal, ones, pad, permutation, tensor, zeros, type NestedArray,
} from "../../src/index.js";

describe("what is too large is refused before memory is taken", () => {
  const image = ones([1, 1, 2, 2]);
  const cyclic: NestedArray[] = [];
  cyclic.push(cyclic);
  let deep: NestedArray = [1];
  for (let level = 0; level < 100_000; level++) deep = [deep];
  const ragged = [new Array<number>(1e5).fill(1), ...Array.from({ length: 1e5 - 1 }, () => [1])];

  test.each<[string, () => unknown, string]>([
    ["an array that contains itself", () => tensor(cyclic), "tensor: the arrays are nested more than 64 deep, or contain themselves"],
    ["arrays nested very deep", () => tensor(deep), "tensor: the arrays are nested more than 64 deep, or contain themselves"],
    ["arrays that differ in length", () => tensor(ragged), "tensor: a float32 tensor of shape [100000, 100000] takes 40 GB, which cannot be allocated"],
    ["many axes", () => zeros(new Array<number>(65).fill(1)), "zeros: the shape has 65 axes, expected at most 64"],
    ["more than 4 GiB", () => zeros([2 ** 30 + 1]), "zeros: a float32 tensor of shape [1073741825] takes 4.29 GB, which cannot be allocated"],
    ["a permutation", () => permutation(2 ** 31), "permutation: a int32 tensor of shape [2147483648] takes 8.59 GB, which cannot be allocated"],
    ["random numbers", () => normal([2 ** 31]), "normal: a float32 tensor of shape [2147483648] takes 8.59 GB, which cannot be allocated"],
    ["a range", () => arange(2 ** 31), "arange: a float32 tensor of shape [2147483648] takes 8.59 GB, which cannot be allocated"],
    ["counts", () => binCount(tensor([2 ** 31 - 1], { dtype: "int32" })), "binCount: a int32 tensor of shape [2147483648] takes 8.59 GB, which cannot be allocated"],
    ["empty arrays", () => zeros([2 ** 32, 0]).toArray(), "toArray: [4294967296, 0] has too many nested arrays or elements for JavaScript; use toTypedArray"],
    ["a scale", () => interpolate(image, { scale: 1e308 }), "interpolate: a spatial axis would become Infinity long, expected at most 16777216"],
    ["a size", () => interpolate(image, { size: [2 ** 31, 1] }), "interpolate: a spatial axis would become 2147483648 long, expected at most 16777216"],
    ["average pooling", () => adaptiveAvgPool2d(image, 2 ** 31), "adaptiveAvgPool2d: a spatial axis would become 2147483648 long"],
    ["maximum pooling", () => adaptiveMaxPool2d(image, [1, 2 ** 31]), "adaptiveMaxPool2d: a spatial axis would become 2147483648 long"],
  ])("%s", (_, call, message) => expect(call).toThrow(message));
});

test("lists of anything are named in errors", () => {
  const symbols = [Symbol("a"), [Symbol("b")]] as never;
  expect(() => tensor([1, 2], symbols)).toThrow("tensor: the options are an array of 2; to give the shape, write { shape: […] }");
  expect(() => pad(ones([2]), [symbols])).toThrow("pad: widths[0] is [");
  expect(() => adaptiveAvgPool2d(ones([1, 1, 2, 2]), symbols)).toThrow("adaptiveAvgPool2d: size is [");
  expect(() => interpolate(ones([1, 1, 2, 2]), { size: symbols })).toThrow("interpolate: size is [");
});

describe("ranges whose ends are further apart than the largest number", () => {
  const most = Number.MAX_VALUE;

  test("linspace", () => {
    expect(linspace(-1.7e308, 1.7e308, 5, { dtype: "float64" }).toArray()).toEqual([-1.7e308, -8.5e307, 0, 8.5e307, 1.7e308]);
    expect(linspace(-most, most, 2, { dtype: "float64" }).toArray()).toEqual([-most, most]);
    expect(linspace(most, -most, 3, { dtype: "float64" }).toArray()).toEqual([most, 0, -most]);
    expect(linspace(-most, most, 1, { dtype: "float64" }).toArray()).toEqual([-most]);
  });

  test("arange", () => {
    expect(arange(-1.5e308, 1.5e308, 1e308, { dtype: "float64" }).toArray()).toEqual([-1.5e308, -5e307, 5e307].map((value) => expect.closeTo(value, -295) as number));
    expect(() => arange(-1.5e308, 1.5e308, -1e308)).toThrow("cannot go from");
  });
});
