import { defaultGenerator, tensor, uniform, type Tensor } from "@nn/tensor";
import { isMainThread } from "node:worker_threads";
import { ArrayDataset, Dataset, moduleDataset, type ItemGenerator } from "../../src/index.js";

export { manualSeed, tensor } from "@nn/tensor";
export { ArrayDataset, DataLoader, IterableDataset, ItemError, moduleDataset, randomSplit } from "../../src/index.js";

/** The thread of a test imports this module too. */
const isInWorker = !isMainThread && !("__vitest_worker__" in globalThis);

/** Items that are random, and fail or wait for ever where told so. */
class Slow extends Dataset<Promise<readonly [Tensor, number]>> {
  constructor(readonly count: number, readonly fails: readonly number[] = [], readonly hangs: readonly number[] = []) {
    super();
  }
  override get length(): number {
    return this.count;
  }
  override async get(index: number, generator: ItemGenerator = defaultGenerator): Promise<readonly [Tensor, number]> {
    // Items of even index are ready later than the ones after them.
    for (let turn = index % 2 === 0 ? 20 : 0; turn > 0; turn--) await Promise.resolve();
    if (this.hangs.includes(index)) await new Promise(() => undefined);
    if (this.fails.includes(index)) throw Object.assign(new RangeError(`photo ${index} is broken`), { code: "EBROKEN" });
    return [uniform([3], { generator: generator() }), index];
  }
}

export const slow = moduleDataset(import.meta.url, "slow", (count: number, fails: readonly number[] = [], hangs: readonly number[] = []) => new Slow(count, fails, hangs));

/** Made asynchronously, of an argument with a tensor; its items are mapped with random numbers. */
export const later = moduleDataset(import.meta.url, "later", async ({ rows }: { readonly rows: Tensor }) => {
  await Promise.resolve();
  const values = new ArrayDataset(rows.toArray() as number[][]);
  return values.map((row, index, generator) => ({ row: tensor(row), noise: uniform([2], { generator: generator() }), index, name: `row ${index}` }));
});

export const careless = moduleDataset(import.meta.url, "careless", (how: "draws" | "ends" | "grows" | "class" | "throws") => {
  if (how === "throws" && isInWorker) throw new TypeError("no such folder");
  return new ArrayDataset(Array.from({ length: how === "grows" && isInWorker ? 9 : 4 }, (_, index) => index)).map((index): unknown => {
    if (how === "draws") return uniform([1]);
    if (how === "class") return { photo: new Map([[index, index]]) };
    if (how === "ends" && index === 2 && isInWorker) process.exit(3);
    return index;
  });
});

export const misnamed = moduleDataset(import.meta.url, "named", () => new ArrayDataset([1]));
