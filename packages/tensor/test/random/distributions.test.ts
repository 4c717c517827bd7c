import { describe, expect, test } from "vitest";
import {
  bernoulli, categorical, exponential, full, Generator, normal, permutation, randomIntegers, tensor, truncatedNormal, uniform,
} from "../../src/index.js";
import { erf } from "../../src/special/error-function.js";
import { messagesOf } from "../message.js";
import { correlation, countsOf, expectDistribution, expectFrequencies, momentsOf } from "./distance.js";

const count = 20_000;
const seeded = (seed = 1): { readonly generator: Generator } => ({ generator: new Generator(seed) });
const standardNormal = (x: number): number => (1 + erf(x / Math.SQRT2)) / 2;

describe.each(["float32", "float64"] as const)("in %s", (dtype) => {
  const precision = dtype === "float32" ? 2 ** 24 : 2 ** 53;

  test("uniform numbers are uniform multiples of the dtype's precision", () => {
    const values = uniform([count], { dtype, ...seeded() }).toTypedArray();
    expectDistribution(values, (x) => x);
    expect(values.every((value) => value >= 0 && value < 1 && Number.isInteger(value * precision))).toBe(true);
    expect(values.some((value) => !Number.isInteger((value * precision) / 2))).toBe(true);
  });

  test("uniform numbers lie in their interval", () => {
    for (const [low, high] of [[-3, 5], [1, 2], [1, 1 + 2 ** -22], [-1, 0], [1e6, 1e6 + 1], [-1e-3, 1e-3], [-2, -1.9]] as const) {
      const values = uniform([count], { low, high, dtype, ...seeded() }).toTypedArray();
      expect(values.every((value) => value >= Math.fround(low) || value >= low)).toBe(true);
      expect(values.every((value) => value < high)).toBe(true);
    }
    expectDistribution(uniform([count], { low: -3, high: 5, dtype, ...seeded() }).toTypedArray(), (x) => (x + 3) / 8);
    expect(uniform([2], { low: 2, high: 2, dtype, ...seeded() }).toArray()).toEqual([2, 2]);
  });

  test("normal numbers are normal", () => {
    const values = normal([count], { dtype, ...seeded() }).toTypedArray();
    expectDistribution(values, standardNormal);
    const { mean, std, skewness, kurtosis } = momentsOf(values);
    const scale = 4 / Math.sqrt(count);
    expect(Math.abs(mean)).toBeLessThan(scale);
    expect(Math.abs(std - 1)).toBeLessThan(scale / Math.SQRT2);
    expect(Math.abs(skewness)).toBeLessThan(scale * Math.sqrt(6));
    expect(Math.abs(kurtosis)).toBeLessThan(scale * Math.sqrt(24));
  });

  test("normal numbers are scaled and moved", () => {
    const plain = normal([100], { dtype, ...seeded() }).toTypedArray();
    const moved = normal([100], { mean: 3, std: 0.5, dtype, ...seeded() }).toTypedArray();
    moved.forEach((value, at) => expect(value).toBeCloseTo(3 + 0.5 * (plain[at] as number), 6));
  });

  test("truncated normal numbers follow the distribution between their bounds", () => {
    const cases = [{ low: -1, high: 1 }, { low: 0.5, high: 2.5 }, { low: 3, high: Infinity }, { low: -Infinity, high: 0 }] as const;
    for (const { low, high } of cases) {
      const values = truncatedNormal([count], { low, high, dtype, ...seeded() }).toTypedArray();
      const [start, stop] = [standardNormal(low), standardNormal(high)];
      expect(values.every((value) => value >= low && value <= high && Number.isFinite(value))).toBe(true);
      expectDistribution(values, (x) => (standardNormal(x) - start) / (stop - start));
    }
  });

  test("truncation is by default at two standard deviations", () => {
    const values = truncatedNormal([count], { mean: 1, std: 0.02, dtype, ...seeded() }).toTypedArray();
    expect(Math.min(...values)).toBeGreaterThanOrEqual(Math.fround(0.96));
    expect(Math.max(...values)).toBeLessThanOrEqual(Math.fround(1.04));
    expect(Math.max(...values) - Math.min(...values)).toBeGreaterThan(0.0795);
  });

  test("waiting times are exponential", () => {
    const values = exponential([count], { rate: 2, dtype, ...seeded() }).toTypedArray();
    expectDistribution(values, (x) => 1 - Math.exp(-2 * x));
  });

  test("neighbours and successive draws are not correlated", () => {
    const generator = new Generator(8);
    const first = normal([count], { dtype, generator }).toTypedArray();
    const second = normal([count], { dtype, generator }).toTypedArray();
    for (const lag of [1, 2, 3, 4, 5]) {
      expect(Math.abs(correlation(first.slice(lag), first.slice(0, -lag)))).toBeLessThan(4 / Math.sqrt(count));
    }
    expect(Math.abs(correlation(first, second))).toBeLessThan(4 / Math.sqrt(count));
    const other = normal([count], { dtype, generator: new Generator(9) }).toTypedArray();
    expect(Math.abs(correlation(first, other))).toBeLessThan(4 / Math.sqrt(count));
  });
});

describe("bernoulli", () => {
  test("succeeds with its probability", () => {
    for (const p of [0, 0.001, 0.3, 0.5, 1]) {
      const successes = bernoulli(p, [count], { dtype: "int32", ...seeded() }).toTypedArray();
      expectFrequencies(countsOf(successes, 2), [1 - p, p]);
    }
  });

  test("takes a tensor of probabilities, which broadcasts", () => {
    const values = bernoulli(tensor([[0], [1], [0.25]]), [3, count], seeded());
    expect(values.dtype).toBe("float32");
    const rows = [0, 1, 2].map((row) => countsOf(values.slice([row]).toTypedArray(), 2));
    [0, 1, 0.25].forEach((p, row) => expectFrequencies(rows[row] as number[], [1 - p, p]));
    expect(bernoulli(full([2, 2], 1, { dtype: "float64" }), undefined, seeded())).toMatchObject({ shape: [2, 2], dtype: "float64" });
  });

  test("gives the requested dtype, by default float32", () => {
    expect(bernoulli(1, [2], seeded()).toArray()).toEqual([1, 1]);
    expect(bernoulli(1, [2], { dtype: "bool", ...seeded() }).toArray()).toEqual([true, true]);
    expect(bernoulli(0.5, undefined, seeded()).shape).toEqual([]);
  });
});

describe("randomIntegers", () => {
  test("are uniform from low to high - 1", () => {
    const values = randomIntegers([count], { low: -3, high: 4, ...seeded() });
    expect(values.dtype).toBe("int32");
    expectFrequencies(countsOf(values.toTypedArray().map((value) => value + 3), 7), new Array<number>(7).fill(1 / 7));
  });

  test("cover all of int32", () => {
    const values = randomIntegers([count], { low: -(2 ** 31), high: 2 ** 31, ...seeded() }).toTypedArray();
    expectDistribution(values, (x) => (x + 2 ** 31) / 2 ** 32);
    expect(randomIntegers([3], { low: 2 ** 31 - 1, high: 2 ** 31, ...seeded() }).toArray()).toEqual([2 ** 31 - 1, 2 ** 31 - 1, 2 ** 31 - 1]);
  });
});

describe("permutation", () => {
  test("holds every number once", () => {
    const values = permutation(1000, seeded());
    expect(values.dtype).toBe("int32");
    expect([...values.toTypedArray()].toSorted((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, at) => at));
    expect(permutation(0, seeded()).toArray()).toEqual([]);
  });

  test("gives all orders equally often", () => {
    const { generator } = seeded();
    const orders = new Map<string, number>();
    for (let draw = 0; draw < 2400; draw++) {
      const order = String(permutation(4, { generator }).toArray());
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    expect(orders.size).toBe(24);
    expectFrequencies([...orders.values()], new Array<number>(24).fill(1 / 24));
  });
});

describe("categorical", () => {
  const probabilities = [0.5, 0, 0.2, 0.3];

  test("draws classes with their probabilities, from probabilities or logits", () => {
    const fromProbabilities = categorical({ probabilities: tensor(probabilities) }, { samples: count, ...seeded() });
    expectFrequencies(countsOf(fromProbabilities.toTypedArray(), 4), probabilities);
    const logits = tensor(probabilities.map((p) => 7 + Math.log(p)));
    expectFrequencies(countsOf(categorical({ logits }, { samples: count, ...seeded(2) }).toTypedArray(), 4), probabilities);
    const unscaled = categorical({ probabilities: tensor(probabilities.map((p) => 10 * p), { dtype: "float64" }) }, { samples: count, ...seeded(3) });
    expectFrequencies(countsOf(unscaled.toTypedArray(), 4), probabilities);
  });

  test("draws from every distribution of a batch", () => {
    const batch = tensor([[1, 0, 0], [0, 0, 1]]);
    expect(categorical({ probabilities: batch }, seeded()).toArray()).toEqual([0, 2]);
    expect(categorical({ probabilities: batch }, { samples: 2, ...seeded() }).toArray()).toEqual([[0, 0], [2, 2]]);
    expect(categorical({ probabilities: tensor([0, 1]) }, { replacement: false, ...seeded() })).toMatchObject({ shape: [], dtype: "int32" });
  });

  test("without replacement draws each class once, the first with its probability, the next among the others", () => {
    const weights = tensor([[0.5, 0.2, 0.3]]).expand([count, 3]);
    const draws = categorical({ probabilities: weights }, { samples: 3, replacement: false, ...seeded() }).toTypedArray();
    const pairs = countsOf(Array.from({ length: count }, (_, row) => (draws[3 * row] as number) * 3 + (draws[3 * row + 1] as number)), 9);
    const p = [0.5, 0.2, 0.3];
    expectFrequencies(pairs, p.flatMap((first, a) => p.map((second, b) => (a === b ? 0 : (first * second) / (1 - first)))));
    for (let row = 0; row < 50; row++) expect(new Set(draws.slice(3 * row, 3 * row + 3)).size).toBe(3);
  });
});

test("errors name the distribution and what it expects", () => {
  const attempts = {
    "uniform bounds": () => uniform([2], { low: 1, high: 0 }),
    "uniform infinite": () => uniform([2], { low: -Infinity }),
    "uniform shape": () => uniform([-1]),
    "normal std": () => normal([2], { std: -1 }),
    "normal mean": () => normal([2], { mean: NaN }),
    "truncatedNormal bounds": () => truncatedNormal([2], { low: 1, high: 1 }),
    "truncatedNormal far": () => truncatedNormal([2], { low: 100, high: 101 }),
    "exponential rate": () => exponential([2], { rate: 0 }),
    "bernoulli number": () => bernoulli(1.5, [2]),
    "bernoulli dtype": () => bernoulli(tensor([true])),
    "bernoulli shape": () => bernoulli(tensor([0.5, 0.5]), [3]),
    "randomIntegers bounds": () => randomIntegers([2], { low: 3, high: 3 }),
    "randomIntegers range": () => randomIntegers([2], { high: 2 ** 32 }),
    "permutation length": () => permutation(-1),
    "categorical scalar": () => categorical({ logits: tensor(1) }),
    "categorical dtype": () => categorical({ probabilities: tensor([1, 2], { dtype: "int32" }) }),
    "categorical samples": () => categorical({ logits: tensor([1, 2]) }, { samples: 3, replacement: false }),
    // @ts-expect-error logits or probabilities must be named
    "categorical bare tensor": () => categorical(tensor([1, 2])),
  };
  expect(messagesOf(attempts)).toMatchInlineSnapshot(`
    {
      "bernoulli dtype": "DTypeError: bernoulli: p has dtype bool, expected float32 or float64; convert it with .cast("float32")",
      "bernoulli number": "ArgumentError: bernoulli: p is 1.5, expected a number from 0 to 1",
      "bernoulli shape": "ShapeError: bernoulli: cannot broadcast [2] with [3] (sizes 2 and 3 on axis -1); sizes must be equal or 1",
      "categorical bare tensor": "ArgumentError: categorical: the options are a Tensor, expected an object such as { logits: …, probabilities: … }",
      "categorical dtype": "DTypeError: categorical: probabilities has dtype int32, expected float32 or float64; convert it with .cast("float32")",
      "categorical samples": "ArgumentError: categorical: cannot draw 3 samples from 2 classes without replacement",
      "categorical scalar": "ShapeError: categorical: weights are [], expected at least one class along a last axis",
      "exponential rate": "ArgumentError: exponential: rate is 0, expected a positive number",
      "normal mean": "ArgumentError: normal: mean is NaN, expected a finite number",
      "normal std": "ArgumentError: normal: std is -1, expected a number, at least 0",
      "permutation length": "ArgumentError: permutation: length is -1, expected a whole number, at least 0",
      "randomIntegers bounds": "ArgumentError: randomIntegers: low 3 and high 3, expected whole numbers from -2^31 to 2^31, low below high",
      "randomIntegers range": "ArgumentError: randomIntegers: low 0 and high 4294967296, expected whole numbers from -2^31 to 2^31, low below high",
      "truncatedNormal bounds": "ArgumentError: truncatedNormal: no probability between low 1 and high 1 for mean 0 and std 1",
      "truncatedNormal far": "ArgumentError: truncatedNormal: no probability between low 100 and high 101 for mean 0 and std 1",
      "uniform bounds": "ArgumentError: uniform: low 1 and high 0, expected finite numbers, low not above high",
      "uniform infinite": "ArgumentError: uniform: low is -Infinity, expected a finite number",
      "uniform shape": "ShapeError: uniform: [-1] is not a shape; sizes are non-negative whole numbers",
    }
  `);
});
