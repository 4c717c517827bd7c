import { requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { drawSeed, Random } from "../random.js";
import { indicesByClass, labelsOf, type Labelled, type LabelSource } from "./class-labels.js";
import { splitSizes } from "./fractions.js";
import { requireSplittable, type Splits, type SplitOptions, type Splittable } from "./random-split.js";

/** Options of the splits that keep the proportions of the classes. */
export interface StratifiedOptions<Item> extends SplitOptions {
  /** The class of each item. Default: its last element. */
  readonly labels?: LabelSource<Item>;
}

/** The kinds of {@link StratifiedOptions}. */
export const stratifiedOptions: OptionKinds<StratifiedOptions<unknown>> = { seed: "size", labels: "any" };

/**
 * Divides a data set at random into splits of the given sizes that keep the proportions of the classes, as nearly as whole items allow.
 *
 * @example
 * ```ts
 * import { ArrayDataset, classCounts, classLabels, stratifiedSplit } from "@nn/data";
 * const all = new ArrayDataset(["a", "a", "a", "a", "b", "b"]);
 * const [train, test] = stratifiedSplit(all, [0.5, 0.5], { seed: 1 });
 * [...classCounts(classLabels(test))].sort(); // => [["a", 2], ["b", 1]]
 * ```
 * @throws ArgumentError if the sizes do not add up, a split would be empty, or an item has no label.
 */
export function stratifiedSplit<Item, Split, const Sizes extends readonly number[]>(
  dataset: Labelled<Item> & Splittable<Split>, sizes: Sizes, options: StratifiedOptions<Item> = {},
): Splits<Split, Sizes> {
  requireOptions("stratifiedSplit", options, stratifiedOptions);
  requireSplittable("stratifiedSplit", dataset);
  requireKind("stratifiedSplit", "sizes", sizes, "list");
  const { seed = drawSeed(), labels } = options;
  const counts = splitSizes("stratifiedSplit", dataset.length, sizes);
  const splits: readonly Split[] = stratifiedIndices(labelsOf("stratifiedSplit", dataset, labels), counts, seed).map((indices) => dataset.subset(indices));
  return splits as Splits<Split, Sizes>;
}

/**
 * The indices of splits of `counts` items each. The items are ordered by class, at random within a class. Each item goes to the split that
 * is furthest behind its fraction. So any contiguous run of this order, such as a class, is divided in proportion to within two items.
 */
export function stratifiedIndices(labels: readonly (number | string | boolean)[], counts: readonly number[], seed: number): Int32Array[] {
  const random = new Random(seed);
  const splits = counts.map(() => new Array<number>());
  let passed = 0;
  for (const group of indicesByClass(labels).values()) {
    for (const index of shuffled(group, random)) {
      passed++;
      const split = furthestBehind(counts.map((count, at) => (count * passed) / labels.length - (splits[at]?.length ?? 0)));
      splits[split]?.push(index);
    }
  }
  // Shuffle each split, so that its classes are mixed.
  return splits.map((indices) => shuffled(indices, random));
}

function furthestBehind(deficits: readonly number[]): number {
  let largest = 0;
  deficits.forEach((deficit, split) => {
    // A tie within rounding goes to the earlier split, so that equal splits take turns.
    if (deficit > (deficits[largest] as number) + 1e-9) largest = split;
  });
  return largest;
}

function shuffled(indices: readonly number[], random: Random): Int32Array {
  const result = Int32Array.from(indices);
  random.shuffle(result);
  return result;
}
