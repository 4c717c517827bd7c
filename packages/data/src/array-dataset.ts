import { requireKind } from "@nn/tensor/extend";
import { Dataset, requireIndex } from "./dataset.js";

/**
 * A data set of the elements of an array. The array is not copied.
 *
 * @example
 * ```ts
 * import { ArrayDataset } from "@nn/data";
 * const dataset = new ArrayDataset([{ x: [0, 1], y: 1 }, { x: [1, 1], y: 0 }]);
 * dataset.batch([0, 1]).x.toArray(); // => [[0, 1], [1, 1]]
 * ```
 */
export class ArrayDataset<Item> extends Dataset<Item> {
  readonly items: readonly Item[];

  /** @throws ArgumentError if `items` is not an array. */
  constructor(items: readonly Item[]) {
    super();
    requireKind("ArrayDataset", "items", items, "list");
    this.items = items;
  }

  override get length(): number {
    return this.items.length;
  }

  override get(index: number): Item {
    requireIndex("ArrayDataset.get", index, this.items.length);
    return this.items[index] as Item;
  }
}
