import { manualSeed, oneHot } from "@nn/tensor";
import { expect, test } from "vitest";
import { Run, trainWithEarlyStopping, unseen } from "./main.js";

test("the recipe reads digits that it has not seen", () => {
  manualSeed(1);
  const run = new Run();
  trainWithEarlyStopping(run);

  const { accuracy, confusion } = run.evaluate(unseen);
  expect(accuracy).toBeGreaterThan(0.95);
  // Rows of the confusion matrix are the true digits.
  const [, labels] = unseen.tensors;
  expect(confusion.sum(1).toArray()).toEqual(oneHot(labels, 10).sum(0).toArray());
});

test("a run that is saved in the middle of an epoch continues to the last bit", () => {
  manualSeed(2);
  const [uninterrupted, resumed] = [new Run(), new Run()];
  let file: Uint8Array | undefined;
  const losses: number[] = [];
  for (const [x, y] of uninterrupted.loader) {
    losses.push(uninterrupted.step(x, y).item());
    if (losses.length === 7) file = uninterrupted.save();
  }

  resumed.load(file ?? new Uint8Array());
  const again = Array.from(resumed.loader, ([x, y]) => resumed.step(x, y).item());
  expect(again).toEqual(losses.slice(7));
  expect(resumed.save()).toEqual(uninterrupted.save());
});
