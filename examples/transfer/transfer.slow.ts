import type { Tensor } from "@nn/tensor";
import { expect, test } from "vitest";
import { accuracy, createData, fineTune, pretrain, trainFromScratch, trainHead } from "./main.js";

const values = (stateDict: Readonly<Record<string, Tensor>>): unknown[] => Object.values(stateDict).map((value) => value.toArray());

test("what was learned from some digits helps with others: a new head first, then everything, slowly", async () => {
  const { low, unseenLow, high, unseenHigh } = createData();
  const model = await pretrain(low);
  expect(await accuracy(model, unseenLow)).toBeGreaterThan(0.95);

  // Only forty images of the other digits.
  const few = high.take(40);
  const trunk = values(model.trunk.stateDict());
  await trainHead(model, few);
  expect(model.trainableParameters()).toEqual(model.head.parameters());
  expect(values(model.trunk.stateDict())).toEqual(trunk);
  const head = await accuracy(model, unseenHigh);

  await fineTune(model, few);
  const tuned = await accuracy(model, unseenHigh);

  const scratch = await accuracy(await trainFromScratch(few), unseenHigh);
  expect(head).toBeGreaterThan(scratch);
  expect(tuned).toBeGreaterThan(scratch + 0.05);
});
