import { expect, test } from "vitest";
import { accuracy, bestOf, folds, known, mean, search, trainEnsemble, unseen } from "./main.js";

test("every point is in one validation set", () => {
  expect(folds.map(({ validation }) => validation.length).reduce((a, b) => a + b)).toBe(known.length);
});

test("cross-validation finds a learning rate, and the models of the folds are better together", () => {
  const trials = search();
  const best = bestOf(trials);
  const worst = Math.min(...trials.map(({ scores }) => mean(scores)));
  expect(best.learningRate).toBeGreaterThan(1e-3);
  expect(mean(best.scores)).toBeGreaterThan(worst + 0.2);

  const models = trainEnsemble(best.learningRate);
  const single = models.map((model) => accuracy([model], unseen));
  expect(accuracy(models, unseen)).toBeGreaterThan(mean(single));
  expect(accuracy(models, unseen)).toBeGreaterThan(0.9);
});
