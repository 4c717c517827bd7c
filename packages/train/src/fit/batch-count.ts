import { UsageError } from "@nn/tensor";
import { describeValue } from "@nn/tensor/extend";
import type { Batches } from "../batches.js";
import type { Stateful } from "../stateful.js";

/** The number of batches, if they know it. */
export function countOf(batches: Batches<unknown>): number | undefined {
  try {
    return "length" in batches && typeof batches.length === "number" ? batches.length : undefined;
  } catch (error) {
    // A loader over an iterable has no length, and says so.
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

/** The number of batches in an array, which a resumed run must have too. */
export function lengthOf(batches: readonly unknown[]): Stateful {
  return {
    stateDict: () => ({ length: batches.length }),
    loadStateDict: (state) => {
      const length: unknown = Object(state).length;
      if (length === batches.length) return;
      throw new UsageError(`fit: the checkpoint is of a run with an array of ${describeValue(length)} batches, and \`batches\` has ${batches.length}; use the same batches`);
    },
  };
}
