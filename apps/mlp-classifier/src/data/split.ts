import { ArrayDataset, stratifiedSplit } from "@nn/data";
import { Failure } from "../failure.js";

/** Places of examples. */
export interface SplitIndices {
  readonly rest: readonly number[];
  readonly kept: readonly number[];
}

/**
 * Which examples are kept aside: a fraction of them drawn by the seed, of every class about the same fraction.
 * @throws Failure if there are too few examples.
 */
export function keepAside(labels: ArrayLike<number>, fraction: number, seed: number, what: string): SplitIndices {
  const indices = new ArrayDataset(Array.from(labels, (_, index) => index));
  const kept = Math.round(labels.length * fraction);
  if (kept === 0 || kept === labels.length) {
    throw new Failure(`${labels.length} examples are too few to keep ${fraction} of them for the ${what}`);
  }
  const [rest, aside] = stratifiedSplit(indices, [labels.length - kept, kept], { seed, labels });
  return { rest: [...rest], kept: [...aside] };
}
