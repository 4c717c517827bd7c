/** The purposes of random numbers before and during training. */
const purposes = ["test split", "validation split", "order", "weights"] as const;

/**
 * A separate seed for each purpose, so that, for example, another fraction for validation does not change the initial weights.
 * `seed` is below 2³².
 */
export function seedFor(seed: number, purpose: (typeof purposes)[number]): number {
  return seed * purposes.length + purposes.indexOf(purpose);
}
