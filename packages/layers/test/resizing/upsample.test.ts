import { checkGradients } from "@nn/autograd";
import { arange, Generator, normal, ones, tensor, zeros } from "@nn/tensor";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Upsample } from "../../src/index.js";

describe("upsampling", () => {
  test.each(["bilinear", "bicubic"] as const)("%s keeps constants", (mode) => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 9 }), fc.boolean(), (from, to, alignCorners) => {
      const y = new Upsample({ size: to, mode, alignCorners }).forward(ones([1, 1, from, from]));
      expect(y.shape).toEqual([1, 1, to, to]);
      for (const value of y.toTypedArray()) expect(value).toBeCloseTo(1, 5);
    }), { numRuns: 30 });
  });

  test("to the same size changes nothing", () => {
    const x = normal([1, 2, 3, 4], { generator: new Generator(1) });
    for (const mode of ["nearest", "nearestExact", "bilinear", "bicubic"] as const) expect(new Upsample({ scale: 1, mode }).forward(x)).toBe(x);
  });

  test("aligned corners keep a ramp linear", () => {
    const y = new Upsample({ size: 9, mode: "linear", alignCorners: true }).forward(tensor([[[0, 4, 8]]]));
    expect(y.toArray()).toEqual([[[0, 1, 2, 3, 4, 5, 6, 7, 8]]]);
  });

  test("the nearest neighbour is exact where rounding could shift it", () => {
    // In float32 3 · (1 / 1.5) or 41 · (49 / 41) may fall just below a whole number.
    fc.assert(fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 60 }), (from, to) => {
      const y = new Upsample({ size: to }).forward(arange(from).reshape([1, 1, from])).toTypedArray();
      y.forEach((value, at) => expect(value).toBe(Math.floor((at * from) / to)));
    }), { numRuns: 50 });
  });

  test("gradients agree with central differences", () => {
    const x = normal([1, 1, 3, 4], { dtype: "float64", generator: new Generator(2) });
    for (const mode of ["nearest", "bilinear", "bicubic", "area"] as const) {
      expect(() => checkGradients((input) => new Upsample({ size: [5, 3], mode }).forward(input), [x])).not.toThrow();
    }
  });
});

test("a recomputed scale is the ratio of the sizes", () => {
  const x = tensor([[[0, 1, 2]]], { dtype: "float64" });
  const values = (recomputeScale: boolean, alignCorners = false): unknown =>
    new Upsample({ scale: 1.4, mode: "linear", recomputeScale, alignCorners }).forward(x).toArray();
  // 4 elements: the positions are (i + 1/2) · s − 1/2 with s = 1 / 1.4, or 3 / 4.
  expect(values(false)).toEqual([[[0, expect.closeTo(1.5 / 1.4 - 0.5, 12), expect.closeTo(2.5 / 1.4 - 0.5, 12), expect.closeTo(3.5 / 1.4 - 0.5, 12)]]]);
  expect(values(true)).toEqual([[[0, expect.closeTo(0.625, 12), expect.closeTo(1.375, 12), 2]]]);
  expect(values(true, true)).toEqual(values(false, true));
  expect(new Upsample({ scale: [1.5, 1], mode: "bilinear", recomputeScale: true }).forward(zeros([1, 1, 3, 3])).shape).toEqual([1, 1, 4, 3]);
  expect(() => new Upsample({ scale: [1.5], mode: "bilinear", recomputeScale: true }).forward(zeros([1, 1, 3, 3]))).toThrow(/Upsample: input is \[1, 1, 3, 3\], but scale has 1 entries/);
});

test("errors", () => {
  const images = zeros([1, 6, 3, 3]);
  expect(() => new Upsample({})).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: Upsample: neither size nor scale is given, expected one]`);
  expect(() => new Upsample({ size: 2, scale: 2 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: Upsample: size and scale are both given, expected one]`);
  expect(() => new Upsample({ size: 2, mode: "linear" }).forward(images)).toThrowErrorMatchingInlineSnapshot(`[ShapeError: interpolate: input is [1, 6, 3, 3], but mode "linear" expects [N, C, L]]`);
  expect(() => new Upsample({ size: 2, alignCorners: true }).forward(images)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: interpolate: alignCorners has no meaning for mode "nearest"; leave it out]`);
  expect(() => new Upsample({ scale: 0.1 }).forward(images)).toThrowErrorMatchingInlineSnapshot(`[ShapeError: interpolate: spatial axis 0 of input [1, 6, 3, 3] cannot become 0 long; both need elements]`);
  expect(() => new Upsample({ scale: [1, 2, 3] }).forward(images)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: interpolate: scale is [1, 2, 3], expected a positive number or 2 of them, one for each spatial axis]`);
  expect(() => new Upsample({ size: 2 }).forward(zeros([6, 3]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: interpolate: input is [6, 3], but mode "nearest" expects [N, C, L], [N, C, H, W], [N, C, D, H, W]]`);
  expect(() => new Upsample({ size: 2 }).forward(zeros([1, 1, 3], { dtype: "int32" }))).toThrowErrorMatchingInlineSnapshot(`[DTypeError: interpolate: input has dtype int32, expected float32 or float64]`);
});
