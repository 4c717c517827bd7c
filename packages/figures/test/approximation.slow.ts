import { describe, expect, test } from "vitest";
import { approximation, sizes, valuesOf, type ApproximationSettings, type ApproximationView, type FunctionName } from "../src/tasks/approximation.js";
import { trained } from "./trained.js";

/** What training on one of the functions that can be chosen shows. */
const fitted = (name: FunctionName, settings: Partial<ApproximationSettings>, steps: number): ApproximationView =>
  trained(approximation({ target: valuesOf(name), size: sizes[0], deep: false, seed: 1, ...settings }), steps);

describe("universal approximation", () => {
  test("with 169 parameters depth wins, with 19 width does", () => {
    const large = fitted("ripples", { size: sizes[3], deep: true }, 1000);
    expect(large.deep?.loss).toBeLessThan(large.wide.loss / 5);
    const small = fitted("ripples", { deep: true }, 3000);
    expect(small.wide.loss).toBeLessThan((small.deep?.loss ?? NaN) / 5);
  });
});
