import { defaultGenerator, UsageError } from "@nn/tensor";
import { collate } from "../collate.js";
import { Dataset, lengthOf } from "../dataset.js";
import { itemGenerator } from "../item-generator.js";
import type { BatchRequest, Recipe } from "./messages.js";
import { packError } from "./packed-error.js";
import { memoryOf, pack, unpack } from "./packing.js";
import { ownPort, type WorkerPort } from "./port.js";
import { ItemError, readItems } from "./read-items.js";

/** Makes a data set from arguments; returns it or a promise of it. */
export type MakeDataset = (...args: readonly unknown[]) => unknown;

/** Makes the data set of a recipe in this worker, and answers requests for its batches. */
export function serveDataset(make: MakeDataset, recipe: Recipe | undefined): void {
  const port = ownPort();
  let dataset: Promise<Dataset<unknown> | undefined> | undefined;
  const begin = (of: Recipe): void => {
    dataset = madeBy(make, of, port);
  };
  if (recipe !== undefined) begin(recipe);
  port.onMessage((message) => {
    if ("module" in message) begin(message);
    else void dataset?.then((made) => (made === undefined ? undefined : answer(made, message, port)));
  });
}

async function madeBy(make: MakeDataset, { name, args }: Recipe, port: WorkerPort): Promise<Dataset<unknown> | undefined> {
  try {
    const dataset = await withoutDefaultGenerator(`what ${name} is made by`, async () => requireDataset(name, await make(...(unpack(args) as readonly unknown[]))));
    port.post({ kind: "ready", length: lengthOf("moduleDataset", dataset) }, []);
    return dataset;
  } catch (error) {
    port.post({ kind: "failed", error: packError(error) }, []);
    return undefined;
  }
}

async function answer(dataset: Dataset<unknown>, { indices, seed, epoch, place, collated }: BatchRequest, port: WorkerPort): Promise<void> {
  try {
    const items = await withoutDefaultGenerator("an item", async () => readItems(dataset, indices, (at) => itemGenerator(seed, epoch, place + at)));
    const packed = collated ? pack(collate(items), "the batch") : pack(items, "items");
    port.post({ kind: "made", items: packed }, memoryOf(packed));
  } catch (error) {
    if (error instanceof ItemError) port.post({ kind: "failed", error: packError(error.cause), place: indices.indexOf(error.index) }, []);
    else port.post({ kind: "failed", error: packError(error) }, []);
  }
}

/** Returns a data set. @throws UsageError if it is something else. */
export function requireDataset(name: string, made: unknown): Dataset<unknown> {
  if (made instanceof Dataset) return made;
  throw new UsageError(`moduleDataset: what ${name} is made by returned no Dataset; extend Dataset, or wrap a list in an ArrayDataset`);
}

/** Runs a step that must not draw from this worker's default generator, since every worker has a different one. */
async function withoutDefaultGenerator<T>(what: string, step: () => Promise<T>): Promise<T> {
  const { counter } = defaultGenerator();
  const result = await step();
  if (defaultGenerator().counter === counter) return result;
  throw new UsageError(`moduleDataset: ${what} draws from the default generator, which differs from worker to worker; draw from generator(), which get and map are given, or from new Generator(seed)`);
}
