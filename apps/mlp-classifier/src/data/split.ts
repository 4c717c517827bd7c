import { ArrayDataset, stratifiedSplit } from "@nn/data";
import { Failure } from "../failure.js";

/** Indices of examples. */
export interface SplitIndices {
  readonly train: readonly number[];
  readonly heldOut: readonly number[];
}

/**
 * Holds out a fraction of the examples, drawn by the seed, with about the same fraction of every class.
 * @throws Failure if there are too few examples.
 */
export function holdOut(labels: ArrayLike<number>, fraction: number, seed: number, what: string): SplitIndices {
  const indices = new ArrayDataset(Array.from(labels, (_, index) => index));
  const count = Math.round(labels.length * fraction);
  if (count === 0 || count === labels.length) {
    throw new Failure(`${labels.length} examples are too few to hold out ${fraction} of them for the ${what}`);
  }
  const [train, heldOut] = stratifiedSplit(indices, [labels.length - count, count], { seed, labels });
  return { train: [...train], heldOut: [...heldOut] };
}
