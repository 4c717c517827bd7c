import { Generator, uniform } from "@nn/tensor";

/** The blocks of the generator that one trial may use. */
const blocksPerTrial = 2 ** 20;

/** How many numbers are drawn at once. */
const drawn = 64;

/** The random numbers of one trial: its own part of the sequence of the seed, independent of what other trials draw. */
export class RandomStream {
  readonly #generator: Generator;
  #numbers: ArrayLike<number> = [];
  #used = 0;
  #spare: number | undefined;

  constructor(seed: number, trial: number) {
    this.#generator = new Generator(seed);
    this.#generator.loadStateDict({ seed, counter: trial * blocksPerTrial });
  }

  /** Uniform in [0, 1). */
  uniform(): number {
    if (this.#used === this.#numbers.length) {
      this.#numbers = uniform([drawn], { generator: this.#generator, dtype: "float64" }).toTypedArray();
      this.#used = 0;
    }
    return this.#numbers[this.#used++] ?? 0;
  }

  /** A whole number from 0 to `count` − 1. */
  integer(count: number): number {
    return Math.floor(this.uniform() * count);
  }

  /** Standard normal (Box and Muller 1958). */
  normal(): number {
    if (this.#spare !== undefined) {
      const spare = this.#spare;
      this.#spare = undefined;
      return spare;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    const angle = 2 * Math.PI * this.uniform();
    this.#spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  /** The numbers 0 to `count` − 1 in random order (Fisher and Yates). */
  permutation(count: number): number[] {
    const order = Array.from({ length: count }, (_, index) => index);
    for (let last = count - 1; last > 0; last--) {
      const other = this.integer(last + 1);
      const moved = order[last] ?? 0;
      order[last] = order[other] ?? 0;
      order[other] = moved;
    }
    return order;
  }

  /** An index into the weights, drawn with a probability proportional to its weight. */
  weighted(weights: ArrayLike<number>): number {
    let total = 0;
    for (let index = 0; index < weights.length; index++) total += weights[index] ?? 0;
    let rest = this.uniform() * total;
    for (let index = 0; index < weights.length - 1; index++) {
      rest -= weights[index] ?? 0;
      if (rest < 0) return index;
    }
    return weights.length - 1;
  }
}
