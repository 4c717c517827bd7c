import { ArgumentError } from "@nn/tensor";
import { describeValue, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { drawSeed, Random } from "../random.js";
import { labelsOf, type Labelled } from "./class-labels.js";
import { requireSplittable, type SplitOptions, type Splittable } from "./random-split.js";
import { stratifiedOptions, stratifiedIndices, type StratifiedOptions } from "./stratified-split.js";

/** One round of a cross-validation. */
export interface Fold<Split> {
  readonly train: Split;
  readonly validation: Split;
}

/** Options of {@link kFold}. */
export interface KFoldOptions extends SplitOptions {
  /** Whether items are assigned to folds at random; otherwise in contiguous blocks. Default true. */
  readonly shuffle?: boolean;
}

const kFoldOptions: OptionKinds<KFoldOptions> = { seed: "size", shuffle: "boolean" };

/**
 * Makes `k` rounds of cross-validation. Each round uses a different `k`-th of the items for validation and the rest for training.
 *
 * @example
 * ```ts
 * import { ArrayDataset, kFold } from "@nn/data";
 * const folds = kFold(new ArrayDataset([1, 2, 3, 4, 5]), 2, { shuffle: false });
 * folds.map(({ validation }) => [...validation]); // => [[1, 2, 3], [4, 5]]
 * ```
 * @throws ArgumentError unless 2 ≤ k ≤ the number of items.
 */
export function kFold<Split>(dataset: Splittable<Split>, k: number, options: KFoldOptions = {}): Fold<Split>[] {
  requireOptions("kFold", options, kFoldOptions);
  requireSplittable("kFold", dataset);
  const { seed, shuffle = true } = options;
  const counts = foldSizes("kFold", dataset.length, k);
  const order = shuffle ? new Random(seed ?? drawSeed()).permutation(dataset.length) : Int32Array.from({ length: dataset.length }, (_, index) => index);
  let end = 0;
  return folds(dataset, counts.map((count) => order.subarray(end, (end += count))));
}

/**
 * {@link kFold} with folds that keep the proportions of the classes, as nearly as whole items allow.
 * @throws ArgumentError unless 2 ≤ k ≤ the number of items, and every item has a label.
 */
export function stratifiedKFold<Item, Split>(
  dataset: Labelled<Item> & Splittable<Split>, k: number, options: StratifiedOptions<Item> = {},
): Fold<Split>[] {
  requireOptions("stratifiedKFold", options, stratifiedOptions);
  requireSplittable("stratifiedKFold", dataset);
  const { seed = drawSeed(), labels } = options;
  const counts = foldSizes("stratifiedKFold", dataset.length, k);
  return folds(dataset, stratifiedIndices(labelsOf("stratifiedKFold", dataset, labels), counts, seed));
}

function foldSizes(operation: string, length: number, k: number): number[] {
  if (!Number.isInteger(k) || k < 2 || k > length) throw new ArgumentError(`${operation}: k is ${describeValue(k)}, expected 2 to ${length}, the number of items`);
  return Array.from({ length: k }, (_, fold) => Math.floor(length / k) + (fold < length % k ? 1 : 0));
}

function folds<Split>(dataset: Splittable<Split>, parts: readonly Int32Array[]): Fold<Split>[] {
  return parts.map((part, fold) => ({
    train: dataset.subset(parts.flatMap((other, at) => (at === fold ? [] : [...other]))),
    validation: dataset.subset(part),
  }));
}
