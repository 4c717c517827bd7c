import { Generator, manualSeed, tensor, type Tensor } from "@nn/tensor";
import { describe, expect, expectTypeOf, it } from "vitest";
import { ArrayDataset, DataLoader, IterableDataset, TensorDataset } from "../src/index.js";

const count = 10;
const data = new TensorDataset(
  tensor(Array.from({ length: count }, (_, index) => [index, index * index])),
  tensor(Array.from({ length: count }, (_, index) => index), { dtype: "int32" }),
);

function labels(loader: Iterable<readonly [Tensor, Tensor]>): number[][] {
  return Array.from(loader, ([, y]) => [...y.toTypedArray()]);
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const result: Item[] = [];
  for await (const item of items) result.push(item);
  return result;
}

const wait = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

describe("DataLoader over a data set", () => {
  it("gives all items in batches, in order", () => {
    const loader = new DataLoader(data, { batchSize: 4 });
    expect(loader.length).toBe(3);
    expect(labels(loader)).toEqual([[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]);
    const [[x, y] = []] = [...loader];
    expect(x?.toArray()).toEqual([[0, 0], [1, 1], [2, 4], [3, 9]]);
    expect(y?.dtype).toBe("int32");
    for (const batch of loader) expectTypeOf(batch).toEqualTypeOf<readonly [Tensor, Tensor]>();
  });

  it("leaves out the last batch on request", () => {
    const loader = new DataLoader(data, { batchSize: 4, dropLast: true });
    expect(loader.length).toBe(2);
    expect(labels(loader)).toEqual([[0, 1, 2, 3], [4, 5, 6, 7]]);
    expect(new DataLoader(data, { batchSize: 11, dropLast: true }).length).toBe(0);
  });

  it("shuffles again in each epoch, depending only on seed and epoch", () => {
    const loader = new DataLoader(data, { batchSize: 4, shuffle: true, seed: 7 });
    const epochs = [labels(loader), labels(loader), labels(loader)];
    for (const epoch of epochs) expect(epoch.flat().toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(new Set(epochs.map(String)).size).toBe(3);
    const again = new DataLoader(data, { batchSize: 3, shuffle: true, seed: 7 });
    again.epoch = 2;
    expect(labels(again).flat()).toEqual(epochs[2]?.flat());
    expect(again.epoch).toBe(3);
    expect(labels(new DataLoader(data, { shuffle: true, seed: 8 })).flat()).not.toEqual(epochs[0]?.flat());
  });

  it("takes its seed from manualSeed if none is given", () => {
    manualSeed(3);
    const first = labels(new DataLoader(data, { shuffle: true }));
    const second = labels(new DataLoader(data, { shuffle: true }));
    manualSeed(3);
    expect(labels(new DataLoader(data, { shuffle: true }))).toEqual(first);
    expect(second).not.toEqual(first);
    const drawn = (): number[][] => labels(new DataLoader(data, { shuffle: true, generator: new Generator(6) }));
    expect(drawn()).toEqual(drawn());
  });

  it("continues in the middle of an epoch from a saved state", () => {
    const options = { batchSize: 3, shuffle: true, seed: 5 } as const;
    const whole = new DataLoader(data, options);
    const epochs = [labels(whole), labels(whole)];
    const stopped = new DataLoader(data, options);
    labels(stopped);
    let seen = 0;
    for (const batch of stopped) if (batch.length > 0 && ++seen === 2) break;
    const saved = JSON.parse(JSON.stringify(stopped.stateDict()));
    expect(saved).toEqual({ seed: 5, epoch: 1, batch: 2, batchSize: 3, shuffle: true, items: 10 });
    const resumed = new DataLoader(data, { ...options, seed: 99 });
    resumed.loadStateDict(saved);
    expect(resumed.stateDict()).toEqual(saved);
    expect(labels(resumed)).toEqual(epochs[1]?.slice(2));
    expect(resumed.stateDict()).toEqual({ seed: 5, epoch: 2, batch: 0, batchSize: 3, shuffle: true, items: 10 });
    expect(labels(resumed)).toEqual(labels(whole));
  });

  it("starts the next epoch after a loop was left early", () => {
    const loader = new DataLoader(data, { shuffle: true, seed: 1 });
    for (const batch of loader) if (batch.length > 0) break;
    expect(loader.epoch).toBe(1);
  });

  it("uses the caller's collate", () => {
    const loader = new DataLoader(["a", "b", "c"], { batchSize: 2, collate: (items) => items.join("+") });
    expectTypeOf(loader).toEqualTypeOf<DataLoader<string, string>>();
    expect([...loader]).toEqual(["a+b", "c"]);
  });

  it("takes arrays and views", () => {
    expect([...new DataLoader([{ x: 1 }, { x: 2 }], { batchSize: 2 })].map(({ x }) => x.toArray())).toEqual([[1, 2]]);
    expect(labels(new DataLoader(data.skip(8)))).toEqual([[8, 9]]);
  });

  it("gives the same batches with for await", async () => {
    const loader = new DataLoader(data, { batchSize: 4, shuffle: true, seed: 2 });
    const asynchronous = await collect(loader);
    loader.epoch = 0;
    expect(labels(asynchronous)).toEqual(labels(loader));
    expect(loader.stateDict()).toEqual({ seed: 2, epoch: 1, batch: 0, batchSize: 4, shuffle: true, items: 10 });
  });

  it("awaits items that are promises", async () => {
    const slow = new ArrayDataset([1, 2, 3]).map(async (value) => {
      await wait();
      return { value };
    });
    const batches = await collect(new DataLoader(slow, { batchSize: 2 }));
    expect(batches.map(({ value }) => value.toArray())).toEqual([[1, 2], [3]]);
    expect(() => [...new DataLoader(slow)]).toThrow("iterate over the loader with `for await`");
    expect(() => [...new DataLoader(slow, { collate: (items) => items })]).toThrow("iterate over the loader with `for await`");
    expect(await collect(new DataLoader(slow, { batchSize: 2, collate: (items) => items.length }))).toEqual([2, 1]);
  });
});

describe("DataLoader over an iterable", () => {
  it("batches items as they arrive, and drops the rest on request", async () => {
    const source = new IterableDataset([1, 2, 3, 4, 5]);
    expect((await collect(new DataLoader(source, { batchSize: 2 }))).map((batch) => batch.toArray())).toEqual([[1, 2], [3, 4], [5]]);
    expect((await collect(new DataLoader(source, { batchSize: 2, dropLast: true }))).map((batch) => batch.toArray())).toEqual([[1, 2], [3, 4]]);
    expect(await collect(new DataLoader(new Set([1, 2]), { collate: (items) => items.length }))).toEqual([2]);
  });

  it("continues from a saved state", async () => {
    const loader = new DataLoader(() => [1, 2, 3, 4, 5], { batchSize: 2, collate: (items) => items.join("") });
    loader.loadStateDict({ seed: 0, epoch: 4, batch: 1, batchSize: loader.batchSize, shuffle: false, items: null });
    expect(await collect(loader)).toEqual(["34", "5"]);
    expect(await collect(loader)).toEqual(["12", "34", "5"]);
    expect(loader.epoch).toBe(6);
  });

  it("reads ahead while a batch is used, up to the given number", async () => {
    let made = 0;
    async function* source(): AsyncGenerator<number> {
      for (let at = 0; at < 20; at++) {
        await Promise.resolve();
        made++;
        yield at;
      }
    }
    const loader = new DataLoader(source, { batchSize: 1, prefetch: 3 });
    let used = 0;
    for await (const batch of loader) {
      expect(batch.toArray()).toEqual([used]);
      used++;
      await wait();
      expect(made).toBe(Math.min(20, used + 3));
    }
    expect(used).toBe(20);
    made = 0;
    for await (const batch of new DataLoader(source, { batchSize: 1, prefetch: 0 })) {
      await wait();
      expect(made).toBe((batch.item()) + 1);
    }
  });

  it("throws an error in its turn, and closes the source when a loop is left", async () => {
    const log: string[] = [];
    async function* source(): AsyncGenerator<number> {
      try {
        yield 1;
        yield 2;
        throw new Error("line 3 is broken");
      } finally {
        log.push("closed");
      }
    }
    const seen: number[] = [];
    const all = async (): Promise<void> => {
      for await (const batch of new DataLoader(source, { batchSize: 1, prefetch: 5 })) {
        await wait();
        seen.push(batch.item());
      }
    };
    await expect(all()).rejects.toThrow("line 3 is broken");
    expect(seen).toEqual([1, 2]);
    for await (const batch of new DataLoader(source, { batchSize: 1 })) if (batch.size > 0) break;
    expect(log).toEqual(["closed", "closed"]);
  });

  it("refuses options that need numbered items", async () => {
    const loader = new DataLoader(new Set([1]));
    expect(() => loader.length).toThrow("DataLoader: length needs a data set whose items are read by index; iterate with `for await`");
    expect(() => [...loader]).toThrow("iterate with `for await`");
    expect(() => new DataLoader(new Set([1]), { shuffle: true })).toThrow("an iterable cannot be shuffled");
  });
});

it("refuses options out of range", () => {
  expect(() => new DataLoader([1], { batchSize: 0 })).toThrow("DataLoader: batchSize is 0, expected a positive whole number");
  expect(() => new DataLoader([1], { prefetch: 0.5 })).toThrow("DataLoader: prefetch is 0.5");
  expect(() => new DataLoader([1], { seed: -1 })).toThrow("DataLoader: seed is -1");
  expect(() => {
    new DataLoader([1]).epoch = -1;
  }).toThrow("DataLoader: epoch is -1");
});

it("refuses values that are not data sets", () => {
  expect(() => new DataLoader(tensor([1, 2]) as never)).toThrowErrorMatchingInlineSnapshot(`[UsageError: DataLoader: got a Tensor; put it, with its labels, into a TensorDataset]`);
  expect(() => new DataLoader(undefined as never)).toThrowErrorMatchingInlineSnapshot(`[UsageError: DataLoader: got undefined, expected a data set, a list of items, or an iterable]`);
});

it("refuses misspelt options, wrong kinds, and states of others", () => {
  expect(() => new DataLoader([1], { shuffel: true } as never)).toThrow('DataLoader: there is no option "shuffel"; did you mean "shuffle"?');
  expect(() => new DataLoader([1], null as never)).toThrow("DataLoader: the options are null");
  expect(() => new DataLoader([1], { shuffle: 1 as never })).toThrow("DataLoader: shuffle is 1, expected true or false");
  expect(() => new DataLoader([1], { generator: {} as never })).toThrow("DataLoader: generator is an object, expected a Generator");
  expect(() => new DataLoader(null as never)).toThrow("DataLoader: got null, expected a data set");
  expect(() => new DataLoader({ length: 3 } as never)).toThrow("DataLoader: got an object, expected a data set");
  const loader = new DataLoader(data, { batchSize: 4 });
  const set = (state: unknown): void => {
    loader.loadStateDict(state as never);
  };
  expect(() => set(null)).toThrow("DataLoader.loadStateDict: the options are null");
  expect(() => set({ seed: 1, epoch: 0, batch: "1" })).toThrow('DataLoader.loadStateDict: batch is the string "1", expected a whole number');
  expect(() => set({ seed: 1, epoch: 0 })).toThrow("DataLoader.loadStateDict: batch is undefined, expected a whole number of at least 0");
  expect(() => set({ seed: 1, epoch: 0, batch: 4, batchSize: 4, shuffle: false, items: 10 })).toThrow("DataLoader.loadStateDict: batch is 4, but an epoch has 3 batches; is it the state of another data set?");
  expect(() => set({ seed: 1, epoch: 0, batch: 1, batchSize: 5 })).toThrow("the state has batchSize 5, this loader 4; use the same batchSize");
  expect(() => set({ seed: 1, epoch: 0, batch: 1, batchSize: 4, shuffle: true, items: 10 })).toThrow("the state has shuffle true, this loader false; use the same shuffle");
  expect(() => set({ seed: 1, epoch: 0, batch: 1, batchSize: 4, shuffle: false, items: 11 })).toThrow("the state has items 11, this loader 10; use the same data set");
  expect(String(new DataLoader(data, { batchSize: 4, shuffle: true, seed: 1 }))).toBe("DataLoader over TensorDataset of 10 items: float32 [2], int32 [], 3 batches of 4, shuffled, epoch 0");
});

it("reads every item once, whether items arrive at once or later", async () => {
  const reads: number[] = [];
  const counted = new ArrayDataset([1, 2, 3]).map((value, index) => {
    reads.push(index);
    return value;
  });
  await collect(new DataLoader(counted, { batchSize: 2 }));
  expect(reads).toEqual([0, 1, 2]);
});
