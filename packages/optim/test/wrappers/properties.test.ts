import * as fc from "fast-check";
import { gradientsOf, tensor, Variable } from "@nn/tensor";
import { expect, test } from "vitest";
import { Adam, ExponentialMovingAverage, GradientAccumulation, LookAhead, StochasticWeightAverage, type Updater } from "../../src/index.js";

const numbers = fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 1, maxLength: 12 });
const variable = (): Variable => new Variable(tensor([1], { dtype: "float64" }));
const take = (optimizer: Updater, gradients: readonly number[]): void => {
  for (const gradient of gradients) optimizer.step(gradientsOf(optimizer.parameters, [tensor([gradient], { dtype: "float64" })]));
};

test("rounds of accumulation equal steps with the means, and an unfinished round changes nothing", () => {
  fc.assert(fc.property(numbers, fc.integer({ min: 1, max: 4 }), (gradients, every) => {
    const [x, y] = [variable(), variable()];
    take(new GradientAccumulation(new Adam([x], { learningRate: 0.1 }), { every }), gradients);
    const means = Array.from({ length: Math.floor(gradients.length / every) }, (_, round) =>
      gradients.slice(round * every, (round + 1) * every).reduce((sum, each) => sum + each, 0) / every);
    // Adam makes a step of whatever size the gradient has, so that rounding shows where that is about its epsilon.
    fc.pre(means.every((mean) => mean === 0 || Math.abs(mean) > 1e-3));
    take(new Adam([y], { learningRate: 0.1 }), means);
    expect(x.value.item()).toBeCloseTo(y.value.item(), 8);
  }));
});

test("look-ahead stays between its previous weights and those of its optimizer", () => {
  fc.assert(fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: -10, max: 10, noNaN: true }), (fraction, gradient) => {
    const [x, y] = [variable(), variable()];
    take(new LookAhead(new Adam([x], { learningRate: 0.1 }), { every: 1, fraction }), [gradient]);
    take(new Adam([y], { learningRate: 0.1 }), [gradient]);
    expect(x.value.item()).toBeCloseTo(1 + fraction * (y.value.item() - 1), 12);
  }));
});

test("averages lie between the smallest and the largest averaged value", () => {
  fc.assert(fc.property(numbers, fc.double({ min: 0, max: 0.99, noNaN: true }), (values, decay) => {
    const x = variable();
    const averages = [new ExponentialMovingAverage([x], { decay }), new StochasticWeightAverage([x])];
    for (const value of values) {
      x.value = tensor([value], { dtype: "float64" });
      for (const average of averages) average.update();
    }
    for (const average of averages) {
      const [value] = average.values;
      expect(value?.item()).toBeGreaterThanOrEqual(Math.min(...values) - 1e-12);
      expect(value?.item()).toBeLessThanOrEqual(Math.max(...values) + 1e-12);
    }
    expect(averages[1]?.values[0]?.item()).toBeCloseTo(values.reduce((sum, each) => sum + each, 0) / values.length, 10);
  }));
});
