import { concat, Generator, ones, stack, tensor, uniform, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { randomResizedCrop, resize, type ResizeOptions } from "../../src/index.js";
import { resizedWindows } from "../../src/augment/resized-windows.js";

const images = uniform([3, 2, 9, 12], { generator: new Generator(1), dtype: "float64" });

const differenceOf = (a: Tensor, b: Tensor): number => {
  expect(a.shape).toEqual(b.shape);
  return a.sub(b).abs().max().item();
};

const lengths = (...values: readonly number[]): Tensor => tensor(values, { dtype: "float64" });

describe.each<Required<ResizeOptions>>([
  { mode: "bilinear", antialias: true }, { mode: "bilinear", antialias: false }, { mode: "bicubic", antialias: true }, { mode: "bicubic", antialias: false }, { mode: "nearest", antialias: false },
])("the parts of a batch, $mode with antialias $antialias,", (options) => {
  const rows = [[0, 9], [2, 5], [7, 1]] as const;
  const columns = [[3, 8], [0, 4], [11, 1]] as const;

  test.each([[4, 3], [9, 12], [20, 17], [1, 1]])("become what resize makes of each of them, %i x %i", (height, width) => {
    const span = (parts: readonly (readonly [number, number])[]) => ({ start: lengths(...parts.map(([start]) => start)), length: lengths(...parts.map(([, length]) => length)) });
    const found = resizedWindows(images, [span(rows), span(columns)], [height, width], options);
    const each = rows.map(([top, tall], at) => {
      const [left, wide] = columns[at] ?? [0, 0];
      return resize(images.slice([at, "...", { start: top, stop: top + tall }, { start: left, stop: left + wide }]), [height, width], options);
    });
    expect(differenceOf(found, stack(each))).toBeLessThan(1e-12);
  });
});

/** The part that was cut out of each image: its channels are the numbers of rows and columns, so that the first and the last new pixel tell where it lies. */
function partsOf(count: number, height: number, width: number, options: { readonly scale?: readonly [number, number]; readonly ratio?: readonly [number, number] }): { readonly top: number; readonly left: number; readonly rows: number; readonly columns: number }[] {
  const places = (length: number, axis: 1 | 2): Tensor => tensor(Array.from({ length }, (_, at) => at), { dtype: "float64" }).reshape(axis === 1 ? [1, length, 1] : [1, 1, length]).expand([1, height, width]);
  const image = concat([places(height, 1), places(width, 2)], 0);
  const batch = image.reshape([1, 2, height, width]).expand([count, 2, height, width]);
  // Much larger than the part, so that its last pixel is among the new ones.
  const found = randomResizedCrop(batch, 2 * height * width, { mode: "nearest", ...options, generator: new Generator(3) });
  const last = 2 * height * width - 1;
  return Array.from({ length: count }, (_, at) => {
    const value = (channel: number, row: number, column: number): number => found.slice([at, channel, row, column]).item();
    const [top, left] = [value(0, 0, 0), value(1, 0, 0)];
    return { top, left, rows: value(0, last, 0) - top + 1, columns: value(1, 0, last) - left + 1 };
  });
}

describe("the part", () => {
  test("has an area and a ratio in the ranges, up to rounding, and lies in the image", () => {
    const parts = partsOf(60, 8, 6, {});
    for (const { top, left, rows, columns } of parts) {
      expect(top).toBeGreaterThanOrEqual(0);
      expect(left + columns).toBeLessThanOrEqual(6);
      expect(top + rows).toBeLessThanOrEqual(8);
      // Both sides are rounded to whole pixels.
      expect((rows + 0.5) * (columns + 0.5)).toBeGreaterThanOrEqual(0.08 * 48);
      expect((columns + 0.5) / (rows - 0.5)).toBeGreaterThanOrEqual(3 / 4);
      expect((columns - 0.5) / (rows + 0.5)).toBeLessThanOrEqual(4 / 3);
    }
    expect(new Set(parts.map((part) => JSON.stringify(part))).size).toBeGreaterThan(20);
  });

  test("of the whole area is the whole image, and the middle of an image whose ratio is out of the range", () => {
    expect(partsOf(2, 3, 3, { scale: [1, 1], ratio: [1, 1] })).toEqual([{ top: 0, left: 0, rows: 3, columns: 3 }, { top: 0, left: 0, rows: 3, columns: 3 }]);
    expect(partsOf(1, 2, 8, { scale: [1, 1], ratio: [1, 2] })).toEqual([{ top: 0, left: 2, rows: 2, columns: 4 }]);
    expect(partsOf(1, 8, 2, { scale: [1, 1], ratio: [0.5, 1] })).toEqual([{ top: 2, left: 0, rows: 4, columns: 2 }]);
    expect(partsOf(1, 4, 4, { scale: [3, 3], ratio: [1, 1] })).toEqual([{ top: 0, left: 0, rows: 4, columns: 4 }]);
  });

  test("is uniform in its area and its place", () => {
    // Parts of 12 x 12 to 24 x 24 of 24 x 24 pixels. Of a ramp, the new pixels in the middle have the side of the part as their slope, and its place as their mean.
    const ramp = tensor(Array.from({ length: 24 }, (_, at) => at), { dtype: "float64" }).reshape([1, 1, 1, 24]).expand([300, 1, 24, 24]);
    const steps = randomResizedCrop(ramp, [1, 24], { scale: [0.25, 1], ratio: [1, 1], antialias: false, generator: new Generator(8) });
    const [low, high] = [steps.slice(["...", 8]), steps.slice(["...", 15])];
    // Fractions of the area are uniform from 0.25 to 1: mean 0.625, standard deviation of the mean of 300 0.0125. Those of places are up to 6 pixels, their mean varies by less than 0.2.
    expect(Math.abs(high.sub(low).div(7).square().mean().item() - 0.625)).toBeLessThan(0.05);
    expect(Math.abs(high.add(low).div(2).mean().item() - 11.5)).toBeLessThan(0.8);
  });
});

test("options that do not fit, and images that are not floats, are refused", () => {
  expect([
    () => randomResizedCrop(ones([1, 4, 4]), 0), () => randomResizedCrop(ones([1, 4, 4]), 2, { scale: [1, 0.5] }), () => randomResizedCrop(ones([1, 4, 4]), 2, { ratio: [0, 1] }),
    () => randomResizedCrop(ones([1, 4, 4]), 2, { mode: "linear" as never }), () => randomResizedCrop(ones([1, 4, 4], { dtype: "int32" }), 2), () => randomResizedCrop(ones([1, 4, 4]), 2, { sise: 1 } as object),
  ].map((call) => {
    try {
      call();
      return "no error";
    } catch (error) {
      return String(error);
    }
  })).toMatchInlineSnapshot(`
    [
      "ArgumentError: randomResizedCrop: size is 0, expected a positive whole number, or a height and a width such as [224, 224]",
      "ArgumentError: randomResizedCrop: scale is [1, 0.5], expected two numbers in ascending order, at least 0",
      "ArgumentError: randomResizedCrop: ratio is [0, 1], expected two numbers in ascending order, at least 0.001",
      "ArgumentError: randomResizedCrop: mode is the string "linear", expected "nearest", "bilinear" or "bicubic"; did you mean "bilinear"?",
      "DTypeError: randomResizedCrop: images have dtype int32, expected float32 or float64 from 0 to 1; cast levels and divide them by 255",
      "ArgumentError: randomResizedCrop: there is no option "sise"; its options are scale, ratio, generator, mode, antialias",
    ]
  `);
});
