import { expect, test } from "vitest";
import { folds, known, learningRates, measure, trainModels, unseen, validate } from "./main.js";

test("every point is in one validation set", () => {
  expect(folds.map(({ validation }) => validation.length).reduce((a, b) => a + b)).toBe(known.length);
});

test("cross-validation finds a learning rate, and the models of the folds are better together", async () => {
  const accuracies: number[] = [];
  for (const rate of learningRates) accuracies.push((await validate(rate)).mean.accuracy);
  const best = Math.max(...accuracies);
  const learningRate = learningRates[accuracies.indexOf(best)] ?? NaN;
  expect(learningRate).toBeGreaterThan(1e-3);
  expect(best).toBeGreaterThan(Math.min(...accuracies) + 0.2);

  const models = await trainModels(learningRate);
  const losses: number[] = [];
  for (const model of models) losses.push((await measure([model], unseen)).logLoss);
  const together = await measure(models, unseen);
  expect(together.accuracy).toBeGreaterThan(0.9);
  expect(together.logLoss).toBeLessThan(losses.reduce((a, b) => a + b) / losses.length);
});
