import { evaluate } from "@nn/train";
import { crossEntropy } from "@nn/losses";
import { DataLoader } from "@nn/data";
import { expect, test } from "vitest";
import { train, unseen } from "./main.js";

test("a classifier learns the border, and has the weights of its best epoch", async () => {
  const { model, best, history } = await train();
  expect(history.length).toBeLessThan(60);
  expect(best?.values.validation.accuracy).toBeGreaterThan(0.95);
  const { loss } = await evaluate(model, new DataLoader(unseen, { batchSize: 150 }), { loss: crossEntropy });
  expect(loss).toBeCloseTo(best?.values.validation.loss ?? NaN, 5);
  expect(loss).toBe(Math.min(...history.map(({ values }) => values.validation.loss)));
});
