import { ArgumentError } from "@nn/tensor";
import { describeValue, requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { lengthOf } from "../dataset.js";
import { drawSeed, Random } from "../random.js";
import { splitSizes } from "./fractions.js";

/** Options of the splits. */
export interface SplitOptions {
  /** The seed of the random assignment. Default: drawn from the generator that `manualSeed` seeds. */
  readonly seed?: number;
}

const splitOptions: OptionKinds<SplitOptions> = { seed: "size" };

/** A data set or a table that can be split; its splits are of type `Split`. */
export interface Splittable<Split> {
  readonly length: number;
  /** The items at these indices, in this order. */
  subset(indices: ArrayLike<number>): Split;
}

/** One split for each given size. */
export type Splits<Split, Sizes extends readonly number[]> = { readonly [Key in keyof Sizes]: Split };

/**
 * Divides a data set at random into disjoint splits. Sizes are counts, or fractions that add up to 1.
 *
 * @example
 * ```ts
 * import { ArrayDataset, randomSplit } from "@nn/data";
 * const all = new ArrayDataset(["a", "b", "c", "d", "e"]);
 * const [train, test] = randomSplit(all, [0.8, 0.2], { seed: 1 });
 * [train.length, test.length]; // => [4, 1]
 * ```
 * @throws ArgumentError if the sizes do not add up, or a split would be empty.
 */
export function randomSplit<Split, const Sizes extends readonly number[]>(
  dataset: Splittable<Split>, sizes: Sizes, options: SplitOptions = {},
): Splits<Split, Sizes> {
  requireOptions("randomSplit", options, splitOptions);
  requireSplittable("randomSplit", dataset);
  requireKind("randomSplit", "sizes", sizes, "list");
  const { seed = drawSeed() } = options;
  const order = new Random(seed).permutation(dataset.length);
  let end = 0;
  const splits: readonly Split[] = splitSizes("randomSplit", dataset.length, sizes).map((size) => {
    end += size;
    return dataset.subset(order.subarray(end - size, end));
  });
  return splits as Splits<Split, Sizes>;
}

/** Refuses anything but a data set or a table with a valid length. */
export function requireSplittable(operation: string, dataset: unknown): void {
  if (typeof dataset !== "object" || dataset === null || !("subset" in dataset && typeof dataset.subset === "function" && "length" in dataset)) {
    throw new ArgumentError(`${operation}: got ${describeValue(dataset)}, expected a data set or a table`);
  }
  lengthOf(operation, dataset as { readonly length: number });
}
