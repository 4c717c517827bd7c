import { describe, expect, test } from "vitest";
import { gamma, Generator, lgamma, poisson, tensor } from "../../src/index.js";
import { messagesOf } from "../message.js";
import { countsOf, expectDistribution, expectFrequencies, momentsOf } from "./distance.js";

const count = 5_000;
const seeded = (seed = 1): { readonly generator: Generator } => ({ generator: new Generator(seed) });
const logGamma = (x: number): number => lgamma(tensor(x, { dtype: "float64" })).item();

/** The distribution function of the gamma distribution of rate 1, by its series. */
function gammaDistribution(a: number): (x: number) => number {
  const start = logGamma(a + 1);
  return (x) => {
    let term = Math.exp(a * Math.log(x) - x - start);
    let sum = term;
    for (let n = 1; term > sum * 1e-17 || n < x; n++) {
      term *= x / (a + n);
      sum += term;
    }
    return Math.min(1, sum);
  };
}

describe.each(["float32", "float64"] as const)("gamma numbers in %s", (dtype) => {
  test.each([0.05, 0.5, 1, 1.5, 3, 20, 500])("follow the distribution of the concentration %d", (concentration) => {
    const values = gamma([count], { concentration, dtype, ...seeded(3) }).toTypedArray();
    expect(values.every((value) => value > 0)).toBe(true);
    expectDistribution(values, gammaDistribution(concentration));
    const { mean, std } = momentsOf(values);
    const spread = Math.sqrt(concentration);
    expect(Math.abs(mean - concentration)).toBeLessThan((4 * spread) / Math.sqrt(count));
    expect(Math.abs(std - spread)).toBeLessThan((4 * spread * Math.sqrt(2 + 6 / concentration)) / (2 * Math.sqrt(count)));
  });

  test("are divided by the rate", () => {
    const plain = gamma([5], { concentration: 0.7, dtype, ...seeded() }).toTypedArray();
    gamma([5], { concentration: 0.7, rate: 4, dtype, ...seeded() }).toTypedArray().forEach((value, at) => expect(value / ((plain[at] as number) / 4)).toBeCloseTo(1, 6));
  });

  test("keep their spread at a huge concentration", () => {
    const { mean, std } = momentsOf(gamma([count], { concentration: 1e6, dtype, ...seeded() }).toTypedArray());
    expect(Math.abs(mean - 1e6)).toBeLessThan(4e3 / Math.sqrt(count));
    expect(Math.abs(std / 1e3 - 1)).toBeLessThan(4 / Math.sqrt(2 * count));
  });

  test("are positive at a tiny concentration", () => {
    expect(Array.from(gamma([100], { concentration: 1e-4, dtype, ...seeded() }).toTypedArray()).every((value) => value > 0 && value < 1000)).toBe(true);
  });
});

/** Probabilities of 0 … last events, the last one's with all above. */
function poissonProbabilities(rate: number, last: number): number[] {
  const each = Array.from({ length: last }, (_, k) => Math.exp(k * Math.log(rate) - rate - logGamma(k + 1)));
  return [...each, 1 - each.reduce((sum, p) => sum + p, 0)];
}

describe.each(["int32", "float32", "float64"] as const)("numbers of events in %s", (dtype) => {
  test.each(([[0.3, 4], [4, 12], [9.99, 20], [10, 21], [30, 50], [100, 140]] as const).slice(dtype === "float32" ? 0 : 4))("follow the Poisson distribution at the rate %d", (rate, last) => {
    const generator = new Generator(6);
    const numbers = [poisson(rate, [count], { dtype, generator }), poisson(tensor(rate, { dtype: "float64" }), [count], { dtype, generator })];
    for (const drawn of numbers) {
      expect([drawn.dtype, drawn.shape]).toEqual([dtype, [count]]);
      const values = drawn.toTypedArray();
      expect(values.every((value) => Number.isInteger(value) && value >= 0)).toBe(true);
      // Rare numbers are counted together, so that few are expected nowhere.
      const first = Math.max(0, Math.floor(rate - 3 * Math.sqrt(rate)));
      const grouped = Array.from(values, (value) => Math.max(0, Math.min(value, last) - first));
      const probabilities = poissonProbabilities(rate, last);
      const below = probabilities.slice(0, first + 1).reduce((sum, p) => sum + p, 0);
      expectFrequencies(countsOf(grouped, last - first + 1), [below, ...probabilities.slice(first + 1)]);
    }
  });

  test("have the mean and the variance of a large rate", () => {
    for (const rate of [1e3, 1e6]) {
      const { mean, std } = momentsOf(poisson(rate, [count], { dtype, ...seeded(2) }).toTypedArray());
      expect(Math.abs(mean - rate)).toBeLessThan(4 * Math.sqrt(rate / count));
      expect(Math.abs(std ** 2 / rate - 1)).toBeLessThan(4 * Math.sqrt(2 / count));
    }
  });
});

test("each rate of a tensor has its own number", () => {
  const rates = tensor([[0, 1e-3, 5], [50, 1e4, 1e9]], { dtype: "float64" });
  const drawn = poisson(rates, [2000, 2, 3], seeded());
  const values = drawn.toTypedArray();
  rates.toTypedArray().forEach((rate, at) => {
    const { mean } = momentsOf(values.filter((_, position) => position % 6 === at));
    expect(Math.abs(mean - rate)).toBeLessThan(4.5 * Math.sqrt(Math.max(rate, 1e-3) / 2000) * (rate === 0 ? 0 : 1) + Number.MIN_VALUE);
  });
});

test("draws the same numbers for the same number of elements", () => {
  for (const draw of [(shape: readonly number[]) => gamma(shape, { concentration: 2, ...seeded() }), (shape: readonly number[]) => poisson(20, shape, seeded())]) {
    expect(draw([6]).toTypedArray()).toEqual(draw([2, 3]).toTypedArray());
    expect(draw([0, 3]).shape).toEqual([0, 3]);
  }
});

test("refuses invalid parameters", () => {
  const wrong = (value: unknown): never => value as never;
  expect(messagesOf({
    "no concentration": () => Reflect.apply(gamma, undefined, [[2]]),
    "concentration 0": () => gamma([2], { concentration: 0 }),
    "a tensor": () => gamma([2], { concentration: wrong(tensor([1, 2])) }),
    "rate": () => gamma([2], { concentration: 1, rate: NaN }),
    "scale": () => gamma([2], wrong({ concentration: 1, scale: 2 })),
    "poisson rate": () => poisson(-1, [2]),
    "poisson rates": () => poisson(tensor([1, NaN])),
    "poisson infinite rates": () => poisson(tensor([[1], [Infinity]]), [2, 3]),
    "poisson int32": () => poisson(1e10, [2], { dtype: "int32" }),
    "poisson whole rates": () => poisson(tensor([1], { dtype: "int32" })),
    "poisson shape": () => poisson(tensor([1, 2]), [3]),
    "poisson bool": () => poisson(1, [3], { dtype: wrong("bool") }),
  })).toMatchInlineSnapshot(`
    {
      "a tensor": "ArgumentError: gamma: concentration is a Tensor, expected a positive number",
      "concentration 0": "ArgumentError: gamma: concentration is 0, expected a positive number",
      "no concentration": "ArgumentError: gamma: concentration is undefined, expected a positive number",
      "poisson bool": "ArgumentError: poisson: dtype is the string "bool", expected "int32", "float32" or "float64"",
      "poisson infinite rates": "ArgumentError: poisson: rate holds a value that is not a finite number, at least 0",
      "poisson int32": "ArgumentError: poisson: numbers of rate 10000000000 do not fit into int32; use a float dtype",
      "poisson rate": "ArgumentError: poisson: rate is -1, expected a number, at least 0",
      "poisson rates": "ArgumentError: poisson: rate holds a value that is not a finite number, at least 0",
      "poisson shape": "ShapeError: poisson: cannot broadcast [2] with [3] (sizes 2 and 3 on axis -1); sizes must be equal or 1",
      "poisson whole rates": "DTypeError: poisson: rate has dtype int32, expected float32 or float64; convert it with .cast("float32")",
      "rate": "ArgumentError: gamma: rate is NaN, expected a positive number",
      "scale": "ArgumentError: gamma: there is no option "scale"; its options are concentration, rate, dtype, generator",
    }
  `);
});
