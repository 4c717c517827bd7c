import { describe, expect, it } from "vitest";
import {
  ArrayDataset, classLabels, collate, DataLoader, Dataset, IterableDataset, kFold, randomSplit, readJsonLines, stratifiedSplit, Table, TensorDataset, type DataLoaderOptions,
} from "../src/index.js";
import { tensor } from "@nn/tensor";

/** A data set with a length and items of any kind, as plain JavaScript could write it. */
class Odd extends Dataset<unknown> {
  readonly #length: unknown;
  readonly #get: (index: number) => unknown;

  constructor(length: unknown, get: (index: number) => unknown = (index) => index) {
    super();
    this.#length = length;
    this.#get = get;
  }

  override get length(): number {
    return this.#length as number;
  }

  override get(index: number): unknown {
    return this.#get(index);
  }
}

async function errorOf(step: () => unknown): Promise<string> {
  try {
    await step();
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
  return "no error";
}

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}

describe("an invalid length", () => {
  it.each([NaN, -1, 2.5, Infinity, "3", undefined, null])("%s is refused by everything that counts items", async (length) => {
    const expected = /^UsageError: [\w.]+: the length of Odd is .+, expected a whole number of at least 0$/;
    const odd = new Odd(length);
    const good = new ArrayDataset<unknown>([1]);
    const uses: readonly (() => unknown)[] = [
      () => new DataLoader(odd), () => odd.all(), () => odd.batch([0]), () => [...odd], () => odd.map((x) => x), () => odd.filter(() => true), () => odd.subset([0]), () => odd.take(1), () => odd.skip(1),
      () => odd.concat(good), () => good.concat(odd), () => good.zip(odd), () => odd.zip(good), () => randomSplit(odd, [0.5, 0.5]), () => kFold(odd, 2), () => stratifiedSplit(odd, [0.5, 0.5]), () => classLabels(odd),
    ];
    for (const use of uses) expect(await errorOf(use)).toMatch(expected);
  });

  it("is refused if it becomes invalid later", async () => {
    let length: number = 2;
    class Shrinking extends Odd {
      override get length(): number {
        return length;
      }
    }
    const loader = new DataLoader(new Shrinking(0));
    length = NaN;
    expect(await errorOf(() => [...loader])).toContain("DataLoader: the length of Shrinking is NaN");
    expect(await errorOf(() => loader.length)).toContain("DataLoader: the length of Shrinking is NaN");
  });
});

describe("callbacks that return nothing", () => {
  const missing = (): unknown => undefined;
  const promise = async (): Promise<unknown> => undefined;
  const numbers = new ArrayDataset([1, 2, 3]);

  it("are refused in data sets", async () => {
    const expected = "what Odd.get(0) returned is undefined; return the item, or null for none";
    expect(await errorOf(() => [...new DataLoader(new Odd(2, missing))])).toContain(`UsageError: Dataset.batch: ${expected}`);
    expect(await errorOf(() => [...new DataLoader(new Odd(2, missing), { collate: (items) => items })])).toContain(`UsageError: DataLoader: ${expected}`);
    expect(await errorOf(() => all(new DataLoader(new Odd(2, promise))))).toContain(`UsageError: DataLoader: ${expected}`);
    expect(await errorOf(() => [...new Odd(2, missing)])).toContain(`UsageError: Dataset: ${expected}`);
    expect(await errorOf(() => numbers.map(missing).all())).toContain("Dataset.map: what the transform returned for item 0 is undefined");
    expect(await errorOf(() => all(new DataLoader(numbers.map(promise))))).toContain("Dataset.map: what the transform returned for item 0 is undefined");
    expect(await errorOf(() => all(new DataLoader(new IterableDataset([1, undefined]))))).toContain("DataLoader: item 1 of the iterable is undefined");
    expect(await errorOf(() => all(new IterableDataset([1]).map(missing)))).toContain("IterableDataset.map: what the transform returned for item 0 is undefined");
    expect(await errorOf(() => all(new IterableDataset([1]).map(promise)))).toContain("IterableDataset.map: what the transform returned for item 0 is undefined");
    expect(await errorOf(() => readJsonLines("1\n2\n", { parse: missing }))).toContain("readJsonLines: what parse returned for line 1 is undefined");
    expect(await errorOf(() => numbers.map((value) => (value === 2 ? null : value)).get(1))).toBe("no error");
  });

  it("are refused in loaders: collate, batch", async () => {
    const given = (made: unknown): DataLoaderOptions<number, unknown> => ({ collate: () => made });
    expect(await errorOf(() => [...new DataLoader(numbers, given(undefined))])).toBe("UsageError: DataLoader: what collate returned is undefined; return the item, or null for none");
    expect(await errorOf(() => [...new DataLoader(numbers, given(Promise.resolve(1)))])).toBe("UsageError: DataLoader: the batch is a promise; iterate over the loader with `for await`");
    expect(await errorOf(() => all(new DataLoader(numbers, given(Promise.resolve(undefined)))))).toContain("what collate returned is undefined");
    expect(await all(new DataLoader(numbers, given(Promise.resolve("made"))))).toEqual(["made"]);
    class Batches extends Odd {
      override batch(): never {
        return undefined as never;
      }
    }
    expect(await errorOf(() => [...new DataLoader(new Batches(2))])).toContain("DataLoader: what Batches.batch returned is undefined");
  });

  it("are refused as predicates, as is anything but true and false", async () => {
    const rows = new TensorDataset(tensor([[1], [2]]));
    const table = new Table([{ name: "x", type: "numeric", values: Float64Array.of(1) }]);
    expect(await errorOf(() => numbers.filter(missing as never))).toBe("UsageError: Dataset.filter: the predicate returned undefined for item 0, expected true or false");
    expect(await errorOf(() => numbers.filter((async () => false) as never))).toBe("UsageError: Dataset.filter: the predicate returned a promise for item 0, expected true or false; a promise is accepted by IterableDataset.filter only");
    expect(await errorOf(() => rows.filter(((_: unknown, index: number) => index) as never))).toContain("TensorDataset.filter: the predicate returned 0 for item 0");
    expect(await errorOf(() => table.filter(missing as never))).toContain("Table.filter: the predicate returned undefined for item 0");
    expect(await errorOf(() => all(new IterableDataset([1]).filter(missing as never)))).toContain("IterableDataset.filter: the predicate returned undefined for item 0");
  });
});

describe("collate", () => {
  it("refuses items that contain themselves, or are nested very deep", async () => {
    const ring: Record<string, unknown> = { name: "ring" };
    ring.next = ring;
    const list: unknown[] = ["a"];
    list.push(list);
    let deep: unknown = ["end"];
    for (let level = 0; level < 100_000; level++) deep = [deep, "x"];
    for (const item of [ring, list, deep]) {
      expect(await errorOf(() => collate([item]))).toMatch(/^UsageError: collate: items are nested more than 64 levels deep, or contain themselves \(item.+…\); make them flat, or pass a `collate` of your own to the loader$/);
    }
    let allowed: unknown = "end";
    for (let level = 0; level < 60; level++) allowed = { allowed };
    expect(JSON.stringify(collate([allowed]))).toContain('["end"]');
  });

  it("refuses undefined among the values, but takes null", async () => {
    expect(await errorOf(() => collate([{ x: "a" }, { x: undefined }]))).toBe("UsageError: collate: item.x 1 of the batch is undefined; give every item a value, or null for none");
    expect(collate([{ x: "a" }, { x: null }])).toEqual({ x: ["a", null] });
  });
});
