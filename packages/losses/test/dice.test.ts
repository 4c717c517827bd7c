import { checkGradients } from "@nn/autograd";
import { tensor, zeros, type Tensor } from "@nn/tensor";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dice } from "../src/index.js";

const real = (values: number[] | number[][]): Tensor => tensor(values, { dtype: "float64" });
const probabilities = real([[0.1, 0.8, 0.4, 0.9], [0.3, 0.7, 0.2, 0.6]]);
const target = real([[0, 1, 0, 1], [1, 0, 0, 1]]);

describe("dice", () => {
  test("is one minus the coefficient", () => {
    const found = dice(probabilities, target, { smooth: 0.5, reduction: "none" }).toTypedArray();
    expect(found[0]).toBeCloseTo(1 - (2 * 1.7 + 0.5) / (2.2 + 2 + 0.5), 12);
    expect(found[1]).toBeCloseTo(1 - (2 * 0.9 + 0.5) / (1.8 + 2 + 0.5), 12);
    expect(dice(probabilities, target, { smooth: 0.5 }).item()).toBeCloseTo(((found[0] as number) + (found[1] as number)) / 2, 12);
  });

  test("takes regions along the given axes", () => {
    const [p, t] = [probabilities, target].map((x) => x.reshape([1, 2, 2, 2])) as [Tensor, Tensor];
    expect(dice(p, t, { axis: [2, 3], reduction: "none" }).toArray()).toEqual([dice(probabilities, target, { reduction: "none" }).toArray()]);
    expect(dice(p, t, { axis: [0, 2, 3], reduction: "none" }).shape).toEqual([2]);
    expect(dice(p, t, { reduction: "none" }).shape).toEqual([1]);
  });

  test("lies between 0 and 1, and is 0 for a region that is found exactly, also for an empty one", () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean()), { minLength: 1, maxLength: 6 }), (pairs) => {
      const [p, t] = [real([pairs.map(([each]) => each)]), real([pairs.map(([, each]) => Number(each))])];
      expect(dice(p, t).item()).toBeGreaterThanOrEqual(-1e-12);
      expect(dice(p, t).item()).toBeLessThanOrEqual(1);
      expect(dice(t, t).item()).toBeCloseTo(0, 12);
    }));
  });

  test("gradients agree with central differences", () => {
    expect(() => checkGradients((p, t) => dice(p, t), [probabilities, target.mul(0.9).add(0.05)])).not.toThrow();
  });

  test("errors", () => {
    expect(() => dice(zeros([2, 3]), zeros([2, 3], { dtype: "bool" }))).toThrowErrorMatchingInlineSnapshot(`[DTypeError: dice: target has dtype bool, expected float32 as the prediction; convert it with .cast("float32")]`);
    expect(() => dice(zeros([3]), zeros([3]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: dice: prediction is [3], expected [N, ...]; for a single region give its axes as axis]`);
    expect(() => dice(zeros([2, 3]), zeros([2, 3]), { smooth: 0 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: dice: smooth is 0, expected a positive number]`);
  });
});
