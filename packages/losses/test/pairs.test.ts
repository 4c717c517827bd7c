import { checkGradients, valueAndGrad } from "@nn/autograd";
import { sigmoid, tensor, Variable, where, zeros, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import {
  binaryCrossEntropy, binaryCrossEntropyWithLogits, binaryFocal, hingeEmbedding, huber, klDivergence, l1, mse, poissonNegativeLogLikelihood, smoothL1, softMargin,
  type LossOptions,
} from "../src/index.js";

type PairLoss = (prediction: Tensor, target: Tensor, options?: LossOptions) => Tensor;

const losses: Readonly<Record<string, PairLoss>> = {
  binaryCrossEntropy, binaryCrossEntropyWithLogits, binaryFocal, hingeEmbedding, huber, klDivergence, l1, mse, poissonNegativeLogLikelihood, smoothL1, softMargin,
};
const prediction = tensor([[0.1, 0.45, 0.9], [0.3, 0.72, 0.05]], { dtype: "float64" });
const target = tensor([[0, 1, 1], [0.2, 0.5, 0]], { dtype: "float64" });

/** Losses whose targets are 1 and −1. */
const ofSigns: ReadonlySet<PairLoss> = new Set([hingeEmbedding, softMargin]);
const targetOf = (loss: PairLoss): Tensor => (ofSigns.has(loss) ? where(target.greater(0.3), target.mul(0).add(1), -1) : target);

describe.each(Object.entries(losses))("%s", (_, loss) => {
  test("gradients of prediction and target agree with central differences", () => {
    const inner = target.mul(0.9).add(0.03);
    const check = ofSigns.has(loss)
      ? () => checkGradients((x) => loss(x, targetOf(loss)), [prediction])
      : () => checkGradients((x, y) => loss(x, y), [prediction, inner]);
    expect(check).not.toThrow();
  });

  test("the reductions agree: mean by default", () => {
    const target = targetOf(loss);
    const each = [...loss(prediction, target, { reduction: "none" }).toTypedArray()];
    const total = each.reduce((a, b) => a + b);
    expect(each).toHaveLength(6);
    expect(loss(prediction, target, { reduction: "sum" }).item()).toBeCloseTo(total, 12);
    expect(loss(prediction, target).item()).toBeCloseTo(total / 6, 12);
  });

  test("refuses shapes and dtypes that differ", () => {
    expect(() => loss(zeros([4, 1]), zeros([4]))).toThrowErrorMatchingSnapshot("shapes");
    expect(() => loss(zeros([4]), zeros([4], { dtype: "int32" }))).toThrowErrorMatchingSnapshot("integer target");
    expect(() => loss(zeros([4], { dtype: "int32" }), zeros([4], { dtype: "int32" }))).toThrowErrorMatchingSnapshot("integer prediction");
    expect(() => loss(zeros([4]), 1 as never)).toThrowErrorMatchingSnapshot("number");
  });
});

test("binary cross-entropy of probabilities and of their logits are one", () => {
  const logits = tensor([-3, -0.2, 0.4, 5], { dtype: "float64" });
  const targets = tensor([0, 1, 0.3, 1], { dtype: "float64" });
  const weight = tensor([1, 2, 3, 4], { dtype: "float64" });
  const direct = binaryCrossEntropyWithLogits(logits, targets, { weight, reduction: "none" }).toTypedArray();
  binaryCrossEntropy(sigmoid(logits), targets, { weight, reduction: "none" }).toTypedArray().forEach((value, at) => expect(value).toBeCloseTo(direct[at] as number, 10));
});

test("certain mistakes cost 100, and have a gradient", () => {
  const p = new Variable(tensor([0, 1, 0, 1]));
  const { value, gradients } = valueAndGrad(() => binaryCrossEntropy(p.value, tensor([1, 0, 0, 1]), { reduction: "sum" }), [p]);
  expect(value.item()).toBe(200);
  expect(gradients[0].toArray()).toEqual([Math.fround(-1e12), Math.fround(1e12), 0, 0]);
});

test("logits of any size have a finite loss", () => {
  const x = tensor([1e4, -1e4, 3e38, -3e38]);
  expect(binaryCrossEntropyWithLogits(x, tensor([0, 1, 1, 0]), { reduction: "none" }).toArray()).toEqual([1e4, 1e4, 0, 0]);
});

test("smooth L1 is Huber's loss divided by its delta, and L1 at 0", () => {
  expect(smoothL1(prediction, target, { beta: 0.3 }).item()).toBeCloseTo(huber(prediction, target, { delta: 0.3 }).item() / 0.3, 12);
  expect(smoothL1(prediction, target, { beta: 0 }).item()).toBe(l1(prediction, target).item());
});

test("weights that would give the loss another shape", () => {
  const column = zeros([4, 1]);
  expect(() => binaryCrossEntropy(column, column, { weight: zeros([4]) })).toThrowErrorMatchingInlineSnapshot(`[ShapeError: binaryCrossEntropy: weight is [4], which does not broadcast to the prediction's [4, 1]]`);
  expect(() => binaryCrossEntropyWithLogits(column, column, { posWeight: zeros([3]) })).toThrowErrorMatchingInlineSnapshot(`[ShapeError: binaryCrossEntropyWithLogits: posWeight is [3], which does not broadcast to the prediction's [4, 1]]`);
});

test("options out of range", () => {
  expect(() => huber(prediction, target, { delta: 0 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: huber: delta is 0, expected a positive number]`);
  expect(() => smoothL1(prediction, target, { beta: -1 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: smoothL1: beta is -1, expected a number, at least 0]`);
});
