import { checkGradients, valueAndGrad } from "@nn/autograd";
import { logSoftmax, oneHot, tensor, Variable, zeros, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { crossEntropy, negativeLogLikelihood } from "../src/index.js";

const logits = tensor([[0.2, -1.3, 0.7], [2.1, 0.4, -0.5], [-0.3, 0.8, 1.9], [0.1, 0.6, -2]], { dtype: "float64" });
const indices = (values: number[]): Tensor => tensor(values, { dtype: "int32" });
const target = indices([2, 0, 1, 1]);
const weight = tensor([0.5, 2, 1], { dtype: "float64" });

const value = (x: Tensor): number => x.item();

describe("crossEntropy", () => {
  test("of equal logits is the logarithm of the number of classes", () => {
    expect(value(crossEntropy(zeros([5, 7]), indices([0, 1, 2, 3, 6])))).toBeCloseTo(Math.log(7), 6);
  });

  test("of class indices equals that of their one-hot probabilities", () => {
    const probabilities = oneHot(target, 3, { dtype: "float64" });
    for (const labelSmoothing of [0, 0.2]) {
      expect(value(crossEntropy(logits, target, { labelSmoothing }))).toBeCloseTo(value(crossEntropy(logits, probabilities, { labelSmoothing })), 12);
    }
  });

  test("equals negativeLogLikelihood of logSoftmax", () => {
    for (const reduction of ["mean", "sum"] as const) {
      const options = { weight, ignoreIndex: 0, reduction };
      expect(value(crossEntropy(logits, target, options))).toBeCloseTo(value(negativeLogLikelihood(logSoftmax(logits), target, options)), 12);
    }
  });

  test("does not count ignored targets, whatever their logits are", () => {
    const some = crossEntropy(logits.slice([{ start: 0, stop: 2 }]), target.slice([{ start: 0, stop: 2 }]), { weight });
    const all = crossEntropy(logits, indices([2, 0, -100, -100]), { weight });
    expect(value(all)).toBeCloseTo(value(some), 12);
    expect(crossEntropy(logits, indices([-7, 0, -7, 1]), { ignoreIndex: -7, reduction: "none" }).toTypedArray()[0]).toBe(0);
  });

  test("is finite, with its gradient, for logits of any size", () => {
    const huge = new Variable(tensor([[1e30, -1e30, 0], [-3e38, 3e38, 0]]));
    const { value: loss, gradients } = valueAndGrad(() => crossEntropy(huge.value, indices([0, 1])), [huge]);
    expect(loss.item()).toBe(0);
    expect(gradients[0].toArray()).toEqual([[0, 0, 0], [0, 0, 0]]);
  });

  test("treats classes with the logit -Infinity as impossible", () => {
    const masked = new Variable(tensor([[1, -Infinity, 1]]));
    for (const targets of [indices([2]), tensor([[0.5, 0, 0.5]])]) {
      const { value, gradients } = valueAndGrad(() => crossEntropy(masked.value, targets), [masked]);
      expect(value.item()).toBeCloseTo(Math.log(2), 6);
      expect(gradients[0].toTypedArray()[1]).toBe(0);
    }
    expect(crossEntropy(masked.value, indices([1])).item()).toBe(Infinity);
  });

  test.each([
    ["indices", target, {}],
    ["indices, weighted and smoothed", target, { weight, labelSmoothing: 0.1 }],
    ["indices, some ignored", indices([2, -100, 1, 1]), { labelSmoothing: 0.3 }],
    ["probabilities", tensor([[0.2, 0.3, 0.5], [1, 0, 0], [0, 0.5, 0.5], [0.1, 0.1, 0.8]], { dtype: "float64" }), { weight, labelSmoothing: 0.1 }],
  ])("gradients agree with central differences: %s", (_, targets, options) => {
    expect(() => checkGradients((x) => crossEntropy(x, targets, options), [logits])).not.toThrow();
  });
});

describe("errors", () => {
  const x = zeros([4, 3]);

  test("class that does not exist", () => {
    expect(() => crossEntropy(x, indices([0, 1, 2, 3]))).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: crossEntropy: index 3 at [3] is out of range; axis 1 has size 3; indices (of classes, of tokens) count from 0]`);
    expect(() => negativeLogLikelihood(x, indices([0, -1, 2, 2]))).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: negativeLogLikelihood: index -1 at [1] is out of range; axis 1 has size 3; indices (of classes, of tokens) count from 0]`);
  });

  test("targets", () => {
    expect(() => crossEntropy(x, tensor([0, 1, 2, 2]))).toThrowErrorMatchingInlineSnapshot(`[DTypeError: crossEntropy: target is float32 [4] for input [4, 3], expected class indices, int32 [4], or probabilities, float32 [4, 3]; convert it with .cast("int32")]`);
    expect(() => crossEntropy(x, indices([0, 1, 2]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: crossEntropy: target is int32 [3] for input [4, 3], expected class indices, int32 [4], or probabilities, float32 [4, 3]]`);
    expect(() => crossEntropy(x, zeros([4, 2]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: crossEntropy: target is float32 [4, 2] for input [4, 3], expected class indices, int32 [4], or probabilities, float32 [4, 3]]`);
    expect(() => crossEntropy(x, zeros([4, 3], { dtype: "int32" }))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: crossEntropy: target is int32 [4, 3] for input [4, 3], expected class indices, int32 [4], or probabilities, float32 [4, 3]]`);
    expect(() => crossEntropy(zeros([2, 3, 5]), zeros([2, 4], { dtype: "int32" }))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: crossEntropy: target is int32 [2, 4] for input [2, 3, 5], expected class indices, int32 [2, 5], or probabilities, float32 [2, 3, 5]]`);
    expect(() => crossEntropy(zeros([2, 5, 3]), zeros([2, 5], { dtype: "int32" }))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: crossEntropy: target is int32 [2, 5] for input [2, 5, 3], expected class indices, int32 [2, 3], or probabilities, float32 [2, 5, 3]; classes are on axis 1: reshape the input to [-1, 3] and the target to [-1]]`);
    expect(() => negativeLogLikelihood(x, zeros([4, 3]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: negativeLogLikelihood: target is float32 [4, 3] for input [4, 3], expected class indices, int32 [4]]`);
    expect(() => crossEntropy(zeros([]), indices([0]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: crossEntropy: input is a scalar, expected [C] or [N, C, ...]]`);
    expect(() => crossEntropy(zeros([4, 3], { dtype: "int32" }), target)).toThrowErrorMatchingInlineSnapshot(`[DTypeError: crossEntropy: input has dtype int32, expected float32 or float64; convert it with .cast("float32")]`);
  });

  test("options", () => {
    expect(() => crossEntropy(x, target, { weight: zeros([4]) })).toThrowErrorMatchingInlineSnapshot(`[ShapeError: crossEntropy: weight is [4], expected [3], one for each class of input [4, 3]]`);
    expect(() => crossEntropy(x, target, { weight })).toThrowErrorMatchingInlineSnapshot(`[DTypeError: crossEntropy: weight has dtype float64, expected float32 as the input]`);
    expect(() => crossEntropy(x, target, { labelSmoothing: 1.1 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: crossEntropy: labelSmoothing is 1.1, expected a number from 0 to 1]`);
    expect(() => crossEntropy(x, target, { reduction: "average" as "mean" })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: crossEntropy: reduction is the string "average", expected "mean", "sum" or "none"]`);
  });
});
