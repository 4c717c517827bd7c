import { ArgumentError, UsageError } from "@nn/tensor";
import { describeValue } from "@nn/tensor/extend";

/**
 * Chooses the items of an epoch, and their order: the option `sampler` of a `DataLoader`. `weightedSampler` and `balancedSampler` make samplers; an object
 * with these members is one too.
 */
export interface Sampler {
  /** The items of an epoch. */
  readonly length: number;
  /** The indices of the items of an epoch, in order. They must depend only on the seed and the number of the epoch, so that an epoch can be resumed. */
  indices(seed: number, epoch: number): ArrayLike<number>;
  /** A description of the sampler. A saved position contains it, and a loader with another sampler refuses the position. */
  toString(): string;
}

/** Refuses anything but a sampler. */
export function requireSampler(operation: string, sampler: unknown): asserts sampler is Sampler {
  const { length, indices } = Object(sampler) as Partial<Sampler>;
  if (typeof sampler !== "object" || typeof indices !== "function") {
    throw new ArgumentError(`${operation}: sampler is ${describeValue(sampler)}, expected a sampler: weightedSampler(…), balancedSampler(…), or { length, indices(seed, epoch) }`);
  }
  if (!Number.isSafeInteger(length) || (length as number) < 0) {
    throw new ArgumentError(`${operation}: the length of the sampler is ${describeValue(length)}, expected a whole number of at least 0`);
  }
}

/** The indices of an epoch, of a data set with `items` items. */
export function sampledIndices(operation: string, sampler: Sampler, { seed, epoch, items }: { readonly seed: number; readonly epoch: number; readonly items: number }): Int32Array {
  const indices: unknown = sampler.indices(seed, epoch);
  if (!Array.isArray(indices) && !(ArrayBuffer.isView(indices) && "length" in indices)) {
    throw new UsageError(`${operation}: the sampler gave ${describeValue(indices)}, expected a list of indices`);
  }
  const list = indices as ArrayLike<number>;
  if (list.length !== sampler.length) throw new UsageError(`${operation}: the sampler gave ${list.length} indices, expected ${sampler.length}, its length`);
  for (let at = 0; at < list.length; at++) {
    const index = list[at] as number;
    if (!Number.isInteger(index) || index < 0 || index >= items) {
      throw new UsageError(`${operation}: the sampler gave the index ${describeValue(index)}, expected 0 to ${items - 1}; was it made for another data set?`);
    }
  }
  return Int32Array.from(list);
}

/** Refuses an epoch that draws more items without replacement than there are. */
export function requireAvailable(operation: string, count: number, available: number, what: string): void {
  if (count > available) {
    throw new ArgumentError(`${operation}: count is ${count}, but there are ${available} ${what}; set replacement: true, or a smaller count`);
  }
}
