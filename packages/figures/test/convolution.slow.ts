import { describe, expect, test } from "vitest";
import { Reader } from "../src/tasks/digit-network.js";
import { digitReader, exampleOf } from "../src/tasks/digit-reader.js";
import { trained } from "./trained.js";

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe("a reader of digits", () => {
  test("learns to read digits that it has not seen, and reads drawings in the page as the worker's network does", () => {
    const task = digitReader({ learningRate: 2e-3 });
    const reader = new Reader();
    expect(task.view()).toMatchObject({ steps: 0, loss: undefined, accuracy: undefined });
    const { accuracy, loss, parameters, steps } = trained(task, 300);
    expect(steps).toBe(300);
    expect(accuracy).toBeGreaterThan(0.9);
    expect(loss).toBeLessThan(0.4);
    const answers = Array.from({ length: 30 }, (_, index) => {
      const { probabilities } = reader.read(exampleOf(index % 10, Math.floor(index / 10)), parameters);
      expect(sum(probabilities)).toBeCloseTo(1, 5);
      return probabilities.indexOf(Math.max(...probabilities)) === index % 10;
    });
    expect(answers.filter(Boolean).length).toBeGreaterThan(24);
  });
});
