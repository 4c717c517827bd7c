import { tensor, zeros } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { AvgPool1d, AvgPool2d, LpPool1d, LpPool2d, MaxPool1d, MaxPool2d } from "../../src/index.js";

describe("padding and dilation", () => {
  const x = tensor([[[1, 2, 3, 4]]]);

  test("same size, one-sided padding, and dilation", () => {
    expect(new AvgPool1d(3, { stride: 1, padding: "same" }).forward(x).toArray()).toEqual([[[1, 2, 3, expect.closeTo(7 / 3, 6)]]]);
    expect(new AvgPool1d(3, { stride: 1, padding: "same", countIncludePad: false }).forward(x).toArray()).toEqual([[[1.5, 2, 3, 3.5]]]);
    expect(new AvgPool1d(2, { stride: 1, dilation: 2 }).forward(x).toArray()).toEqual([[[2, 3]]]);
    expect(new AvgPool1d(2, { padding: "valid" }).forward(x).toArray()).toEqual([[[1.5, 3.5]]]);
    expect(new MaxPool1d(2, { padding: [[1, 0]] }).forward(x).toArray()).toEqual([[[1, 3]]]);
    expect(new MaxPool1d(3, { padding: "same", stride: 2 }).forward(x).toArray()).toEqual([[[3, 4]]]);
    expect(new MaxPool2d(3, { padding: "same", stride: 2 }).forward(zeros([1, 2, 7, 8])).shape).toEqual([1, 2, 4, 4]);
    expect(new LpPool1d(1, 2, { stride: 1, padding: [[0, 1]], dilation: 1 }).forward(x).toArray()).toEqual([[[3, 5, 7, 4]]]);
  });

  test("the constructor refuses impossible options", () => {
    expect(() => new MaxPool1d(2, { padding: "sane" as "same" })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: MaxPool1d: padding is the string "sane", expected numbers, "same" or "valid"; did you mean "same"?]`);
    expect(() => new AvgPool2d(2, { padding: [1, 1, 1] })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: AvgPool2d: padding has 3 entries, expected a number or 2 entries, one for each spatial axis]`);
    expect(() => new AvgPool2d(2, { padding: [[1, -1], 0] })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: AvgPool2d: padding [1, -1], expected whole numbers, at least 0]`);
    expect(() => new LpPool2d(2, 2, { dilation: 0 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: LpPool2d: dilation is 0, expected whole numbers, at least 1]`);
  });
});
