import { ArgumentError } from "@nn/tensor";
import { requireKind, requireOptions } from "@nn/tensor/extend";
import { drawSeed, Random } from "../random.js";
import { indicesByClass, labelsOf, type Labelled, type LabelSource } from "./class-labels.js";
import { splitSizes } from "./fractions.js";
import { requireSplittable, type Splits, type SplitOptions, type Splittable } from "./random-split.js";

/** Options of {@link groupSplit}. */
export interface GroupSplitOptions<Item> extends SplitOptions {
  /** The group of each item, such as the patient whom an image shows, or the station of a row. */
  readonly groups: LabelSource<Item>;
}

/**
 * Divides a data set at random, whole groups at a time: no group is in two splits. Sizes are numbers of groups, or fractions of them that add up to 1. The items of a split keep
 * their order.
 *
 * @example
 * ```ts
 * import { groupSplit, tableFromRecords } from "@nn/data";
 * const table = tableFromRecords(["a", "a", "b", "c", "b"].map((station, load) => ({ station, load })));
 * const [train, test] = groupSplit(table, [2, 1], { groups: ({ station }) => String(station), seed: 1 });
 * new Set([...train, ...test].map(({ station }) => station)).size; // => 3
 * test.categorical("station").some((station) => train.categorical("station").includes(station)); // => false
 * ```
 * @throws ArgumentError if the sizes do not add up to the number of groups, a split would be empty, or an item has no group.
 */
export function groupSplit<Item, Split, const Sizes extends readonly number[]>(
  dataset: Labelled<Item> & Splittable<Split>, sizes: Sizes, options: GroupSplitOptions<Item>,
): Splits<Split, Sizes> {
  const operation = "groupSplit";
  requireOptions(operation, options, { seed: "size", groups: "any" });
  requireSplittable(operation, dataset);
  requireKind(operation, "sizes", sizes, "list");
  if (options?.groups === undefined) throw new ArgumentError(`${operation}: there are no groups, expected a list with the group of each item, or a function of an item`);
  const { seed = drawSeed(), groups } = options;
  const members = [...indicesByClass(labelsOf(operation, dataset, groups)).values()];
  const order = new Random(seed).permutation(members.length);
  let end = 0;
  const splits: readonly Split[] = splitSizes(operation, members.length, sizes).map((size) => {
    end += size;
    const indices = Array.from(order.subarray(end - size, end)).flatMap((group) => members[group] ?? []);
    return dataset.subset(Int32Array.from(indices).toSorted());
  });
  return splits as Splits<Split, Sizes>;
}
