import type { Dataset } from "../dataset.js";
import { drawSeed, Random } from "../random.js";
import { partSizes } from "./fractions.js";

/** Options of the splits. */
export interface SplitOptions {
  /** Decides which items go where. Default: drawn from the generator that `manualSeed` seeds. */
  readonly seed?: number;
}

/** One data set for each given size. */
export type Parts<Item, Sizes extends readonly number[]> = { readonly [Key in keyof Sizes]: Dataset<Item> };

/**
 * Splits a data set by chance into parts that share no item: of the given fractions, which add up to 1, or counts.
 *
 * @example
 * ```ts
 * import { ArrayDataset, randomSplit } from "@nn/data";
 * const all = new ArrayDataset(["a", "b", "c", "d", "e"]);
 * const [train, test] = randomSplit(all, [0.8, 0.2], { seed: 1 });
 * [train.length, test.length]; // => [4, 1]
 * ```
 * @throws ArgumentError if the sizes do not add up, or a part would be empty.
 */
export function randomSplit<Item, const Sizes extends readonly number[]>(
  dataset: Dataset<Item>, sizes: Sizes, { seed = drawSeed() }: SplitOptions = {},
): Parts<Item, Sizes> {
  const order = new Random(seed).permutation(dataset.length);
  let end = 0;
  const parts: readonly Dataset<Item>[] = partSizes("randomSplit", dataset.length, sizes).map((size) => {
    end += size;
    return dataset.subset(order.subarray(end - size, end));
  });
  return parts as Parts<Item, Sizes>;
}
