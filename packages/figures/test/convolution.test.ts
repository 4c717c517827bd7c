import { describe, expect, test } from "vitest";
import { firstKernels, Reader } from "../src/tasks/digit-network.js";
import { digitReader, exampleOf } from "../src/tasks/digit-reader.js";
import { imageSide, penPoint, pixelsOf, strokesOf, textOf } from "../src/tasks/drawing.js";
import { featuresOf, kernels, mapSide, pooledSide } from "../src/tasks/kernels.js";

const at = (values: readonly number[], side: number, row: number, column: number): number => values[row * side + column] ?? NaN;
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe("a drawing", () => {
  const strokes = [[penPoint(0.2, 0.5), penPoint(0.8, 0.5)], [penPoint(0, 1)]];

  test("is kept in an address", () => {
    expect(strokesOf(textOf(strokes))).toEqual(strokes);
    expect(textOf(strokes)).toMatch(/^[\w-]+\.[\w-]+$/);
    expect(["", "a", "aa..bb", "a€", "<b>x"].map(strokesOf)).toEqual([[], [], [], [], []]);
  });

  test("has ink along its strokes, and none elsewhere", () => {
    const pixels = pixelsOf(strokes);
    expect(pixels).toHaveLength(imageSide ** 2);
    expect([at(pixels, imageSide, 14, 14), at(pixels, imageSide, 14, 6), at(pixels, imageSide, 4, 14), at(pixels, imageSide, 14, 1)]).toEqual([1, 1, 0, 0]);
    expect(at(pixels, imageSide, 27, 0)).toBe(1);
    expect(sum(pixelsOf([]))).toBe(0);
  });
});

describe("a kernel", () => {
  const pixels = exampleOf(3, 0);

  test.each(Object.entries(kernels))("%s: a feature map is the weighted sum of each 3×3 pixels, and its pooling the largest of each four", (_, kernel) => {
    const { map, pooled } = featuresOf(pixels, kernel);
    const weighted = (row: number, column: number): number => sum(kernel.map((weight, cell) => weight * at(pixels, imageSide, row + Math.floor(cell / 3), column + (cell % 3))));
    expect([map.length, pooled.length]).toEqual([mapSide ** 2, pooledSide ** 2]);
    for (const [row, column] of [[0, 0], [10, 12], [13, 13], [25, 20]] as const) {
      expect(at(map, mapSide, row, column)).toBeCloseTo(weighted(row, column), 4);
      const [top, left] = [2 * Math.floor(row / 2), 2 * Math.floor(column / 2)];
      expect(at(pooled, pooledSide, top / 2, left / 2)).toBeCloseTo(Math.max(0, weighted(top, left), weighted(top, left + 1), weighted(top + 1, left), weighted(top + 1, left + 1)), 4);
    }
  });

  test("the kernel of vertical edges is blind to horizontal lines", () => {
    const line = pixelsOf([[penPoint(0, 0.5), penPoint(1, 0.5)]]);
    expect(Math.max(...featuresOf(line, kernels.vertical).map.map(Math.abs))).toBeCloseTo(0, 6);
    expect(Math.max(...featuresOf(line, kernels.horizontal).map)).toBeGreaterThan(3);
  });
});

describe("a reader of digits", () => {
  test("shows the feature maps of its first layer", () => {
    const pixels = exampleOf(8, 1);
    const { parameters } = digitReader({ learningRate: 2e-3 }).view();
    const { maps, kernels: learned } = new Reader().read(pixels, parameters);
    expect([maps.length, learned.length, parameters[1]?.length]).toEqual([firstKernels, firstKernels, firstKernels]);
    maps.forEach((map, index) => {
      const bias = parameters[1]?.[index] ?? NaN;
      const expected = featuresOf(pixels, learned[index] ?? []).map.map((value) => Math.max(0, value + bias));
      for (const place of [0, 200, 340, 400, 675]) expect(map[place]).toBeCloseTo(expected[place] ?? NaN, 4);
    });
  });

  test("examples are the digits that they are called", () => {
    expect(exampleOf(0, 0)).toHaveLength(imageSide ** 2);
    expect(exampleOf(4, 1)).not.toEqual(exampleOf(4, 0));
    expect(exampleOf(4, 1)).toEqual(exampleOf(4, 1));
  });
});
