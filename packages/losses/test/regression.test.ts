import { tensor } from "@nn/tensor";
import { expect, test } from "vitest";
import { huber, l1, smoothL1 } from "../src/index.js";

const prediction = tensor([[0.1, 0.45, 0.9], [0.3, 0.72, 0.05]], { dtype: "float64" });
const target = tensor([[0, 1, 1], [0.2, 0.5, 0]], { dtype: "float64" });

test("smooth L1 is Huber's loss divided by its delta, and L1 at 0", () => {
  expect(smoothL1(prediction, target, { beta: 0.3 }).item()).toBeCloseTo(huber(prediction, target, { delta: 0.3 }).item() / 0.3, 12);
  expect(smoothL1(prediction, target, { beta: 0 }).item()).toBe(l1(prediction, target).item());
});

test("refuse options out of range", () => {
  expect(() => huber(prediction, target, { delta: 0 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: huber: delta is 0, expected a positive number]`);
  expect(() => smoothL1(prediction, target, { beta: -1 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: smoothL1: beta is -1, expected a number, at least 0]`);
});
