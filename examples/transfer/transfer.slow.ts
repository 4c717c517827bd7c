import type { Tensor } from "@nn/tensor";
import { expect, test } from "vitest";
import { accuracy, createData, fineTune, pretrain, trainFromScratch, trainHead } from "./main.js";

const values = (stateDict: Readonly<Record<string, Tensor>>): unknown[] => Object.values(stateDict).map((value) => value.toArray());

test("what was learned from some digits helps with others: a new head first, then everything, slowly", () => {
  const { low, unseenLow, high, unseenHigh } = createData();
  const model = pretrain(low);
  expect(accuracy(model, unseenLow)).toBeGreaterThan(0.95);

  // Only forty images of the other digits.
  const few = high.take(40);
  const trunk = values(model.trunk.stateDict());
  trainHead(model, few);
  expect(model.trainableParameters()).toEqual(model.head.parameters());
  expect(values(model.trunk.stateDict())).toEqual(trunk);
  const head = accuracy(model, unseenHigh);

  fineTune(model, few);
  const tuned = accuracy(model, unseenHigh);

  const scratch = accuracy(trainFromScratch(few), unseenHigh);
  expect(head).toBeGreaterThan(scratch);
  expect(tuned).toBeGreaterThan(scratch + 0.05);
});
