import { oneHot, type Tensor } from "@nn/tensor";
import { memoryStorage } from "@nn/train";
import { expect, test } from "vitest";
import { createTraining, measure, unseen } from "./main.js";

const bitsOf = (state: Readonly<Record<string, Tensor>>): unknown => Object.entries(state).map(([name, value]) => [name, value.toArray()]);

test("the recipe reads digits that it has not seen; a run that is stopped in the middle of an epoch continues to the last bit", async () => {
  const { model, training } = createTraining(memoryStorage());
  const { history } = await training;
  const { accuracy, confusion } = await measure(model);
  expect(accuracy).toBeGreaterThan(0.95);
  // Rows of the confusion matrix are the true digits.
  const [, labels] = unseen.tensors;
  expect(confusion.map((row) => row.reduce((a, b) => a + b))).toEqual(oneHot(labels, 10).sum(0).toArray());

  const storage = memoryStorage();
  for await (const event of createTraining(storage).training) if (event.type === "step" && event.step === 47) break;
  const resumed = createTraining(storage);
  expect((await resumed.training).history.map(({ values }) => values)).toEqual(history.map(({ values }) => values));
  expect(bitsOf(resumed.model.stateDict())).toEqual(bitsOf(model.stateDict()));
});
