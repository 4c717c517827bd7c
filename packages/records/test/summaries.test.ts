import { tensor, zeros } from "@nn/tensor";
import { histogramOf, imageOf } from "@nn/records";
import { decode } from "fast-png";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

const sum = (values: readonly number[]): number => values.reduce((total, each) => total + each, 0);

describe("histogramOf", () => {
  it("counts every finite value once, between the least and the largest", () => {
    fc.assert(fc.property(fc.array(fc.double(), { maxLength: 50 }), fc.integer({ min: 1, max: 40 }), (values, bins) => {
      const { edges, counts, nonFinite, zeros } = histogramOf(values, { bins });
      const finite = values.filter(Number.isFinite);
      expect(sum(counts)).toBe(finite.length);
      expect(nonFinite).toBe(values.length - finite.length);
      expect(zeros).toBe(finite.filter((each) => each === 0).length);
      expect(edges).toEqual(edges.toSorted((a, b) => a - b));
      expect([edges[0] ?? Infinity, edges.at(-1) ?? -Infinity]).toEqual([Math.min(...finite) + 0, Math.max(...finite) + 0]);
    }));
  });

  it("has no limit of −0", () => {
    expect(histogramOf([-0, 5], { bins: 1 }).edges).toEqual([0, 5]);
    expect(histogramOf([-5, -0], { bins: 1 }).edges).toEqual([-5, 0]);
  });

  it("puts each value into the bin whose limits enclose it", () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 2, maxLength: 30 }), (values) => {
      const { edges, counts } = histogramOf(values, { bins: 8 });
      if (counts.length === 1) return;
      const expected = counts.map((_, at) => values.filter((each) => each >= (edges[at] ?? 0) && (at === 7 ? each <= (edges[8] ?? 0) : each < (edges[at + 1] ?? 0))).length);
      // A value on a limit may round to either side of it.
      for (let at = 0, difference = 0; at < 8; at++) {
        difference += (counts[at] ?? 0) - (expected[at] ?? 0);
        expect(Math.abs(difference)).toBeLessThanOrEqual(values.filter((each) => Math.abs(each - (edges[at + 1] ?? 0)) < 1e-9).length);
      }
    }));
  });

  it("has the mean and the deviation", () => {
    const { mean, deviation } = histogramOf([2, 4, 4, 4, 5, 5, 7, 9]);
    expect([mean, deviation]).toEqual([5, 2]);
  });

  it("computes both for the largest numbers", () => {
    const { mean, deviation, counts, edges } = histogramOf([-1.7e308, 1.7e308], { bins: 4 });
    expect([mean, deviation]).toEqual([0, 1.7e308]);
    expect(counts).toEqual([1, 0, 0, 1]);
    expect(edges.map((each) => each / 1e308)).toEqual([-1.7, expect.closeTo(-0.85, 12), 0, expect.closeTo(0.85, 12), 1.7]);
  });

  it("counts units that are 0 for every example", () => {
    const activations = tensor([[0, 1, 0], [0, 0, 2], [0, 3, 0]]);
    expect(histogramOf(activations, { unitAxis: 1 }).units).toEqual({ count: 3, inactive: 1 });
    expect(histogramOf(zeros([2, 4, 3, 3]), { unitAxis: 1 }).units).toEqual({ count: 4, inactive: 4 });
    expect(histogramOf(tensor([[[0, 0], [1, 0]], [[0, 0], [0, 0]]]), { unitAxis: -2 }).units).toEqual({ count: 2, inactive: 1 });
  });

  it("has no bins without values", () => {
    expect(histogramOf([])).toEqual({ edges: [], counts: [], mean: 0, deviation: 0, zeros: 0, nonFinite: 0 });
    expect(histogramOf([NaN, Infinity])).toMatchObject({ edges: [], nonFinite: 2 });
  });

  it("refuses a unit axis for plain numbers, and a missing one", () => {
    expect(() => histogramOf([1], { unitAxis: 0 })).toThrow("histogramOf: unitAxis is given for plain numbers, expected a Tensor");
    expect(() => histogramOf(tensor([1]), { unitAxis: 1 })).toThrow(/^histogramOf: /);
    expect(() => histogramOf([1], { bins: 0 })).toThrow("histogramOf: bins is 0, expected a positive whole number");
  });
});

const pixelsOf = (png: string) => {
  const { data, width, height, channels } = decode(Uint8Array.from(atob(png), (each) => each.charCodeAt(0)));
  return { data: [...data], width, height, channels };
};

describe("imageOf", () => {
  it("writes grey values row by row", () => {
    const { png, width, height } = imageOf(tensor([[0, 1, 0.5], [2, -1, 0.2]]));
    expect([width, height]).toEqual([3, 2]);
    expect(pixelsOf(png)).toEqual({ data: [0, 255, 128, 255, 0, 51], width: 3, height: 2, channels: 1 });
  });

  it("puts the channels of a pixel together", () => {
    const { png } = imageOf(tensor([[[0, 1]], [[2, 3]], [[4, 5]]]), { white: 255 });
    expect(pixelsOf(png)).toEqual({ data: [0, 2, 4, 1, 3, 5], width: 2, height: 1, channels: 3 });
  });

  it("swaps black and white on request", () => {
    expect(pixelsOf(imageOf(tensor([[0, 1]]), { black: 1, white: 0 }).png).data).toEqual([255, 0]);
  });

  it("refuses other shapes, NaN, and equal limits", () => {
    expect(() => imageOf(zeros([2, 3, 3]))).toThrow("imageOf: the shape is [2, 3, 3], expected [height, width] or [channels, height, width]");
    expect(() => imageOf(zeros([0, 3]))).toThrow("none of them empty");
    expect(() => imageOf(tensor([[NaN]]))).toThrow("imageOf: a pixel is NaN");
    expect(() => imageOf(zeros([1, 1]), { black: 1 })).toThrow("imageOf: black and white are both 1");
  });
});
