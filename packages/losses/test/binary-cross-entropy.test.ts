import { valueAndGrad } from "@nn/autograd";
import { sigmoid, tensor, Variable, zeros } from "@nn/tensor";
import { expect, test } from "vitest";
import { binaryCrossEntropy, binaryCrossEntropyWithLogits } from "../src/index.js";

test("binary cross-entropies of probabilities and of their logits are equal", () => {
  const logits = tensor([-3, -0.2, 0.4, 5], { dtype: "float64" });
  const targets = tensor([0, 1, 0.3, 1], { dtype: "float64" });
  const weight = tensor([1, 2, 3, 4], { dtype: "float64" });
  const direct = binaryCrossEntropyWithLogits(logits, targets, { weight, reduction: "none" }).toTypedArray();
  binaryCrossEntropy(sigmoid(logits), targets, { weight, reduction: "none" }).toTypedArray().forEach((value, at) => expect(value).toBeCloseTo(direct[at] as number, 10));
});

test("mistakes made with certainty cost 100, and have a gradient", () => {
  const p = new Variable(tensor([0, 1, 0, 1]));
  const { value, gradients } = valueAndGrad(() => binaryCrossEntropy(p.value, tensor([1, 0, 0, 1]), { reduction: "sum" }), [p]);
  expect(value.item()).toBe(200);
  expect(gradients[0].toArray()).toEqual([Math.fround(-1e12), Math.fround(1e12), 0, 0]);
});

test("logits of any size have a finite loss", () => {
  const x = tensor([1e4, -1e4, 3e38, -3e38]);
  expect(binaryCrossEntropyWithLogits(x, tensor([0, 1, 1, 0]), { reduction: "none" }).toArray()).toEqual([1e4, 1e4, 0, 0]);
});

test("refuses weights that would give the loss another shape", () => {
  const column = zeros([4, 1]);
  expect(() => binaryCrossEntropy(column, column, { weight: zeros([4]) })).toThrowErrorMatchingInlineSnapshot(`[ShapeError: binaryCrossEntropy: weight is [4], which does not broadcast to the prediction's [4, 1]]`);
  expect(() => binaryCrossEntropyWithLogits(column, column, { posWeight: zeros([3]) })).toThrowErrorMatchingInlineSnapshot(`[ShapeError: binaryCrossEntropyWithLogits: posWeight is [3], which does not broadcast to the prediction's [4, 1]]`);
});
