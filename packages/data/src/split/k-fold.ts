import { ArgumentError } from "@nn/tensor";
import { describeValue, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { drawSeed, Random } from "../random.js";
import { labelsOf, type Labelled } from "./class-labels.js";
import { requireSplittable, type SplitOptions, type Splittable } from "./random-split.js";
import { stratifiedOptions, stratifiedParts, type StratifiedOptions } from "./stratified-split.js";

/** One round of a cross-validation. */
export interface Fold<Part> {
  readonly train: Part;
  readonly validation: Part;
}

/** Options of {@link kFold}. */
export interface KFoldOptions extends SplitOptions {
  /** Whether items go to the folds by chance; otherwise in blocks, in their order. Default true. */
  readonly shuffle?: boolean;
}

const kFoldOptions: OptionKinds<KFoldOptions> = { seed: "size", shuffle: "boolean" };

/**
 * `k` rounds of cross-validation: in each another `k`-th of the items is for validation and the rest for training.
 *
 * @example
 * ```ts
 * import { ArrayDataset, kFold } from "@nn/data";
 * const folds = kFold(new ArrayDataset([1, 2, 3, 4, 5]), 2, { shuffle: false });
 * folds.map(({ validation }) => [...validation]); // => [[1, 2, 3], [4, 5]]
 * ```
 * @throws ArgumentError unless 2 ≤ k ≤ the number of items.
 */
export function kFold<Part>(dataset: Splittable<Part>, k: number, options: KFoldOptions = {}): Fold<Part>[] {
  requireOptions("kFold", options, kFoldOptions);
  requireSplittable("kFold", dataset);
  const { seed, shuffle = true } = options;
  const counts = foldSizes("kFold", dataset.length, k);
  const order = shuffle ? new Random(seed ?? drawSeed()).permutation(dataset.length) : Int32Array.from({ length: dataset.length }, (_, index) => index);
  let end = 0;
  return folds(dataset, counts.map((count) => order.subarray(end, (end += count))));
}

/**
 * Like {@link kFold}, and every class has in each fold the share that it has in the whole, as nearly as whole items allow.
 * @throws ArgumentError unless 2 ≤ k ≤ the number of items, and every item has a label.
 */
export function stratifiedKFold<Item, Part>(
  dataset: Labelled<Item> & Splittable<Part>, k: number, options: StratifiedOptions<Item> = {},
): Fold<Part>[] {
  requireOptions("stratifiedKFold", options, stratifiedOptions);
  requireSplittable("stratifiedKFold", dataset);
  const { seed = drawSeed(), labels } = options;
  const counts = foldSizes("stratifiedKFold", dataset.length, k);
  return folds(dataset, stratifiedParts(labelsOf("stratifiedKFold", dataset, labels), counts, seed));
}

function foldSizes(operation: string, length: number, k: number): number[] {
  if (!Number.isInteger(k) || k < 2 || k > length) throw new ArgumentError(`${operation}: k is ${describeValue(k)}, expected 2 to ${length}, the number of items`);
  return Array.from({ length: k }, (_, fold) => Math.floor(length / k) + (fold < length % k ? 1 : 0));
}

function folds<Part>(dataset: Splittable<Part>, parts: readonly Int32Array[]): Fold<Part>[] {
  return parts.map((part, fold) => ({
    train: dataset.subset(parts.flatMap((other, at) => (at === fold ? [] : [...other]))),
    validation: dataset.subset(part),
  }));
}
