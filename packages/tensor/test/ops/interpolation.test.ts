import { describe, expect, it } from "vitest";
import { arange, interpolate, reshape, tensor, zeros, type InterpolationMode } from "../../src/index.js";
import { messagesOf } from "../message.js";

describe("a scale that leaves the size", () => {
  const image = tensor([[[[1, 2], [3, 4]]]]);
  const modes: readonly (readonly [InterpolationMode, number])[] = [
    ["nearest", 1], ["nearestExact", 1], ["area", 1], ["linear", 1], ["nearest", 2], ["nearestExact", 2], ["area", 2], ["bilinear", 2], ["bicubic", 2],
    ["nearest", 3], ["nearestExact", 3], ["area", 3], ["trilinear", 3],
  ];

  it.each(modes)("gives the input itself: %s in %d dimensions", (mode, axes) => {
    const x = reshape(arange(10 ** axes).mul(0.1), [1, 1, ...new Array<number>(axes).fill(10)]);
    for (const scale of [1.00001, 1.05, 1.0999]) expect(interpolate(x, { scale, mode }).toArray()).toEqual(x.toArray());
  });

  it("gives the input itself for two rows and columns", () => {
    for (const mode of ["nearest", "nearestExact", "bilinear", "bicubic", "area"] as const) {
      expect(interpolate(image, { scale: 1.00001, mode }).toArray()).toEqual([[[[1, 2], [3, 4]]]]);
      expect(interpolate(image, { scale: 1.4, mode }).toArray()).toEqual([[[[1, 2], [3, 4]]]]);
    }
  });

  it("leaves only the axes whose size does not change", () => {
    expect(interpolate(image, { scale: [1.4, 2], mode: "nearest" }).toArray()).toEqual([[[[1, 1, 2, 2], [3, 3, 4, 4]]]]);
    expect(interpolate(image, { scale: [2, 1.4], mode: "bilinear" }).toArray()).toEqual([[[[1, 2], [1.5, 2.5], [2.5, 3.5], [3, 4]]]]);
  });
});

it("takes distances from the scale if the size changes, as PyTorch does", () => {
  // Linear from 4 to 6 by 1.7: the new positions lie at (i + 0.5) / 1.7 − 0.5.
  const x = tensor([[[0, 1, 2, 3]]], { dtype: "float64" });
  const expected = Array.from({ length: 6 }, (_, at) => Math.min(3, Math.max(0, (at + 0.5) / 1.7 - 0.5)));
  const found = interpolate(x, { scale: 1.7, mode: "linear" }).toArray() as number[][][];
  found[0]?.[0]?.forEach((value, at) => expect(value).toBeCloseTo(expected[at] ?? NaN, 12));
  // Nearest: ⌊i / 1.7⌋, and exactly twice where the size doubles.
  expect(interpolate(x, { scale: 1.7 }).toArray()).toEqual([[[0, 0, 1, 1, 2, 2]]]);
  expect(interpolate(x, { scale: 2.2 }).toArray()).toEqual([[[0, 0, 1, 1, 2, 2, 3, 3]]]);
});

describe("antialias weighs all elements that a new one covers, as PyTorch 1.13 does", () => {
  const x = tensor([[[[0, 1, 4, 9, 16, 25, 36]]]], { dtype: "float64" });

  // torch.nn.functional.interpolate(x, size=(1, size), mode=mode, antialias=True) in float64.
  it.each([
    ["bilinear", [3.906976744186, 20.93023255814]],
    ["bilinear", [1.285714285714, 9.941176470588, 27]],
    ["bilinear", [0.333333333333, 2.666666666667, 9.363636363636, 20, 32.333333333333]],
    ["bilinear", [0, 0.55, 1.75, 3.85, 7.25, 11.45, 16.45, 22.75, 29.95, 36]],
    ["bicubic", [2.796632772129, 21.907817969662]],
    ["bicubic", [0.677419354839, 9.363858363858, 28.064516129032]],
    ["bicubic", [0.127982646421, 2.496894409938, 8.987525987526, 19.714285714286, 33.290672451193]],
    ["bicubic", [-0.060570071259, 0.339293114676, 1.5625, 3.8025, 7.0225, 11.2225, 16.4025, 22.5625, 30.720442839382, 36.666270783848]],
  ] as const)("%s: %j", (mode, expected) => {
    const found = interpolate(x, { size: [1, expected.length], mode, antialias: true }).toTypedArray();
    expected.forEach((value, at) => expect(found[at]).toBeCloseTo(value, 10));
  });

  it("on both axes", () => {
    const image = reshape(arange(20, { dtype: "float64" }), [1, 1, 5, 4]).pow(1.5);
    const expected = [11.161044578663962, 14.819630635802078, 19.057532544322836, 44.44935746213153, 50.85254062138526, 57.55065306117437];
    const found = interpolate(image, { size: [2, 3], mode: "bilinear", antialias: true }).toTypedArray();
    expected.forEach((value, at) => expect(found[at]).toBeCloseTo(value, 10));
  });
});

it("errors", () => {
  const x = zeros([1, 1, 4]);
  const call = (...args: readonly unknown[]) => () => Reflect.apply(interpolate, undefined, args);
  expect(messagesOf({
    "no options": call(x),
    "null": call(x, null),
    "number": call(x, 2),
    "name": call(x, { scaleFactor: 2 }),
    "mode": call(x, { scale: 2, mode: "nearest-exact" }),
    "scale text": call(x, { scale: "2" }),
    "scale list": call(x, { scale: [2, 2] }),
    "scale negative": call(x, { scale: [-2] }),
    "size fraction": call(x, { size: 2.5 }),
    "both": call(x, { size: 2, scale: 2 }),
    "antialias": call(x, { size: 2, antialias: true }),
    "antialias of corners": call(x, { size: 2, mode: "linear", alignCorners: true, antialias: true }),
  })).toMatchInlineSnapshot(`
    {
      "antialias": "ArgumentError: interpolate: antialias has no meaning for mode "nearest"; leave it out",
      "antialias of corners": "ArgumentError: interpolate: antialias has no meaning with alignCorners; leave it out",
      "both": "ArgumentError: interpolate: size and scale are both given, expected one",
      "mode": "ArgumentError: interpolate: mode is the string "nearest-exact", expected "nearest", "nearestExact", "linear", "bilinear", "trilinear", "bicubic" or "area"; did you mean "nearestExact"?",
      "name": "ArgumentError: interpolate: there is no option "scaleFactor"; did you mean "scale"?",
      "no options": "ArgumentError: interpolate: neither size nor scale is given, expected one",
      "null": "ArgumentError: interpolate: the options are null, expected an object such as { size: …, scale: …, mode: … }",
      "number": "ArgumentError: interpolate: the options are 2, expected an object such as { size: …, scale: …, mode: … }",
      "scale list": "ArgumentError: interpolate: scale is [2, 2], expected a positive number or 1 of them, one for each spatial axis",
      "scale negative": "ArgumentError: interpolate: scale[0] is -2, expected a positive number",
      "scale text": "ArgumentError: interpolate: scale is the string "2", expected a positive number",
      "size fraction": "ArgumentError: interpolate: size is 2.5, expected whole numbers, at least 1",
    }
  `);
});
