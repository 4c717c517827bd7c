import { TensorDataset } from "@nn/data";
import { tensor, type Tensor } from "@nn/tensor";
import { expect, test } from "vitest";
import { evaluate, evaluationBatchSize, largest, rowsOf } from "../../src/evaluation/evaluate.js";

test("of equal values, the first counts as the largest", () => {
  expect(largest([1, 3, 3])).toBe(1);
  expect([...rowsOf(tensor([[1, 2], [3, 4]]))]).toEqual([[1, 2], [3, 4]]);
});

test("computes loss, accuracy and mistakes of an identity network", async () => {
  const logits = tensor([[2, 0], [0, 1], [3, 0]]);
  const split = new TensorDataset(logits, tensor([0, 0, 1], { dtype: "int32" }));
  const { loss, confusion, mistakes } = await evaluate((x: Tensor) => x, split, ["a", "b"]);
  const losses = [Math.log(1 + Math.exp(-2)), Math.log(1 + Math.exp(1)), Math.log(1 + Math.exp(3))];
  expect(loss).toBeCloseTo(losses.reduce((a, b) => a + b) / 3, 6);
  expect(confusion).toEqual([[1, 1], [1, 0]]);
  // The surest mistake comes first.
  expect(mistakes.map(({ index, label, predicted }) => [index, label, predicted])).toEqual([[2, 1, 0], [1, 0, 1]]);
});

test("examples keep their indices over several batches", async () => {
  const count = evaluationBatchSize + 3;
  const rows = Array.from({ length: count }, (_, at) => (at === count - 1 ? [0, 1] : [1, 0]));
  const split = new TensorDataset(tensor(rows), tensor(rows.map(() => 0), { dtype: "int32" }));
  const { examples, mistakes } = await evaluate((x: Tensor) => x, split, ["a", "b"]);
  expect(examples).toBe(count);
  expect(mistakes.map(({ index }) => index)).toEqual([count - 1]);
});
