import { checkGradients, valueAndGrad } from "@nn/autograd";
import { tensor, Variable, zeros, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { gaussianNegativeLogLikelihood, mse, poissonNegativeLogLikelihood } from "../src/index.js";

const real = (values: number[] | number[][]): Tensor => tensor(values, { dtype: "float64" });

describe("gaussianNegativeLogLikelihood", () => {
  const [prediction, target] = [real([[0.5, 1], [-1, 2]]), real([[0.4, 1.2], [0.3, -0.7]])];

  test("equals the negative logarithm of the density", () => {
    const density = (x: number, mean: number, variance: number): number => Math.exp(-((x - mean) ** 2) / (2 * variance)) / Math.sqrt(2 * Math.PI * variance);
    const found = gaussianNegativeLogLikelihood(real([0.5, -1]), real([0.4, 2]), real([0.3, 4]), { full: true, reduction: "none" }).toTypedArray();
    expect(found[0]).toBeCloseTo(-Math.log(density(0.4, 0.5, 0.3)), 12);
    expect(found[1]).toBeCloseTo(-Math.log(density(2, -1, 4)), 12);
  });

  test("with variance 1 is half the squared error", () => {
    expect(gaussianNegativeLogLikelihood(prediction, target, real([1])).item()).toBeCloseTo(mse(prediction, target).item() / 2, 12);
  });

  test.each([["of each", real([[0.5, 1], [2, 0.1]])], ["of each sample", real([[0.5], [2]])], ["of all", real([0.7])]])("gradients agree with central differences, variance %s", (_, variance) => {
    expect(() => checkGradients((...inputs) => gaussianNegativeLogLikelihood(...inputs), [prediction, target, variance])).not.toThrow();
  });

  test("raises a variance below epsilon to epsilon, with a gradient that increases it", () => {
    const variance = new Variable(tensor([0, 0.25, 1e-9]));
    const { value, gradients: [gradient] } = valueAndGrad(
      () => gaussianNegativeLogLikelihood(tensor([1, 1, 1]), tensor([0, 0, 0]), variance.value, { epsilon: 0.5, reduction: "sum" }), [variance],
    );
    expect(value.item()).toBeCloseTo(3 * (0.5 * Math.log(0.5) + 1), 6);
    expect(gradient.toArray()).toEqual([-1, -1, -1]);
  });

  test("errors", () => {
    const x = zeros([4, 3]);
    expect(() => gaussianNegativeLogLikelihood(x, x, zeros([3]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: gaussianNegativeLogLikelihood: variance is [3] for predictions [4, 3], expected [4, 3], [4] for one of each row, or [1, 3] for one of each column]`);
    expect(() => gaussianNegativeLogLikelihood(x, x, zeros([2, 4, 3]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: gaussianNegativeLogLikelihood: variance is [2, 4, 3] for predictions [4, 3], expected [4, 3], [4] for one of each row, or [1, 3] for one of each column]`);
    expect(() => gaussianNegativeLogLikelihood(x, x, zeros([3], { dtype: "float64" }))).toThrowErrorMatchingInlineSnapshot(`[DTypeError: gaussianNegativeLogLikelihood: variance has dtype float64, expected float32 as the prediction; convert it with .cast("float32")]`);
    expect(() => gaussianNegativeLogLikelihood(x, zeros([3]), x)).toThrowErrorMatchingInlineSnapshot(`[ShapeError: gaussianNegativeLogLikelihood: prediction [4, 3] and target [3] differ in shape; reshape or expand one]`);
    expect(() => gaussianNegativeLogLikelihood(x, x, x, { epsilon: 0 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: gaussianNegativeLogLikelihood: epsilon is 0, expected a positive number]`);
  });
});

describe("poissonNegativeLogLikelihood", () => {
  test("with Stirling's approximation is nearly the logarithm of the probability", () => {
    // 3 events at a rate of 2.5: e^−2.5 2.5³ / 3!
    const expected = -Math.log((Math.exp(-2.5) * 2.5 ** 3) / 6);
    expect(poissonNegativeLogLikelihood(real([Math.log(2.5)]), real([3]), { full: true }).item()).toBeCloseTo(expected, 1);
    // The approximation is short by 1/12y.
    expect(poissonNegativeLogLikelihood(real([Math.log(2.5)]), real([3]), { full: true }).item() + 1 / 36).toBeCloseTo(expected, 3);
  });

  test("gives the same for a rate and for its logarithm", () => {
    const [rates, counts] = [real([0.3, 2, 7]), real([0, 1, 9])];
    for (const full of [false, true]) {
      expect(poissonNegativeLogLikelihood(rates, counts, { logInput: false, epsilon: 0, full }).item())
        .toBeCloseTo(poissonNegativeLogLikelihood(rates.log(), counts, { full }).item(), 12);
    }
  });

  test("gradients agree with central differences", () => {
    const inputs = [real([0.3, 2, 1.5]), real([0.5, 2.5, 9])] as const;
    expect(() => checkGradients((x, y) => poissonNegativeLogLikelihood(x, y, { full: true }), inputs)).not.toThrow();
    expect(() => checkGradients((x, y) => poissonNegativeLogLikelihood(x, y, { logInput: false, full: true }), inputs)).not.toThrow();
  });

  test("refuses a negative epsilon", () => {
    expect(() => poissonNegativeLogLikelihood(zeros([1]), zeros([1]), { epsilon: -1 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: poissonNegativeLogLikelihood: epsilon is -1, expected a number, at least 0]`);
  });
});
