import { describe, expect, test } from "vitest";
import { curveFrom, lift, stroke, textOf } from "../src/elements/drawn-curve.js";
import { approximation, examples, functionNames, range, sizes, valuesOf, type ApproximationSettings, type ApproximationView, type FunctionName } from "../src/tasks/approximation.js";
import { trained } from "./trained.js";

/** What training on one of the functions that can be chosen shows. */
const fitted = (name: FunctionName, settings: Partial<ApproximationSettings>, steps: number): ApproximationView =>
  trained(approximation({ target: valuesOf(name), size: sizes[0], deep: false, seed: 1, ...settings }), steps);

describe("universal approximation", () => {
  test("the functions are those of their names", () => {
    const at = (x: number): number => Math.round((x + 3) * 10);
    expect(valuesOf("wave")[at(0.7)]).toBeCloseTo(Math.sin(1.4), 6);
    expect([-2, 0, 2].map((x) => valuesOf("jumps")[at(x)])).toEqual([-0.8, 0.8, -0.3].map((value): unknown => expect.closeTo(value, 6)));
    expect(valuesOf("ripples")[at(-2)]).toBeCloseTo(Math.sin(5.2), 5);
    for (const name of functionNames) expect(valuesOf(name)).toHaveLength(examples);
  });

  test("six neurons fit a wave", () => {
    const view = fitted("wave", {}, 3000);
    expect(view.wide.loss).toBeLessThan(1e-3);
    expect(view.deep).toBeUndefined();
    // The curve is near the function between the examples too.
    expect(view.wide.curve[Math.round((0.75 + 3) * 30)]).toBeCloseTo(Math.sin(1.5), 1);
  });

  test("the curve is the sum of what the neurons add, and the bias", () => {
    const { wide: { curve }, neurons, bias } = fitted("ripples", { size: sizes[2] }, 50);
    expect(neurons).toHaveLength(25);
    curve.forEach((value, at) => expect(neurons.reduce((sum, added) => sum + (added[at] ?? NaN), bias)).toBeCloseTo(value, 4));
  });

  test.each(sizes)("$neurons neurons in one layer have as many parameters as three layers of $each", (size) => {
    const { wide, deep } = approximation({ target: valuesOf("wave"), size, deep: true, seed: 1 }).view();
    expect(wide.parameters).toBe(3 * size.neurons + 1);
    expect(deep?.parameters).toBe(wide.parameters);
  });

  test("the loss is the mean squared error at the examples", () => {
    const target = Array.from({ length: examples }, () => 0);
    const { wide: { loss, curve } } = approximation({ target, size: sizes[1], deep: false, seed: 3 }).view();
    expect(loss).toBeCloseTo(target.reduce((sum, _, at) => sum + (curve[3 * at] ?? NaN) ** 2, 0) / examples, 5);
  });
});

describe("a drawn curve", () => {
  test("a stroke lays the points between on a line, in both directions", () => {
    const [a, b] = [{ index: 1, value: 1 }, { index: 5, value: -1 }];
    expect(stroke([9, 9, 9, 9, 9, 9, 9], a, b)).toEqual([9, 1, 0.5, 0, -0.5, -1, 9]);
    expect(stroke([9, 9, 9, 9, 9, 9, 9], b, a)).toEqual([9, 1, 0.5, 0, -0.5, -1, 9]);
    expect(stroke([9, 9, 9], a, { index: 1, value: 2 })).toEqual([9, 2, 9]);
  });

  test("a key lifts a point most, its neighbours less, and none beyond the picture", () => {
    const lifted = lift([0, 0, 0, 0, 1.25], 2, 0.1, range.y);
    expect(lifted[2]).toBeCloseTo(0.1, 12);
    expect(lifted[1]).toBe(lifted[3]);
    expect(lifted[1]).toBeLessThan(0.1);
    expect(lifted[4]).toBe(range.y[1]);
  });

  test("goes into an address and comes back", () => {
    const curve = valuesOf("wave");
    const back = curveFrom(textOf(curve, range.y), examples, range.y);
    curve.forEach((value, at) => expect(back?.[at]).toBeCloseTo(value, 2));
    for (const text of [undefined, "", "zz", "!".repeat(2 * examples), "0".repeat(2 * examples + 1)]) expect(curveFrom(text, examples, range.y)).toBeUndefined();
  });
});
