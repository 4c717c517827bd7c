import { checkGradients, valueAndGrad } from "@nn/autograd";
import { softmax, tensor, Variable, zeros, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { binaryCrossEntropyWithLogits, binaryFocal, crossEntropy, focal } from "../src/index.js";

const real = (values: number[] | number[][]): Tensor => tensor(values, { dtype: "float64" });
const indices = (values: number[]): Tensor => tensor(values, { dtype: "int32" });
const logits = real([[0.2, -1.3, 0.7], [2.1, 0.4, -0.5], [-0.3, 0.8, 1.9]]);
const target = indices([2, 1, 1]);
const weight = real([0.5, 2, 1]);

describe("focal", () => {
  test("equals the formula", () => {
    const probabilities = softmax(logits).toArray() as number[][];
    const found = focal(logits, target, { gamma: 1.5, weight, reduction: "none" }).toTypedArray();
    [[0, 2, 1], [1, 1, 2], [2, 1, 2]].forEach(([row, column, factor]) => {
      const p = probabilities[row as number]?.[column as number] as number;
      expect(found[row as number]).toBeCloseTo(-(factor as number) * (1 - p) ** 1.5 * Math.log(p), 12);
    });
  });

  test("with gamma 0 equals the cross-entropy: weighted, with ignored targets, and spatial", () => {
    const spatial = logits.reshape([1, 3, 3]);
    const positions = tensor([[0, -100, 2]], { dtype: "int32" });
    expect(focal(spatial, positions, { gamma: 0, weight }).item()).toBeCloseTo(crossEntropy(spatial, positions, { weight }).item(), 12);
  });

  test.each([0.5, 1, 2])("gradients agree with central differences, gamma %s", (gamma) => {
    expect(() => checkGradients((x) => focal(x, target, { gamma, weight }), [logits])).not.toThrow();
    expect(() => checkGradients((x) => focal(x, indices([2, -100, 1]), { gamma }), [logits])).not.toThrow();
  });

  test.each([0, 0.5, 2])("is finite, with its gradient, for logits of any size, gamma %s", (gamma) => {
    const x = new Variable(tensor([[1e30, -1e30, 0], [1e30, -1e30, 0], [0, 0, -Infinity]]));
    const { value, gradients: [gradient] } = valueAndGrad(() => focal(x.value, indices([0, 2, 0]), { gamma, reduction: "sum" }), [x]);
    expect(value.item()).toBeCloseTo(1e30, -24);
    expect(gradient.toTypedArray().every(Number.isFinite)).toBe(true);
  });
});

describe("binaryFocal", () => {
  const x = real([-3, -0.2, 0.4, 5]);
  const y = real([0, 1, 0, 1]);

  test("equals the formula", () => {
    const found = binaryFocal(x, y, { gamma: 2, alpha: 0.25, reduction: "none" }).toTypedArray();
    x.toTypedArray().forEach((logit, at) => {
      const positive = y.toTypedArray()[at] === 1;
      const p = 1 / (1 + Math.exp(positive ? -logit : logit));
      expect(found[at]).toBeCloseTo(-(positive ? 0.25 : 0.75) * (1 - p) ** 2 * Math.log(p), 12);
    });
  });

  test("with gamma 0 equals the binary cross-entropy", () => {
    expect(binaryFocal(x, y, { gamma: 0 }).item()).toBeCloseTo(binaryCrossEntropyWithLogits(x, y).item(), 12);
  });

  test("equals the focal loss of two classes", () => {
    const two = x.reshape([4, 1]).mul(real([[0, 1]]));
    expect(binaryFocal(x, y).item()).toBeCloseTo(focal(two, y.cast("int32")).item(), 12);
  });

  test("gradients agree with central differences, of targets that are probabilities too", () => {
    expect(() => checkGradients((a, b) => binaryFocal(a, b, { gamma: 1.5, alpha: 0.3 }), [x, real([0.2, 0.9, 0.5, 0.99])])).not.toThrow();
  });

  test("is finite, with its gradient, for logits of any size", () => {
    const extreme = new Variable(tensor([1e4, -1e4, 3e38, -3e38]));
    const { value, gradients: [gradient] } = valueAndGrad(() => binaryFocal(extreme.value, tensor([0, 1, 1, 0]), { gamma: 0.5, reduction: "sum" }), [extreme]);
    expect(value.item()).toBe(2e4);
    expect(gradient.toArray()).toEqual([1, -1, 0, 0]);
  });
});

test("errors", () => {
  expect(() => focal(zeros([4, 3]), zeros([4]))).toThrowErrorMatchingInlineSnapshot(`[DTypeError: focal: target is float32 [4] for input [4, 3], expected class indices, int32 [4]; convert it with .cast("int32")]`);
  expect(() => focal(zeros([1, 3]), indices([3]))).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: focal: index 3 at [0] is out of range; axis 1 has size 3; indices (of classes, of tokens) count from 0]`);
  expect(() => focal(zeros([1, 3]), indices([0]), { gamma: -1 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: focal: gamma is -1, expected a number, at least 0]`);
  expect(() => focal(zeros([1, 3]), indices([0]), { weight: zeros([2]) })).toThrowErrorMatchingInlineSnapshot(`[ShapeError: focal: weight is [2], expected [3], one for each class of input [1, 3]]`);
  expect(() => binaryFocal(zeros([1]), zeros([1]), { alpha: 2 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: binaryFocal: alpha is 2, expected a number from 0 to 1]`);
});
