import { UsageError } from "@nn/tensor";
import { describeValue } from "@nn/tensor/extend";
import type { Batches } from "../batches.js";
import { isStateful, type Stateful } from "../stateful.js";

/** The number of batches, if it is known. */
export function countOf(batches: Batches<unknown>): number | undefined {
  try {
    return "length" in batches && typeof batches.length === "number" ? batches.length : undefined;
  } catch (error) {
    // A loader over an iterable has no length, and says so.
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

/**
 * The state of batches in a checkpoint: where their next iteration continues.
 * @throws UsageError if they have no state, such as a generator.
 */
export function stateOfBatches(batches: Batches<unknown>): Stateful {
  if (isStateful(batches)) return batches;
  if (Array.isArray(batches)) return lengthOf(batches);
  throw new UsageError(
    "fit: the batches have no stateDict(), so a run could not continue from a checkpoint with the next batch; use a DataLoader, an array of batches, or an iterable with stateDict() and " +
    "loadStateDict(state) whose next iteration continues at its state",
  );
}

/** The number of batches in an array, which a resumed run must have too. */
function lengthOf(batches: readonly unknown[]): Stateful {
  return {
    stateDict: () => ({ length: batches.length }),
    loadStateDict: (state) => {
      const length: unknown = Object(state).length;
      if (length === batches.length) return;
      throw new UsageError(`fit: the checkpoint is of a run with an array of ${describeValue(length)} batches, and \`batches\` has ${batches.length}; use the same batches`);
    },
  };
}
