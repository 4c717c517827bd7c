import { Worker } from "node:worker_threads";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundledItems } from "./bundled.js";

type Bundle = Awaited<ReturnType<typeof bundledItems>>;
let bundle: Bundle;
let items: Bundle["items"];

beforeAll(async () => {
  bundle = await bundledItems();
  items = bundle.items;
});
afterAll(async () => bundle.remove());

async function collect<T>(batches: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const batch of batches) all.push(batch);
  return all;
}

async function epochs(count: number, options: { readonly workers?: number; readonly batchSize?: number }): Promise<unknown[]> {
  const loader = new items.DataLoader(items.slow(10), { batchSize: 3, shuffle: true, seed: 5, ...options });
  const found: unknown[] = [];
  for (let epoch = 0; epoch < count; epoch++) found.push(...(await collect(loader)).map(([noise, index]) => [noise.toArray(), index.toArray()]));
  return found;
}

describe("batches of workers", () => {
  it("are the same with any number of workers, none and no option included", async () => {
    const expected = await epochs(2, {});
    expect(expected).toHaveLength(8);
    expect(new Set(expected.flatMap((batch) => (batch as [number[][]])[0].map(String))).size).toBe(20);
    expect(await epochs(2, { workers: 0 })).toEqual(expected);
    expect(await epochs(2, { workers: 1 })).toEqual(expected);
    expect(await epochs(1, { workers: 3 })).toEqual(expected.slice(0, 4));
  });

  it("have the random numbers of an item wherever it is in a batch", async () => {
    const [by3, by5] = [await epochs(1, { workers: 0 }), await epochs(1, { batchSize: 5 })];
    expect(by5.flatMap((batch) => (batch as [number[][]])[0])).toEqual(by3.flatMap((batch) => (batch as [number[][]])[0]));
  });

  it("carry records, tensors and names, of a data set that is made later and of rows of it", async () => {
    const dataset = await items.later({ rows: items.tensor([[1, 2], [3, 4], [5, 6], [7, 8]]) });
    const [train] = items.randomSplit(dataset, [0.75, 0.25], { seed: 3 });
    const read = async (workers: number): Promise<unknown> =>
      (await collect(new items.DataLoader(train.skip(1), { batchSize: 2, seed: 1, workers }))).map(({ row, noise, index, name }) => [row.toArray(), noise.toArray(), index.dtype, index.toArray(), name]);
    expect(await read(2)).toEqual(await read(0));
    const own = new items.DataLoader(dataset, { batchSize: 2, workers: 1, collate: (each) => each.map(({ row, name }) => [name, row.toArray()]) });
    expect(await collect(own)).toEqual([[["row 0", [1, 2]], ["row 1", [3, 4]]], [["row 2", [5, 6]], ["row 3", [7, 8]]]]);
  });

  it("continue from a saved state", async () => {
    const options = { batchSize: 2, shuffle: true, seed: 4, workers: 2 } as const;
    const whole = (await collect(new items.DataLoader(items.slow(9), options))).map(([noise]) => noise.toArray());
    const loader = new items.DataLoader(items.slow(9), options);
    let seen = 0;
    for await (const batch of loader) if (batch.length > 0 && ++seen === 2) break;
    const resumed = new items.DataLoader(items.slow(9), { ...options, seed: 77, workers: 1 });
    resumed.loadStateDict(JSON.parse(JSON.stringify(loader.stateDict())));
    expect((await collect(resumed)).map(([noise]) => noise.toArray())).toEqual(whole.slice(2));
  });
});

describe("the end of workers", () => {
  it("comes with the end of an epoch, and when the consumer leaves", async () => {
    const started: Worker[] = [];
    const program = `import(${JSON.stringify(bundle.address)}).then(({ slow }) => slow.serve())`;
    const watched = items.moduleDataset(bundle.address, "slow", (count: number) => items.slow(count), {
      worker: () => {
        const worker = new Worker(program, { eval: true });
        started.push(worker);
        return worker;
      },
    });
    expect(await collect(new items.DataLoader(watched(4), { batchSize: 2, workers: 4 }))).toHaveLength(2);
    for await (const batch of new items.DataLoader(watched(40), { batchSize: 1, workers: 1 })) if (batch.length > 0) break;
    expect(started.map(({ threadId }) => threadId)).toEqual([-1, -1, -1]);
    expect(await collect(new items.DataLoader(watched(0), { workers: 2 }))).toEqual([]);
    expect(started).toHaveLength(3);
  });

  it("comes for those that run when a later one cannot start", async () => {
    const started: Worker[] = [];
    const lacking = items.moduleDataset(bundle.address, "slow", (count: number) => items.slow(count), {
      worker: () => {
        if (started.length === 1) throw new Error("no more threads");
        started.push(new Worker("setInterval(() => undefined, 1000)", { eval: true }));
        return started[0] as Worker;
      },
    });
    await expect(collect(new items.DataLoader(lacking(4), { batchSize: 1, workers: 2 }))).rejects.toThrow("no more threads");
    // Otherwise it would run as long as the process.
    await expect(new Promise((resolve) => started[0]?.once("exit", resolve))).resolves.toBeTypeOf("number");
  });

  it("does not wait for an item that never comes", async () => {
    const batches = new items.DataLoader(items.slow(4, [], [1]), { batchSize: 1, workers: 1 })[Symbol.asyncIterator]();
    expect((await batches.next()).done).toBe(false);
    const stuck = batches.next();
    await batches.return();
    expect(await stuck).toEqual({ done: true, value: undefined });
  });

  it("is an error if a worker ends by itself", async () => {
    await expect(collect(new items.DataLoader(items.careless("ends"), { batchSize: 2, workers: 1 }))).rejects.toThrow("DataLoader: a worker ended while it made the items 2, 3: it ended with code 3");
  });
});

describe("errors of items", () => {
  it.each([0, 2])("arrive in their turn with index, stack, name and code, with %i workers", async (workers) => {
    const seen: unknown[] = [];
    let error: unknown;
    try {
      for await (const [, index] of new items.DataLoader(items.slow(8, [6, 5]), { batchSize: 2, workers })) seen.push(index.toArray());
    } catch (caught) {
      error = caught;
    }
    expect(seen).toEqual([[0, 1], [2, 3]]);
    expect(error).toBeInstanceOf(items.ItemError);
    expect(error).toMatchObject({ name: "ItemError", index: 5, message: "DataLoader: item 5 cannot be read: photo 5 is broken", cause: { name: "RangeError", code: "EBROKEN" } });
    expect(((error as Error).cause as Error).stack).toMatch(/photo 5 is broken[^]*slow-items/);
  });

  it("name the index in the rows that are read", async () => {
    const rows = items.slow(8, [6]).subset([1, 6]);
    await expect(collect(new items.DataLoader(rows, { workers: 1 }))).rejects.toThrow("DataLoader: item 1 cannot be read: photo 6 is broken");
  });

  it("are those of making the data set", async () => {
    const read = async (how: Parameters<typeof items.careless>[0]): Promise<unknown> => collect(new items.DataLoader(items.careless(how), { workers: 2 }));
    await expect(read("throws")).rejects.toThrow("no such folder");
    await expect(read("grows")).rejects.toThrow("moduleDataset: careless has 9 items in a worker, 4 in the main thread");
    await expect(read("draws")).rejects.toThrow("an item draws from the default generator, which differs from worker to worker; draw from generator(), which get and map are given");
    await expect(read("class")).rejects.toThrow("the batch.photo[0] is a value of class Map, which cannot be sent to another thread");
    await expect(collect(new items.DataLoader(items.misnamed(), { workers: 1 }))).rejects.toThrow('slow-items.mjs has no export of this name; export there what moduleDataset returns as "named"');
    const elsewhere = items.moduleDataset("file:///nowhere/photos.mjs", "photos", () => new items.ArrayDataset([1]));
    await expect(collect(new items.DataLoader(elsewhere(), { workers: 1 }))).rejects.toThrow("the module file:///nowhere/photos.mjs cannot be imported");
  });
});

describe("what workers cannot do is refused", () => {
  it("with the fix", () => {
    const { DataLoader, ArrayDataset, IterableDataset, moduleDataset, slow } = items;
    expect(() => new DataLoader(new ArrayDataset([1]).map((x) => x), { workers: 1 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: DataLoader: workers cannot make Dataset of 1 items, since functions and open files cannot be sent to another thread; make it in a module of its own, with export const photos = moduleDataset(import.meta.url, "photos", () => …), map included]`);
    expect(() => new DataLoader(slow(3).map((x) => x), { workers: 1 })).toThrow("map included");
    expect(() => new DataLoader(new IterableDataset([1]), { workers: 1 })).toThrow("DataLoader: workers read items by index, and an iterable has none; leave workers out");
    expect(() => [...new DataLoader(slow(3), { workers: 1 })]).toThrow("DataLoader: batches of workers come later; iterate over the loader with `for await`");
    expect(() => new DataLoader(slow(3), { workers: -1 })).toThrow("DataLoader: workers is -1");
    const closure = moduleDataset(bundle.address, "closure", (f: (x: number) => number) => new ArrayDataset([f(1)]));
    expect(() => closure((x) => x)).toThrowErrorMatchingInlineSnapshot(`[UsageError: moduleDataset: "closure" cannot be made in a worker: the arguments[0] is a function, which cannot be sent to another thread; use tensors, numbers, texts, and lists and plain objects of them. Pass what the module needs to make it, such as paths, numbers and lists]`);
    expect(() => moduleDataset("./photos.js", "photos", () => new ArrayDataset([1]))).toThrow('moduleDataset: module is the string "./photos.js", expected the address of the module that exports the data set: import.meta.url');
    expect(() => moduleDataset(bundle.address, "photos", (() => [1]) as never)()).toThrow('moduleDataset: what "photos" is made by returned no Dataset; extend Dataset, or wrap a list in an ArrayDataset');
    expect(() => slow.serve()).toThrow("moduleDataset: serve is for the program of a worker; in this thread call the function itself");
  });
});
