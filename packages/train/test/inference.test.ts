import { DataLoader } from "@nn/data";
import { crossEntropy } from "@nn/losses";
import { Accuracy, ConfusionMatrix } from "@nn/metrics";
import { Adam } from "@nn/optim";
import type { Tensor } from "@nn/tensor";
import { earlyStopping, evaluate, evaluator, fit, predict, trainStep } from "@nn/train";
import { expect, expectTypeOf, test } from "vitest";
import { task } from "./tasks.js";

test("evaluate finds the types of a loader that is made for it", async () => {
  const { model, data } = task();
  const found = await evaluate(model, new DataLoader(data, { batchSize: 7 }), { loss: crossEntropy, accuracy: new Accuracy(), confusion: new ConfusionMatrix({ classes: 2 }) }, { compile: false });
  expectTypeOf(found).toEqualTypeOf<{ readonly loss: number; readonly accuracy: number; readonly confusion: readonly (readonly number[])[] }>();
  expect(found.accuracy).toBeGreaterThanOrEqual(0);
  for await (const output of predict(model, new DataLoader(data), { compile: false })) expectTypeOf(output).toEqualTypeOf<Tensor>();
});

test("fit finds the types of a step and an evaluator that are made within its call, for plugins too", async () => {
  const { model, batches, data } = task();
  const optimizer = new Adam(model.parameters(), { learningRate: 0.05 });
  const { history, best } = await fit({
    model, optimizer, batches, epochs: 1,
    step: trainStep(model, crossEntropy, optimizer, { metrics: { accuracy: new Accuracy() }, compile: false }),
    evaluate: evaluator(model, new DataLoader(data, { batchSize: 5 }), { loss: crossEntropy, top: new Accuracy() }, { compile: false }),
    plugins: [earlyStopping({ monitor: "validation.top" })], monitor: "validation.top",
  });
  expectTypeOf(history[0]?.values.training.accuracy).toEqualTypeOf<number | undefined>();
  expectTypeOf(best?.values.validation.top).toEqualTypeOf<number | undefined>();
  expect(best?.epoch).toBe(1);
});
