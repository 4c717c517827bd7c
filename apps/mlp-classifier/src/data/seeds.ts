/** What is decided by chance before and during training. */
const purposes = ["test split", "validation split", "order", "weights"] as const;

/**
 * A seed of its own for each purpose, so that, say, another fraction for validation does not change the initial weights.
 * `seed` is below 2³².
 */
export function seedFor(seed: number, purpose: (typeof purposes)[number]): number {
  return seed * purposes.length + purposes.indexOf(purpose);
}
