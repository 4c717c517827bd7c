import { ArgumentError } from "@nn/tensor";
import { requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { drawSeed, Random } from "../random.js";
import type { Fold } from "./k-fold.js";
import { requireSplittable, type SplitOptions, type Splittable } from "./random-split.js";

/** Options of {@link bootstrap}. */
export interface BootstrapOptions extends SplitOptions {
  /** Items drawn in each round. Default: as many as there are. */
  readonly count?: number;
}

const bootstrapOptions: OptionKinds<BootstrapOptions> = { seed: "size", count: "count" };

/**
 * Draws `rounds` bootstrap samples: each trains on items that are drawn with replacement, and validates on the items that were not drawn, which are about
 * 37 % of them, `(1 − 1/n)ⁿ ≈ 1/e`. Use it for bagging (Breiman 1996), and to estimate how much a result varies (Efron 1979). Round `i` depends only on the
 * seed and `i`. A round in which every item was drawn has an empty validation set.
 *
 * @example
 * ```ts
 * import { ArrayDataset, bootstrap } from "@nn/data";
 * for (const { train, validation } of bootstrap(new ArrayDataset([10, 11, 12, 13, 14]), 3, { seed: 1 })) {
 *   const drawn = new Set(train);
 *   train.length; // => 5
 *   [...validation].some((item) => drawn.has(item)); // => false
 * }
 * ```
 * @throws ArgumentError if the data set is empty.
 */
export function bootstrap<Split>(dataset: Splittable<Split>, rounds: number, options: BootstrapOptions = {}): Fold<Split>[] {
  requireOptions("bootstrap", options, bootstrapOptions);
  requireSplittable("bootstrap", dataset);
  requireKind("bootstrap", "rounds", rounds, "count");
  if (dataset.length === 0) throw new ArgumentError("bootstrap: the data set is empty, expected at least one item");
  const { length } = dataset;
  const { seed = drawSeed(), count = length } = options;
  return Array.from({ length: rounds }, (_, round) => {
    const random = new Random(seed, round);
    const drawn = Int32Array.from({ length: count }, () => random.below(length));
    const inBag = new Set(drawn);
    const outOfBag = Int32Array.from({ length }, (__, index) => index).filter((index) => !inBag.has(index));
    return { train: dataset.subset(drawn), validation: dataset.subset(outOfBag) };
  });
}
