import { describe, expect, test } from "vitest";
import { bayesianOptimisation, grid, mostTrials, startupTrials } from "../src/tasks/bayesian-optimisation.js";
import { crossValidation, weightDecays } from "../src/tasks/cross-validation.js";
import { foldTraining, roundsOf } from "../src/tasks/fold-training.js";

describe("k-fold cross-validation", () => {
  const task = crossValidation({ folds: 5, seed: 5 });
  const leftOut: (readonly number[])[] = [];
  while (!task.isDone()) {
    void task.step();
    leftOut.push(task.view().last?.leftOut ?? []);
  }
  const { decays, best } = task.view();
  const at = (decay: number) => decays[weightDecays.findIndex((each) => each === decay)];

  test("every point is left out once for each weight decay", () => {
    expect(leftOut).toHaveLength(5 * weightDecays.length);
    for (let start = 0; start < leftOut.length; start += 5) expect(leftOut.slice(start, start + 5).flat().toSorted((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, point) => point));
  });

  test("little weight decay over-fits, much under-fits, and the best lies between", () => {
    expect(best).toBeGreaterThan(weightDecays[0]);
    expect(best).toBeLessThan(weightDecays.at(-1) ?? NaN);
    const [little, right, much] = [at(0.1), at(best ?? NaN), at(20)];
    expect(little?.mean).toBeGreaterThan(2 * (little?.trainingLoss ?? NaN));
    expect(right?.mean).toBeLessThan((little?.mean ?? NaN) / 1.5);
    expect(right?.mean).toBeLessThan((much?.mean ?? NaN) / 1.5);
    expect((much?.mean ?? NaN) - (much?.trainingLoss ?? NaN)).toBeLessThan(0.1);
    expect(decays.every(({ trainingLoss }, index) => index === 0 || trainingLoss > (decays[index - 1]?.trainingLoss ?? NaN) - 0.05)).toBe(true);
  });

  test("mean and standard deviation are those of the scores", () => {
    for (const { scores, mean, std } of decays) {
      const average = scores.reduce((sum, score) => sum + score, 0) / 5;
      expect(mean).toBeCloseTo(average, 5);
      expect(std).toBeCloseTo(Math.sqrt(scores.reduce((sum, score) => sum + (score - average) ** 2, 0) / 4), 5);
    }
  });
});

describe("Bayesian optimisation", () => {
  test("tries next where the expected improvement is largest, and finds a good weight decay", async () => {
    const task = bayesianOptimisation({ seed: 5 });
    const chosen: number[] = [];
    while (!task.isDone()) {
      await task.step();
      const { trials, next, predictions } = task.view();
      expect(trials.at(-1)?.weightDecay).toBe(chosen.at(-1) ?? trials[0]?.weightDecay);
      if (next === undefined) break;
      chosen.push(next);
      const improvements = predictions.map(({ expectedImprovement }) => expectedImprovement);
      const peak = grid[improvements.indexOf(Math.max(...improvements))] ?? next;
      // The grid has 40 points for each factor of ten.
      expect(trials.length < startupTrials ? 0 : Math.abs(Math.log10(next / peak))).toBeLessThan(0.05);
    }
    const { trials } = task.view();
    expect(trials).toHaveLength(mostTrials);
    // It is as good as the best of a fine grid.
    const scoreOf = (weightDecay: number): number => {
      const training = foldTraining(weightDecay);
      return roundsOf({ folds: 5, seed: 5 }).reduce((sum, round) => sum + training.train(round).score, 0) / 5;
    };
    const best = Math.min(...trials.map(({ loss }) => loss));
    expect(best).toBeLessThan(Math.min(...[0.3, 0.7, 1, 1.5, 2.5, 4, 7].map(scoreOf)) + 0.01);
    const first = trials[0];
    expect(scoreOf(first?.weightDecay ?? NaN)).toBeCloseTo(first?.loss ?? NaN, 5);
  });
});
