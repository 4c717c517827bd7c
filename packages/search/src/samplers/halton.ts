import { RandomStream } from "../random-stream.js";

/** The position of the scrambling in the sequence of random numbers, which no trial uses. */
const scrambling = 2 ** 32;

/** The first `count` primes. */
export function primes(count: number): number[] {
  const found: number[] = [];
  for (let candidate = 2; found.length < count; candidate++) {
    if (found.every((prime) => candidate % prime !== 0)) found.push(candidate);
  }
  return found;
}

/**
 * A Halton sequence (Halton 1960): coordinate d of point i is `Σ aₖ b⁻ᵏ⁻¹`, where aₖ are the digits of i in base b, the d-th prime. With a seed each digit
 * is replaced by a random permutation for its position (Owen 2017, "A randomized Halton algorithm in R"): every point is then uniformly distributed, and bⁿ
 * successive points that begin at a multiple of bⁿ still have one in each of the bⁿ equal parts of the interval.
 */
export class HaltonSequence {
  /** For each dimension the prime, and the permutation for each digit. */
  readonly #bases: readonly { readonly base: number; readonly permutations: readonly (readonly number[])[] }[];

  constructor(dimensions: number, seed?: number) {
    const random = seed === undefined ? undefined : new RandomStream(seed, scrambling);
    this.#bases = primes(dimensions).map((base) => {
      // As many digits as float64 can tell apart.
      const digits = Math.ceil(53 / Math.log2(base));
      return { base, permutations: Array.from({ length: digits }, () => random?.permutation(base) ?? Array.from({ length: base }, (_, digit) => digit)) };
    });
  }

  point(index: number): number[] {
    return this.#bases.map(({ base, permutations }) => {
      let [rest, weight, sum] = [index, 1 / base, 0];
      for (const permutation of permutations) {
        sum += (permutation[rest % base] ?? 0) * weight;
        rest = Math.floor(rest / base);
        weight /= base;
      }
      return Math.min(sum, 1 - 2 ** -53);
    });
  }
}
