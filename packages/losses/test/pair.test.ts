import { checkGradients } from "@nn/autograd";
import { tensor, where, zeros, type Tensor } from "@nn/tensor";
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
