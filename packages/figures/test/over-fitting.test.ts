import { describe, expect, test } from "vitest";
import { mostEpochs, patience } from "../src/tasks/over-fitting.js";
import { last, overFitted } from "./over-fitted.js";

describe("over-fitting", () => {
  const without = overFitted();

  test("a large network learns the points by heart: its validation loss falls, then rises", () => {
    expect(without.epochs).toBe(mostEpochs);
    expect(last(without.training)).toBeLessThan(0.01);
    expect(without.validation[without.bestEpoch]).toBe(Math.min(...without.validation));
    expect(without.bestEpoch).toBeGreaterThan(20);
    expect(without.validation[without.bestEpoch]).toBeLessThan((without.validation[0] ?? NaN) / 1.8);
    expect(without.loss).toBeGreaterThan(2 * (without.validation[without.bestEpoch] ?? NaN));
    expect(without.loss).toBe(last(without.validation));
  });

  test("early stopping waits, and takes the best weights back", () => {
    const view = overFitted({ earlyStopping: true });
    expect(view.isRestored).toBe(true);
    expect(view.epochs).toBe(view.bestEpoch + patience);
    expect(view.loss).toBeCloseTo(Math.min(...view.validation), 6);
    expect(view.loss).toBeLessThan(without.loss / 2);
    // Up to there it is the same training.
    expect(view.validation).toEqual(without.validation.slice(0, view.epochs + 1));
  });
});
