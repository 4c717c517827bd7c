import { ArrayDataset, stratifiedKFold } from "@nn/data";
import { Failure } from "../failure.js";
import { listed } from "./column-warnings.js";

/** The examples of a round of a cross-validation, by their indices. */
export interface FoldIndices {
  readonly train: readonly number[];
  readonly test: readonly number[];
}

/**
 * Divides examples into folds, drawn by the seed, each with about the same fraction of every class. Each round holds out another fold for the test.
 * @throws Failure if there are too few examples.
 */
export function foldsOf(indices: readonly number[], labels: ArrayLike<number>, classes: readonly string[], count: number, seed: number): readonly FoldIndices[] {
  if (indices.length < count) throw new Failure(`${indices.length} training examples are too few for --folds ${count}`);
  const own = indices.map((index) => labels[index] ?? 0);
  const rare = classes.filter((_, label) => own.filter((each) => each === label).length < 2);
  if (rare.length > 0) throw new Failure(`--folds needs at least two training examples of every class, one to train on and one to test on; there are fewer of ${listed(rare)}`);
  return stratifiedKFold(new ArrayDataset(indices), count, { seed, labels: own }).map(({ train, validation }) => ({ train: [...train], test: [...validation] }));
}
