import { describe, expect, it } from "vitest";
import { IterableDataset } from "../src/index.js";

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const result: Item[] = [];
  for await (const item of items) result.push(item);
  return result;
}

async function* count(end: number, log: string[] = []): AsyncGenerator<number> {
  try {
    for (let at = 0; at < end; at++) yield at;
  } finally {
    log.push("closed");
  }
}

describe("IterableDataset", () => {
  it("transforms synchronous and asynchronous sources in the same way", async () => {
    for (const source of [[0, 1, 2, 3, 4, 5], () => count(6), new IterableDataset(() => count(6))]) {
      const items = new IterableDataset(source);
      expect(await collect(items.map((value) => value * 2))).toEqual([0, 2, 4, 6, 8, 10]);
      expect(await collect(items.map((value) => Promise.resolve(-value)).filter((value) => Promise.resolve(value < -3)))).toEqual([-4, -5]);
      expect(await collect(items.skip(1).take(2))).toEqual([1, 2]);
      expect(await collect(items.take(0))).toEqual([]);
      expect(await collect(items.take(1).concat([7], () => count(2)))).toEqual([0, 7, 0, 1]);
      expect(await collect(items.zip(["a", "b"]))).toEqual([[0, "a"], [1, "b"]]);
      expect(await collect(items.take(1).zip(items))).toEqual([[0, 0]]);
    }
  });

  it("closes its source if a loop is left early", async () => {
    const log: string[] = [];
    expect(await collect(new IterableDataset(() => count(1e9, log)).map((value) => value).take(2))).toEqual([0, 1]);
    expect(log).toEqual(["closed"]);
    await collect(new IterableDataset([1]).zip(() => count(1e9, log)));
    expect(log).toEqual(["closed", "closed"]);
  });

  it("refuses to iterate again over a source that is used up", async () => {
    const items = new IterableDataset(count(2));
    expect(await collect(items)).toEqual([0, 1]);
    await expect(collect(items)).rejects.toThrow("its source can be iterated only once, and was; pass a function that starts it");
  });
});
