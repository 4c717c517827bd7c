import { describe, expect, test } from "vitest";
import { approximation, sizes, valuesOf, type ApproximationSettings, type ApproximationView, type FunctionName } from "../src/tasks/approximation.js";

/** Trains on one of the functions that can be chosen. */
function trained(name: FunctionName, settings: Partial<ApproximationSettings>, steps: number): ApproximationView {
  const task = approximation({ target: valuesOf(name), size: sizes[0], deep: false, seed: 1, ...settings });
  for (let step = 0; step < steps && !task.isDone(); step++) task.step();
  return task.view();
}

describe("universal approximation", () => {
  test("with 169 parameters depth wins, with 19 width does", () => {
    const large = trained("ripples", { size: sizes[3], deep: true }, 1000);
    expect(large.deep?.loss).toBeLessThan(large.wide.loss / 5);
    const small = trained("ripples", { deep: true }, 3000);
    expect(small.wide.loss).toBeLessThan((small.deep?.loss ?? NaN) / 5);
  });
});
