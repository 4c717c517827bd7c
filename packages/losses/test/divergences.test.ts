import { checkGradients, valueAndGrad } from "@nn/autograd";
import { logSoftmax, manualSeed, normal, softmax, tensor, Variable, zeros, type Tensor } from "@nn/tensor";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { gaussianKlDivergence, klDivergence } from "../src/index.js";

const real = (values: number[] | number[][]): Tensor => tensor(values, { dtype: "float64" });
const number = fc.double({ min: -4, max: 4, noNaN: true });
const gaussian = fc.record({ mean: fc.tuple(number, number), logVariance: fc.tuple(number, number) });

describe("klDivergence", () => {
  const x = logSoftmax(real([[0.3, -1, 0.2], [1.5, 0.1, -0.4]]));
  const target = softmax(real([[1, 0.5, -0.3], [0.2, 0.1, 2]]));

  test("gradients agree with central differences, also for logarithms of the target", () => {
    expect(() => checkGradients((a, b) => klDivergence(a, b, { logTarget: true }), [x, target.log()])).not.toThrow();
  });

  test("gives the same for a target and its logarithm", () => {
    const options = { reduction: "batchMean" } as const;
    expect(klDivergence(x, target.log(), { ...options, logTarget: true }).item()).toBeCloseTo(klDivergence(x, target, options).item(), 12);
  });

  test("the mean over the batch is the sum divided by the first axis", () => {
    expect(klDivergence(x, target, { reduction: "batchMean" }).item()).toBeCloseTo(klDivergence(x, target, { reduction: "sum" }).item() / 2, 12);
    expect(klDivergence(zeros([]), zeros([]), { reduction: "batchMean" }).item()).toBe(0);
  });

  test("is never negative, and 0 between equal distributions", () => {
    fc.assert(fc.property(fc.array(number, { minLength: 2, maxLength: 5 }), fc.array(number, { minLength: 5, maxLength: 5 }), (a, b) => {
      const [p, q] = [real(a), real(b.slice(0, a.length))];
      expect(klDivergence(logSoftmax(p), softmax(q), { reduction: "sum" }).item()).toBeGreaterThanOrEqual(-1e-12);
      expect(klDivergence(logSoftmax(p), softmax(p), { reduction: "sum" }).item()).toBeCloseTo(0, 12);
    }));
  });

  test.each([false, true])("does not count impossible classes, in value and gradients (logTarget %s)", (logTarget) => {
    const [a, b] = [new Variable(tensor([-Infinity, 0])), new Variable(tensor(logTarget ? [-Infinity, 0] : [0, 1]))];
    const { value, gradients } = valueAndGrad(() => klDivergence(a.value, b.value, { logTarget, reduction: "sum" }), [a, b]);
    expect(value.item()).toBe(0);
    expect(gradients.map((gradient) => gradient.toArray())).toEqual([[0, -1], [0, 1]]);
  });
});

describe("gaussianKlDivergence", () => {
  test("equals the closed form", () => {
    const [mean, logVariance] = [real([[0.5, -1], [0, 2]]), real([[0.2, -0.3], [1, 0]])];
    const each = [
      0.5 * (Math.exp(0.2) + 0.25 - 1 - 0.2 + Math.exp(-0.3) + 1 - 1 + 0.3),
      0.5 * (Math.E - 1 - 1 + 4),
    ];
    gaussianKlDivergence({ mean, logVariance }, { reduction: "none" }).toTypedArray().forEach((found, at) => expect(found).toBeCloseTo(each[at] as number, 12));
    expect(gaussianKlDivergence({ mean, logVariance }).item()).toBeCloseTo(((each[0] as number) + (each[1] as number)) / 2, 12);
  });

  test("agrees with the densities: the mean of log p(x)/q(x) over draws of p", () => {
    const logDensity = (x: Tensor, mean: number, logVariance: number): Tensor => x.sub(mean).square().div(-2 * Math.exp(logVariance)).sub(0.5 * logVariance);
    manualSeed(1);
    const draws = normal([200_000], { mean: 0.4, std: Math.exp(-0.3), dtype: "float64" });
    const estimate = logDensity(draws, 0.4, -0.6).sub(logDensity(draws, -0.5, 0.5)).mean().item();
    const prior = { mean: real([-0.5]), logVariance: real([0.5]) };
    expect(gaussianKlDivergence({ mean: real([0.4]), logVariance: real([-0.6]) }, { prior }).item()).toBeCloseTo(estimate, 1);
  });

  test("gradients agree with central differences", () => {
    const inputs = [real([[0.5, -1]]), real([[0.2, -0.3]]), real([[0.1, 0.4]]), real([[-0.7, 0.6]])] as const;
    expect(() => checkGradients((mean, logVariance, ...[otherMean, otherLogVariance]) => gaussianKlDivergence({ mean, logVariance }, {
      prior: { mean: otherMean, logVariance: otherLogVariance },
    }), inputs)).not.toThrow();
    expect(() => checkGradients((mean, logVariance) => gaussianKlDivergence({ mean, logVariance }), [inputs[0], inputs[1]])).not.toThrow();
  });

  test("is never negative, 0 between equal distributions, and by default relative to the standard normal distribution", () => {
    fc.assert(fc.property(gaussian, gaussian, (one, other) => {
      const [p, q] = [one, other].map(({ mean, logVariance }) => ({ mean: real(mean), logVariance: real(logVariance) })) as [{ mean: Tensor; logVariance: Tensor }, { mean: Tensor; logVariance: Tensor }];
      expect(gaussianKlDivergence(p, { prior: q }).item()).toBeGreaterThanOrEqual(0);
      expect(gaussianKlDivergence(p, { prior: p }).item()).toBe(0);
      expect(gaussianKlDivergence(p, { prior: { mean: real([0, 0]), logVariance: real([0, 0]) } }).item()).toBeCloseTo(gaussianKlDivergence(p).item(), 10);
    }));
  });

  test("keeps its digits near the prior", () => {
    expect(gaussianKlDivergence({ mean: tensor([0]), logVariance: tensor([1e-3]) }).item()).toBeCloseTo(0.25e-6, 9);
  });

  test("errors", () => {
    const mean = zeros([2, 3]);
    expect(() => gaussianKlDivergence({ mean, logVariance: zeros([2]) })).toThrowErrorMatchingInlineSnapshot(`[ShapeError: gaussianKlDivergence: mean [2, 3] and logVariance [2] differ in shape; reshape or expand one]`);
    expect(() => gaussianKlDivergence({ mean, logVariance: mean }, { prior: { mean: zeros([3]), logVariance: zeros([3]) } })).toThrowErrorMatchingInlineSnapshot(`[ShapeError: gaussianKlDivergence: mean [2, 3] and prior.mean [3] differ in shape; reshape or expand one]`);
    expect(() => gaussianKlDivergence({ mean: zeros([]), logVariance: zeros([]) })).toThrowErrorMatchingInlineSnapshot(`[ShapeError: gaussianKlDivergence: mean is [], expected [..., D]]`);
  });
});
