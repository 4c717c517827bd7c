import { tensor, type Tensor } from "@nn/tensor";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { binaryCrossEntropyWithLogits, crossEntropy, huber, l1, mse } from "../src/index.js";

const number = fc.double({ min: -50, max: 50, noNaN: true });
const rows = fc.array(fc.tuple(number, number, number), { minLength: 1, maxLength: 6 });
const real = (values: number[] | number[][]): Tensor => tensor(values, { dtype: "float64" });

test("cross-entropy does not change when all logits of a row are shifted", () => {
  fc.assert(fc.property(rows, number, (logits, shift) => {
    const classes = tensor(logits.map((_, at) => at % 3), { dtype: "int32" });
    const moved = crossEntropy(real(logits).add(shift), classes).item();
    expect(moved).toBeCloseTo(crossEntropy(real(logits), classes).item(), 8);
  }));
});

test("losses are never negative, and 0 only for right predictions", () => {
  fc.assert(fc.property(fc.array(fc.tuple(number, number), { minLength: 1, maxLength: 8 }), (pairs) => {
    const [x, y] = [real(pairs.map(([a]) => a)), real(pairs.map(([, b]) => b))];
    for (const loss of [mse, l1, huber]) {
      expect(loss(x, y).item()).toBeGreaterThanOrEqual(0);
      expect(loss(x, x).item()).toBe(0);
    }
  }));
});

test("binary cross-entropy equals the cross-entropy of two classes", () => {
  fc.assert(fc.property(number, fc.boolean(), (logit, positive) => {
    const two = crossEntropy(real([[0, logit]]), tensor([positive ? 1 : 0], { dtype: "int32" })).item();
    expect(binaryCrossEntropyWithLogits(real([logit]), real([positive ? 1 : 0])).item()).toBeCloseTo(two, 10);
  }));
});

test("Huber's loss lies between the two losses that it combines", () => {
  fc.assert(fc.property(number, fc.double({ min: 0.01, max: 10, noNaN: true }), (error, delta) => {
    const loss = huber(real([error]), real([0]), { delta }).item();
    expect(loss).toBeLessThanOrEqual(error ** 2 / 2 + 1e-9);
    expect(loss).toBeLessThanOrEqual(delta * Math.abs(error) + 1e-9);
  }));
});
