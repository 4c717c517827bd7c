import { messageOf } from "@nn/tensor/extend";
import { itemAt, type Dataset } from "../dataset.js";
import type { ItemGenerators } from "../item-generator.js";

/** An item could not be read. `cause` is the error of the data set, with the stack of the thread in which it occurred. */
export class ItemError extends Error {
  override readonly name = "ItemError";
  /** Index of the item in the data set. */
  readonly index: number;

  constructor(index: number, cause: unknown) {
    super(`DataLoader: item ${index} cannot be read: ${messageOf(cause)}`, { cause });
    this.index = index;
  }
}

/**
 * Reads the items of a batch, at the same time if they are promises.
 * @throws ItemError for the first item of the batch that fails.
 */
export async function readItems<Item>(dataset: Dataset<Item>, indices: ArrayLike<number>, generators: ItemGenerators): Promise<Awaited<Item>[]> {
  const read = await Promise.allSettled(Array.from(indices, async (index, place) => itemAt("DataLoader", dataset, index, generators(place))));
  return read.map((each, place) => {
    if (each.status === "rejected") throw new ItemError(indices[place] as number, each.reason);
    return each.value;
  });
}
