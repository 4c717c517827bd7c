import { checkGradients } from "@nn/autograd";
import { tensor, zeros, type Tensor } from "@nn/tensor";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { multiLabelMargin, multiLabelSoftMargin, multiMargin, type LossOptions } from "../src/index.js";

const real = (values: number[] | number[][]): Tensor => tensor(values, { dtype: "float64" });
const indices = (values: number[] | number[][]): Tensor => tensor(values, { dtype: "int32" });

const scores = real([[0.2, -1.3, 0.7], [2.1, 0.4, -0.5], [-0.3, 0.8, 1.9], [0.1, 0.6, -2]]);
const others = real([[0.4, 0.3, -0.7], [1.1, -0.4, 0.2], [0.3, 0.9, 1.2], [1.1, -0.6, -1.5]]);

/** The losses as functions of float inputs, with everything else fixed. */
const losses: Readonly<Record<string, { readonly inputs: readonly Tensor[]; readonly loss: (inputs: readonly Tensor[], options?: LossOptions) => Tensor }>> = {
  multiMargin: { inputs: [scores, real([0.5, 2, 1])], loss: ([x, weight], options) => multiMargin(x as Tensor, indices([2, 0, 1, 1]), { p: 2, weight, ...options }) },
  multiLabelMargin: { inputs: [scores], loss: ([x], options) => multiLabelMargin(x as Tensor, indices([[0, 2, -1], [1, -1, 0], [-1, 0, 0], [2, 1, 0]]), options) },
  multiLabelSoftMargin: { inputs: [scores, real([0.5, 2, 1])], loss: ([x, weight], options) => multiLabelSoftMargin(x as Tensor, others.greater(0).cast("float64"), { weight, ...options }) },
};

describe.each(Object.entries(losses))("%s", (_, { inputs, loss }) => {
  test("gradients agree with central differences", () => {
    expect(() => checkGradients((...given) => loss(given), inputs)).not.toThrow();
  });

  test("the reductions agree: one loss for each of four samples, the mean by default", () => {
    const each = [...loss(inputs, { reduction: "none" }).toTypedArray()];
    const total = each.reduce((a, b) => a + b);
    expect(each).toHaveLength(4);
    expect(Math.min(...each)).toBeGreaterThanOrEqual(0);
    expect(loss(inputs, { reduction: "sum" }).item()).toBeCloseTo(total, 12);
    expect(loss(inputs).item()).toBeCloseTo(total / 4, 12);
  });
});

describe("multiMargin and multiLabelMargin", () => {
  test("are equal for a list of one class", () => {
    fc.assert(fc.property(fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 2, maxLength: 5 }), fc.nat(), (row, at) => {
      const target = at % row.length;
      const list = row.map((_, position) => (position === 0 ? target : -1));
      expect(multiLabelMargin(real(row), indices(list)).item()).toBeCloseTo(multiMargin(real(row), tensor(target, { dtype: "int32" })).item(), 12);
    }));
  });

  test("do not count classes after the first negative number of a list", () => {
    const loss = (list: number[]): number => multiLabelMargin(real([0.1, 0.2, 0.4, 0.8]), indices(list)).item();
    expect(loss([3, -1, 0, 1])).toBe(loss([3, -1, -1, -1]));
    expect(loss([-1, 0, 1, 2])).toBe(0);
  });
});

describe("errors", () => {
  const x = zeros([4, 3]);

  test("shapes and dtypes", () => {
    expect(() => multiLabelSoftMargin(zeros([]), zeros([]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: multiLabelSoftMargin: logits are [], expected [..., C]]`);
    expect(() => multiLabelSoftMargin(x, x, { weight: zeros([4, 1, 1]) })).toThrowErrorMatchingInlineSnapshot(`[ShapeError: multiLabelSoftMargin: weight is [4, 1, 1], which does not broadcast to the prediction's [4, 3]]`);
    expect(() => multiMargin(x, zeros([3], { dtype: "int32" }))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: multiMargin: target is int32 [3] for input [4, 3], expected class indices, int32 [4]]`);
    expect(() => multiMargin(zeros([4, 3, 2]), zeros([4, 2], { dtype: "int32" }))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: multiMargin: input is [4, 3, 2], expected [C] or [N, C]]`);
    expect(() => multiMargin(x, indices([0, 0, 0, 0]), { weight: zeros([4]) })).toThrowErrorMatchingInlineSnapshot(`[ShapeError: multiMargin: weight is [4], expected [3], one for each class of input [4, 3]]`);
    expect(() => multiLabelMargin(x, indices([0, 1, 2, 0]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: multiLabelMargin: scores are [4, 3] and target is [4], expected [C] or [N, C] for both; fill the lists of classes up with -1]`);
    expect(() => multiLabelMargin(x, x)).toThrowErrorMatchingInlineSnapshot(`[DTypeError: multiLabelMargin: target has dtype float32, expected int32 (lists of classes); convert it with .cast("int32")]`);
  });

  test("classes that do not exist", () => {
    expect(() => multiMargin(x, indices([0, 1, 2, -100]))).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: multiMargin: index -100 at [3] is out of range; axis 1 has size 3; indices (of classes, of tokens) count from 0]`);
    expect(() => multiLabelMargin(zeros([3]), indices([0, 3, -1]))).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: multiLabelMargin: index 3 at [1] is out of range; axis 0 has size 3; indices (of classes, of tokens) count from 0]`);
  });

  test("options", () => {
    expect(() => multiMargin(x, indices([0, 0, 0, 0]), { p: 3 as 2 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: multiMargin: p is 3, expected 1 or 2]`);
  });
});
