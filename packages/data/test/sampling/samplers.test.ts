import { array, assert, nat, pre, property } from "fast-check";
import { tensor } from "@nn/tensor";
import { describe, expect, it, test } from "vitest";
import { ArrayDataset, balancedSampler, DataLoader, weightedSampler, type DataLoaderOptions, type Sampler } from "../../src/index.js";

/** How often each item comes in a number of epochs. */
function counts(sampler: Sampler, items: number, epochs: number): number[] {
  const result = new Array<number>(items).fill(0);
  for (let epoch = 0; epoch < epochs; epoch++) for (const index of Array.from(sampler.indices(1, epoch))) result[index] = (result[index] ?? 0) + 1;
  return result;
}

describe("weightedSampler", () => {
  it("draws items in proportion to their weights", () => {
    const weights = [1, 0, 2, 5, 2];
    const observed = counts(weightedSampler(tensor(weights), { count: 1000 }), 5, 20);
    // Pearson's χ² with 3 degrees of freedom: above 16.3 with a probability of 0.001.
    const chiSquare = [0, 2, 3, 4].reduce((sum, item) => {
      const expected = (20000 * (weights[item] ?? 0)) / 10;
      return sum + ((observed[item] ?? 0) - expected) ** 2 / expected;
    }, 0);
    expect(chiSquare).toBeLessThan(16.3);
    expect(observed[1]).toBe(0);
  });

  it("draws without replacement in proportion to the weights of the remaining items", () => {
    const weights = [1, 2, 3];
    const sampler = weightedSampler(weights, { count: 2, replacement: false });
    const observed = new Map<string, number>();
    const epochs = 6000;
    for (let epoch = 0; epoch < epochs; epoch++) {
      const drawn = String(Array.from(sampler.indices(3, epoch)));
      observed.set(drawn, (observed.get(drawn) ?? 0) + 1);
    }
    let chiSquare = 0;
    for (const first of [0, 1, 2]) {
      for (const second of [0, 1, 2]) {
        if (first === second) continue;
        const [a = 0, b = 0] = [weights[first], weights[second]];
        const expected = epochs * (a / 6) * (b / (6 - a));
        chiSquare += ((observed.get(`${first},${second}`) ?? 0) - expected) ** 2 / expected;
      }
    }
    // 5 degrees of freedom: above 20.5 with a probability of 0.001.
    expect(chiSquare).toBeLessThan(20.5);
  });

  it("never draws an item twice, or one of weight 0, without replacement", () => {
    assert(property(array(nat(3), { minLength: 1, maxLength: 30 }), nat(), (weights, seed) => {
      const positive = weights.filter((weight) => weight > 0).length;
      pre(positive > 0);
      const drawn = Array.from(weightedSampler(weights, { count: positive, replacement: false }).indices(seed, 0));
      expect(drawn.toSorted((a, b) => a - b)).toEqual(weights.flatMap((weight, index) => (weight > 0 ? [index] : [])));
    }));
  });

  it("refuses weights and counts that cannot be drawn", () => {
    expect(() => weightedSampler([1, -1])).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: weightedSampler: weight 1 is -1, expected a finite number of at least 0]`);
    expect(() => weightedSampler([1, Number.NaN])).toThrow("weight 1 is NaN");
    expect(() => weightedSampler([0, 0])).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: weightedSampler: the sum of the weights is 0, expected a finite sum above 0]`);
    expect(() => weightedSampler([])).toThrow("there are no weights");
    expect(() => weightedSampler([1, 0, 1], { replacement: false })).toThrowErrorMatchingInlineSnapshot(
      `[ArgumentError: weightedSampler: count is 3, but there are 2 items with a weight above 0; set replacement: true, or a smaller count]`,
    );
    expect(() => weightedSampler([1], { counts: 3 } as never)).toThrow("did you mean");
  });
});

describe("balancedSampler", () => {
  it("draws every class equally often, and repeats an item only after all items of its class", () => {
    const labels = tensor([0, 0, 0, 0, 0, 0, 0, 1, 1, 2], { dtype: "int32" });
    const observed = counts(balancedSampler(labels, { count: 12 }), 10, 1);
    expect(observed.slice(0, 7).filter((count) => count === 1)).toHaveLength(4);
    expect(observed.slice(7)).toEqual([2, 2, 4]);
  });

  it("gives the remainder to different classes in each epoch", () => {
    const sampler = balancedSampler(["a", "b", "c"], { count: 4 });
    const observed = counts(sampler, 3, 3000);
    expect(observed.reduce((a, b) => a + b)).toBe(12000);
    for (const count of observed) expect(Math.abs(count - 4000)).toBeLessThan(150);
  });

  it("draws independently with replacement, but equally many of each class", () => {
    const observed = counts(balancedSampler([0, 0, 0, 1], { count: 1000, replacement: true }), 4, 1);
    expect(observed[3]).toBe(500);
    for (const count of observed.slice(0, 3)) expect(Math.abs(count - 500 / 3)).toBeLessThan(50);
  });

  it("refuses missing labels", () => {
    expect(() => balancedSampler([])).toThrow("there are no labels");
    expect(() => balancedSampler(["a", undefined as never])).toThrow("item 1 has no class");
  });
});

describe("DataLoader with a sampler", () => {
  const items = Array.from({ length: 20 }, (_, index) => index);
  const data = new ArrayDataset(items);
  const weights = items.map((index) => index + 1);
  const kinds: readonly (() => Sampler)[] = [
    () => weightedSampler(weights),
    () => weightedSampler(weights, { count: 11, replacement: false }),
    () => balancedSampler(items.map((index) => index % 3), { count: 31 }),
  ];
  const plain = (loader: Iterable<{ toArray(): unknown }>): unknown[] => Array.from(loader, (batch) => batch.toArray());

  test.each(kinds)("continues an epoch from a saved position with the same items: %#", async (sampler) => {
    const options = (): DataLoaderOptions<number, never> => ({ batchSize: 3, sampler: sampler() });
    const whole = new DataLoader(data, { ...options(), seed: 4 } as DataLoaderOptions<number, { toArray(): unknown }>);
    const epochs = [plain(whole), plain(whole)];
    expect(epochs[0]).not.toEqual(epochs[1]);
    expect(epochs[0]).toHaveLength(whole.length);
    for (const stopAt of [1, 3]) {
      const stopped = new DataLoader(data, { ...options(), seed: 4 } as DataLoaderOptions<number, { toArray(): unknown }>);
      plain(stopped);
      let seen = 0;
      for (const batch of stopped) if (batch !== undefined && ++seen === stopAt) break;
      const resumed = new DataLoader(data, { ...options(), seed: 77 } as DataLoaderOptions<number, { toArray(): unknown }>);
      resumed.loadStateDict(JSON.parse(JSON.stringify(stopped.stateDict())));
      const rest: unknown[] = [];
      for await (const batch of resumed) rest.push(batch.toArray());
      expect(rest).toEqual(epochs[1]?.slice(stopAt));
    }
  });

  it("takes user-defined samplers, and checks their results", () => {
    const backwards: Sampler = { length: 3, indices: () => [2, 1, 0], toString: () => "backwards" };
    expect(plain(new DataLoader(data, { sampler: backwards }))).toEqual([[2, 1, 0]]);
    const wrong = (length: number, indices: unknown): (() => unknown) => () => [...new DataLoader(data, { sampler: { length, indices: () => indices as number[] } })];
    expect(wrong(1, [20])).toThrowErrorMatchingInlineSnapshot(`[UsageError: DataLoader: the sampler gave the index 20, expected 0 to 19; was it made for another data set?]`);
    expect(wrong(2, [1])).toThrowErrorMatchingInlineSnapshot(`[UsageError: DataLoader: the sampler gave 1 indices, expected 2, its length]`);
    expect(wrong(1, 4)).toThrow("expected a list of indices");
    expect(() => new DataLoader(data, { sampler: {} as never })).toThrow("sampler is an object, expected a sampler");
    expect(() => new DataLoader(data, { sampler: backwards, shuffle: true })).toThrow("shuffle and sampler are both given");
    expect(() => new DataLoader(function* () {}() as Iterable<number>, { sampler: backwards })).toThrow("cannot be sampled");
  });

  it("refuses a position of another sampler, or without a sampler", () => {
    const one = new DataLoader(data, { sampler: weightedSampler(weights) });
    const other = new DataLoader(data, { sampler: weightedSampler(weights, { count: 40 }) });
    expect(() => other.loadStateDict(one.stateDict())).toThrow("has sampler weighted sampler: 20 of 20 items, with replacement, this loader");
    expect(() => new DataLoader(data).loadStateDict(one.stateDict())).toThrow("sampler");
    expect(() => one.loadStateDict(new DataLoader(data).stateDict())).toThrow("sampler");
    expect(String(one)).toBe("DataLoader over ArrayDataset of 20 items, 1 batches of 32, weighted sampler: 20 of 20 items, with replacement, epoch 0");
  });
});
