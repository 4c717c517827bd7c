import { checkGradients, valueAndGrad } from "@nn/autograd";
import { arange, Generator, maxPool1d, permutation, sum, tensor, Variable, zeros, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import {
  AdaptiveAvgPool1d, AdaptiveAvgPool2d, AdaptiveMaxPool1d, AdaptiveMaxPool2d, AvgPool1d, AvgPool2d, GlobalAvgPool, GlobalMaxPool, LpPool1d, LpPool2d, LpPool3d,
  MaxPool1d, MaxPool2d, MaxUnpool1d, MaxUnpool2d, MaxUnpool3d, MaxPool3d,
} from "../../src/index.js";

/** Numbers that are all different, so that no maximum is at a tie. */
const distinct = (shape: readonly number[]): Tensor => {
  const size = shape.reduce((a, b) => a * b, 1);
  return permutation(size, { generator: new Generator(1) }).cast("float64").div(7).reshape(shape);
};

describe("padding and dilation", () => {
  const x = tensor([[[1, 2, 3, 4]]]);

  test("to the same size, on one side, and with gaps", () => {
    expect(new AvgPool1d(3, { stride: 1, padding: "same" }).forward(x).toArray()).toEqual([[[1, 2, 3, expect.closeTo(7 / 3, 6)]]]);
    expect(new AvgPool1d(3, { stride: 1, padding: "same", countIncludePad: false }).forward(x).toArray()).toEqual([[[1.5, 2, 3, 3.5]]]);
    expect(new AvgPool1d(2, { stride: 1, dilation: 2 }).forward(x).toArray()).toEqual([[[2, 3]]]);
    expect(new AvgPool1d(2, { padding: "valid" }).forward(x).toArray()).toEqual([[[1.5, 3.5]]]);
    expect(new MaxPool1d(2, { padding: [[1, 0]] }).forward(x).toArray()).toEqual([[[1, 3]]]);
    expect(new MaxPool1d(3, { padding: "same", stride: 2 }).forward(x).toArray()).toEqual([[[3, 4]]]);
    expect(new MaxPool2d(3, { padding: "same", stride: 2 }).forward(zeros([1, 2, 7, 8])).shape).toEqual([1, 2, 4, 4]);
    expect(new LpPool1d(1, 2, { stride: 1, padding: [[0, 1]], dilation: 1 }).forward(x).toArray()).toEqual([[[3, 5, 7, 4]]]);
  });

  test("what makes no sense is refused when the layer is made", () => {
    expect(() => new MaxPool1d(2, { padding: "sane" as "same" })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: MaxPool1d: padding is the string "sane", expected numbers, "same" or "valid"; did you mean "same"?]`);
    expect(() => new AvgPool2d(2, { padding: [1, 1, 1] })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: AvgPool2d: padding has 3 entries, expected a number or 2 entries, one for each spatial axis]`);
    expect(() => new AvgPool2d(2, { padding: [[1, -1], 0] })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: AvgPool2d: padding [1, -1], expected whole numbers from 0]`);
    expect(() => new LpPool2d(2, 2, { dilation: 0 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: LpPool2d: dilation is 0, expected whole numbers from 1]`);
  });
});

describe("adaptive pooling", () => {
  test("windows overlap where they do not divide the input", () => {
    const x = tensor([[[1, 2, 3, 4, 5]]]);
    expect(new AdaptiveAvgPool1d(2).forward(x).toArray()).toEqual([[[2, 4]]]);
    expect(new AdaptiveMaxPool1d(3).forwardWithIndices(x).indices.toArray()).toEqual([[[1, 3, 4]]]);
  });

  test("may make inputs larger", () => {
    expect(new AdaptiveAvgPool1d(4).forward(tensor([[[1, 3]]])).toArray()).toEqual([[[1, 1, 3, 3]]]);
    expect(new AdaptiveAvgPool1d(3).forward(tensor([[[1, 3]]])).toArray()).toEqual([[[1, 2, 3]]]);
  });

  test("an infinite element stays in its windows", () => {
    expect(new AdaptiveAvgPool1d(2).forward(tensor([[[Infinity, 2, 3, 4, 5]]])).toArray()).toEqual([[[Infinity, 4]]]);
  });

  test("the first of equal elements is chosen, and NaN wins", () => {
    const { values, indices } = new AdaptiveMaxPool1d(2).forwardWithIndices(tensor([[[1, 1, 1, NaN, 5]]]));
    expect(indices.toArray()).toEqual([[[0, 3]]]);
    expect(values.toArray()).toEqual([[[1, NaN]]]);
  });

  test("gradients agree with central differences", () => {
    expect(() => checkGradients((x) => new AdaptiveAvgPool2d([2, 3]).forward(x), [distinct([1, 2, 5, 4])])).not.toThrow();
    expect(() => checkGradients((x) => new AdaptiveMaxPool2d([2, 3]).forward(x), [distinct([1, 2, 5, 4])])).not.toThrow();
  });
});

describe("reversed max pooling", () => {
  test.each([
    ["sequences", new MaxPool1d(2), new MaxUnpool1d(2), [1, 2, 6]],
    ["images", new MaxPool2d(2), new MaxUnpool2d(2), [2, 1, 4, 6]],
    ["volumes", new MaxPool3d(2), new MaxUnpool3d(2), [1, 4, 2, 2]],
  ])("of %s puts largest elements back", (_, pool, unpool, shape) => {
    const x = distinct(shape);
    const { values, indices } = pool.forwardWithIndices(x);
    const back = unpool.forward(values, indices);
    expect(back.shape).toEqual(shape);
    expect(pool.forward(back).toArray()).toEqual(values.toArray());
    expect(back.sum().item()).toBeCloseTo(values.sum().item(), 10);
  });

  test("an element that several windows chose is put back once", () => {
    const x = tensor([[[1, 5, 2]]]);
    const { values, indices } = maxPool1d(x, 2, { stride: 1, returnIndices: true });
    expect(values.toArray()).toEqual([[[5, 5]]]);
    expect(new MaxUnpool1d(2, { stride: 1 }).forward(values, indices).toArray()).toEqual([[[0, 5, 0]]]);
  });

  test("a size brings back the places that pooling left out", () => {
    const { values, indices } = new MaxPool1d(2).forwardWithIndices(tensor([[1, 2, 3, 4, 5]]));
    expect(new MaxUnpool1d(2).forward(values, indices, 5).toArray()).toEqual([[0, 2, 0, 4, 0]]);
  });
});

describe("power means", () => {
  test("are lengths for p = 2", () => {
    expect(new LpPool1d(2, 2).forward(tensor([[[3, 4, 0, 0]]])).toArray()).toEqual([[[5, 0]]]);
    expect(new LpPool3d(1, 2).forward(arange(8).reshape([1, 2, 2, 2])).toArray()).toEqual([[[[28]]]]);
  });

  test("have no NaN in their gradient at 0", () => {
    const x = new Variable(tensor([[[3, 4, 0, 0]]]));
    const { gradients } = valueAndGrad(() => sum(new LpPool1d(2, 2).forward(x.value)), [x]);
    gradients[0].toTypedArray().forEach((value, at) => expect(value).toBeCloseTo([0.6, 0.8, 0, 0][at] ?? NaN, 6));
    expect(() => checkGradients((input) => new LpPool2d(3, 2, { stride: 1 }).forward(input), [distinct([1, 1, 3, 4])])).not.toThrow();
  });
});

test("global pooling leaves one number for each channel", () => {
  const x = tensor([[[1, 2], [3, 6]], [[0, 0], [1, -1]]]).reshape([1, 2, 2, 2]);
  expect(new GlobalAvgPool().forward(x).toArray()).toEqual([[3, 0]]);
  expect(new GlobalMaxPool().forward(x).toArray()).toEqual([[6, 1]]);
  expect(new GlobalAvgPool({ keepAxes: true }).forward(x).shape).toEqual([1, 2, 1, 1]);
});

test("errors", () => {
  expect(() => new MaxPool2d(0)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: MaxPool2d: window is 0, expected whole numbers from 1]`);
  expect(() => new MaxPool2d(3, { padding: 3 }).forward(zeros([1, 1, 4, 4]))).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: maxPool2d: window 0 along spatial axis 0 lies wholly in the padding 3 and 3 (size 4, window 3); use less padding]`);
  expect(() => new AvgPool2d(5).forward(zeros([1, 1, 4, 4]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: avgPool2d: a window of 5 (dilation 1) does not fit on spatial axis 0 of size 4 with padding 0 and 0]`);
  expect(() => new AvgPool2d(2).forward(zeros([4, 4]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: avgPool2d: input is [4, 4], expected [N, C, H, W] or [C, H, W]]`);
  expect(() => new AdaptiveAvgPool2d(0).forward(zeros([1, 1, 4, 4]))).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: AdaptiveAvgPool2d: size is 0, expected a positive whole number, null to keep an axis, or 2 of them, one for each spatial axis]`);
  expect(() => new AdaptiveMaxPool2d([1, 2, 3]).forward(zeros([1, 1, 4, 4]))).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: AdaptiveMaxPool2d: size is [1, 2, 3], expected a positive whole number, null to keep an axis, or 2 of them, one for each spatial axis]`);
  expect(() => new AdaptiveAvgPool1d(2).forward(zeros([1, 1, 0]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: adaptiveAvgPool1d: input has spatial axes [0]; an axis without elements has no mean and no maximum]`);
  expect(() => new LpPool1d(0, 2)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: LpPool1d: p is 0, expected a positive number; for the maximum use MaxPool1d]`);
  expect(() => new MaxUnpool2d(2).forward(zeros([1, 1, 2, 2]), zeros([1, 1, 2, 3], { dtype: "int32" }))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: maxUnpool2d: input is [1, 1, 2, 2] but indices are [1, 1, 2, 3], expected the same shape]`);
  expect(() => new MaxUnpool2d(2).forward(zeros([1, 1, 2, 2]), zeros([1, 1, 2, 2]))).toThrowErrorMatchingInlineSnapshot(`[DTypeError: maxUnpool2d: indices has dtype float32, expected int32; convert it with .cast("int32")]`);
  expect(() => new GlobalAvgPool().forward(zeros([2, 3]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: GlobalAvgPool: input is [2, 3], expected [N, C, ...spatial] with at least one spatial axis]`);
});
