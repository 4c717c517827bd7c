import { requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { drawSeed, Random } from "../random.js";
import { indicesByClass, labelsOf, type Labelled, type LabelSource } from "./class-labels.js";
import { splitSizes } from "./fractions.js";
import { requireSplittable, type Splits, type SplitOptions, type Splittable } from "./random-split.js";

/** Options of the splits that keep the shares of the classes. */
export interface StratifiedOptions<Item> extends SplitOptions {
  /** The class of each item. Default: its last element. */
  readonly labels?: LabelSource<Item>;
}

/** The kinds of {@link StratifiedOptions}. */
export const stratifiedOptions: OptionKinds<StratifiedOptions<unknown>> = { seed: "size", labels: "any" };

/**
 * Splits a data set by chance into parts of the given sizes in which every class has the share that it has in the whole, as nearly
 * as whole items allow.
 *
 * @example
 * ```ts
 * import { ArrayDataset, classCounts, classLabels, stratifiedSplit } from "@nn/data";
 * const all = new ArrayDataset(["a", "a", "a", "a", "b", "b"]);
 * const [train, test] = stratifiedSplit(all, [0.5, 0.5], { seed: 1 });
 * [...classCounts(classLabels(test))].sort(); // => [["a", 2], ["b", 1]]
 * ```
 * @throws ArgumentError if the sizes do not add up, a part would be empty, or an item has no label.
 */
export function stratifiedSplit<Item, Split, const Sizes extends readonly number[]>(
  dataset: Labelled<Item> & Splittable<Split>, sizes: Sizes, options: StratifiedOptions<Item> = {},
): Splits<Split, Sizes> {
  requireOptions("stratifiedSplit", options, stratifiedOptions);
  requireSplittable("stratifiedSplit", dataset);
  requireKind("stratifiedSplit", "sizes", sizes, "list");
  const { seed = drawSeed(), labels } = options;
  const counts = splitSizes("stratifiedSplit", dataset.length, sizes);
  const parts: readonly Split[] = stratifiedIndices(labelsOf("stratifiedSplit", dataset, labels), counts, seed).map((indices) => dataset.subset(indices));
  return parts as Splits<Split, Sizes>;
}

/**
 * The indices of parts of `counts` items each. The items stand on a line, class after class and in random order within a class;
 * going along it, each goes to the part that is furthest behind its share. So every stretch of the line, a class too, is shared
 * out in proportion, give or take less than two items.
 */
export function stratifiedIndices(labels: readonly (number | string | boolean)[], counts: readonly number[], seed: number): Int32Array[] {
  const random = new Random(seed);
  const parts = counts.map(() => new Array<number>());
  let passed = 0;
  for (const group of indicesByClass(labels).values()) {
    for (const index of shuffled(group, random)) {
      passed++;
      const part = furthestBehind(counts.map((count, at) => (count * passed) / labels.length - (parts[at]?.length ?? 0)));
      parts[part]?.push(index);
    }
  }
  // Within a part the classes must not stand in blocks.
  return parts.map((indices) => shuffled(indices, random));
}

function furthestBehind(deficits: readonly number[]): number {
  let largest = 0;
  deficits.forEach((deficit, part) => {
    // A tie within rounding goes to the part before, so that equal parts take turns.
    if (deficit > (deficits[largest] as number) + 1e-9) largest = part;
  });
  return largest;
}

function shuffled(indices: readonly number[], random: Random): Int32Array {
  const result = Int32Array.from(indices);
  random.shuffle(result);
  return result;
}
