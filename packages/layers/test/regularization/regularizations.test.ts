import { valueAndGrad } from "@nn/autograd";
import { Generator, ones, sum, Variable } from "@nn/tensor";
import { expect, test } from "vitest";
import { AlphaDropout, Dropout, Dropout1d, Dropout2d, Dropout3d, FeatureAlphaDropout, GaussianNoise, StochasticDepth } from "../../src/index.js";

const seeded = (seed = 1) => ({ generator: new Generator(seed) });
/** The sets of values within each unit of the leading axes. */
function valuesPerUnit(y: { toTypedArray(): ArrayLike<number> }, units: number): Set<number>[] {
  const values = Array.from(y.toTypedArray());
  const size = values.length / units;
  return Array.from({ length: units }, (_, unit) => new Set(values.slice(unit * size, (unit + 1) * size)));
}

test.each([
  [new Dropout1d(0.5, seeded()), [8, 16, 5], 128], [new Dropout2d(0.5, seeded()), [8, 16, 3, 3], 128], [new Dropout3d(0.5, seeded()), [8, 16, 2, 2, 2], 128],
  [new Dropout2d(0.5, seeded()), [128, 3, 3], 128], [new StochasticDepth(0.5, seeded()), [128, 6], 128], [new StochasticDepth(0.5, { ...seeded(), mode: "batch" }), [4, 6], 1],
])("%o drops whole units", (layer, shape, units) => {
  const sets = valuesPerUnit(layer.forward(ones(shape)), units);
  sets.forEach((values) => expect(values.size).toBe(1));
  const kept = sets.filter((values) => values.has(2)).length;
  expect(sets.filter((values) => values.has(0)).length + kept).toBe(units);
  // Five standard deviations of a binomial count.
  expect(Math.abs(kept - units / 2)).toBeLessThan(5 * Math.sqrt(units / 4));
});

test.each([
  new Dropout1d(), new AlphaDropout(), new FeatureAlphaDropout(), new GaussianNoise(1), new StochasticDepth(0.5),
])("%o does nothing in evaluation", (layer) => {
  const x = ones([2, 3, 4]);
  expect(layer.eval().forward(x)).toBe(x);
});

test.each([new Dropout(1), new Dropout1d(1), new AlphaDropout(1), new StochasticDepth(1)])("%o drops everything, without NaN in gradients", (layer) => {
  const x = new Variable(ones([2, 3, 4]));
  const { value, gradients } = valueAndGrad(() => sum(layer.forward(x.value)), [x], { strict: false });
  expect(value.item()).toBe(0);
  expect(new Set(gradients[0].toTypedArray())).toEqual(new Set([0]));
});
