import { readFileSync } from "node:fs";
import { stack, tensor, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import {
  adjustBrightness, adjustContrast, adjustHue, adjustSaturation, affine, gaussianBlur, grayscale, imagenetStatistics, normalizeChannels, perspective, resize, rotate,
} from "../../src/index.js";

interface Recorded {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

// Written by record.py beside it.
const recorded = JSON.parse(readFileSync(new URL("../fixtures/torchvision.json", import.meta.url), "utf8")) as Readonly<Record<string, Recorded>>;

function recordedAs(name: string): Tensor {
  const found = recorded[name];
  if (found === undefined) throw new Error(`${name} is not recorded`);
  return tensor(found.values, { dtype: "float64" }).reshape(found.shape);
}

const image = recordedAs("image");

const calls: Readonly<Record<string, (image: Tensor) => Tensor>> = {
  "resize bilinear": (x) => resize(x, [4, 5]),
  "resize bicubic": (x) => resize(x, [3, 11], { mode: "bicubic" }),
  "rotate": (x) => rotate(x, 25),
  "rotate nearest": (x) => rotate(x, 75, { mode: "nearest" }),
  "affine": (x) => affine(x, { angle: 15, translateX: 1.5, translateY: -0.75, scale: 1.2, shearX: 10, shearY: -5 }),
  "affine nearest": (x) => affine(x, { angle: -40, translateX: 1, translateY: 2, scale: 0.8, shearY: 20, mode: "nearest" }),
  "perspective": (x) => perspective(x, [[1, 0.5], [7, 1], [8, 5], [0.5, 4]]),
  "perspective nearest": (x) => perspective(x, [[0, 1], [8, 0], [6, 4], [2, 5]], { mode: "nearest" }),
  "brightness": (x) => adjustBrightness(x, 1.4),
  "contrast": (x) => adjustContrast(x, 1.7),
  "saturation": (x) => adjustSaturation(x, 0.3),
  "hue": (x) => adjustHue(x, 0.3),
  "hue back": (x) => adjustHue(x, -0.45),
  "blur": (x) => gaussianBlur(x, 5, 1.3),
  "normalize": (x) => normalizeChannels(x, imagenetStatistics),
};

const expectClose = (found: Tensor, expected: Tensor, tolerance: number): void => {
  expect(found.shape).toEqual(expected.shape);
  const [a, b] = [found.toTypedArray(), expected.toTypedArray()];
  for (let at = 0; at < a.length; at++) expect(Math.abs((a[at] ?? NaN) - (b[at] ?? NaN))).toBeLessThan(tolerance);
};

test("every recorded case has a call", () => {
  expect(Object.keys(recorded).toSorted()).toEqual(["image", ...Object.keys(calls)].toSorted());
});

describe.each(Object.entries(calls))("%s gives what torchvision gives", (name, call) => {
  test("in float64 and in float32, for an image and for a batch", () => {
    expectClose(call(image), recordedAs(name), 1e-9);
    if (!name.includes("nearest")) expectClose(call(image.cast("float32")).cast("float64"), recordedAs(name), 2e-5);
    expectClose(call(stack([image, image.mul(0.5)])).slice([0]), recordedAs(name), 1e-9);
  });
});

describe("a value for each image", () => {
  const pair = stack([image, image.neg().add(1)]);
  const expectEach = (change: (x: Tensor, value: Tensor | number) => Tensor, values: readonly [number, number]): void => {
    const both = change(pair, tensor(values, { dtype: "float64" }));
    values.forEach((value, at) => expectClose(both.slice([at]), change(pair.slice([at]), value), 1e-12));
  };

  test("is that of the same change of each", () => {
    expectEach((x, angle) => rotate(x, angle), [30, -75]);
    expectEach((x, angle) => affine(x, { angle, translateX: angle, shearX: 5 }), [2, -3]);
    expectEach((x, scale) => affine(x, { scale }), [0.5, 1.5]);
    for (const adjust of [adjustBrightness, adjustContrast, adjustSaturation, adjustHue]) expectEach(adjust, [0.4, 1.25]);
    expectEach((x, sigma) => gaussianBlur(x, 3, sigma), [0.5, 2]);
  });

  test("must be as many as the images", () => {
    expect(() => rotate(pair, tensor([1, 2, 3]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: rotate: angle is [3], expected [2], one for each image]`);
    expect(() => adjustBrightness(pair, -1)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: adjustBrightness: factor is -1, expected a number, at least 0, or a tensor with one for each image]`);
    expect(() => affine(pair, { scale: 0 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: affine: scale is 0, expected a positive number, or a tensor with one for each image]`);
    expect(() => perspective(pair, [[0, 0]])).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: perspective: corners are an array of 1, expected four places [x, y], or a tensor]`);
  });
});

test("pixels from beyond an image are the fill, and those at its edge are mixed with it", () => {
  expect(affine(tensor([[[1, 1, 1]]]), { translateX: 1.5, fill: 0.5 }).toArray()).toEqual([[[0.5, 0.75, 1]]]);
  expect(rotate(tensor([[[1, 1, 1]]]), 90, { fill: 0.25, mode: "nearest" }).toArray()).toEqual([[[0.25, 1, 0.25]]]);
});

test("greys have no colour, and colours keep their brightness", () => {
  const grey = grayscale(image);
  expectClose(grayscale(grey), grey, 1e-12);
  expectClose(adjustHue(grey, 0.4), grey, 1e-12);
  expectClose(adjustSaturation(image, 0), grey, 1e-12);
  expectClose(adjustHue(adjustHue(image, 0.2), -0.2), image, 1e-12);
});

test("what does not fit is refused", () => {
  expect(() => grayscale(tensor([[[1]]]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: grayscale: images are [1, 1, 1], expected three channels, [3, H, W] or [N, 3, H, W]]`);
  expect(() => adjustContrast(tensor([[[1]], [[1]]]), 2)).toThrowErrorMatchingInlineSnapshot(`[ShapeError: adjustContrast: images are [2, 1, 1], expected one or three channels, [1, H, W], [3, H, W] or batches of them]`);
  expect(() => gaussianBlur(image, 4, 1)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: gaussianBlur: kernelSize is 4, expected an odd whole number]`);
  expect(() => gaussianBlur(tensor([[[1, 2]]]), 5, 1)).toThrowErrorMatchingInlineSnapshot(`[ShapeError: gaussianBlur: images are [1, 1, 2], too small for a kernelSize of 5; expected at most 1]`);
  expect(() => normalizeChannels(image, { mean: [0.5], std: [1] })).toThrowErrorMatchingInlineSnapshot(`[ShapeError: normalizeChannels: mean has 1 numbers, but images [3, 6, 9] have 3 channels]`);
  expect(() => rotate(image.cast("int32"), 3)).toThrowErrorMatchingInlineSnapshot(`[DTypeError: rotate: images have dtype int32, expected float32 or float64 from 0 to 1; cast levels and divide them by 255]`);
});
