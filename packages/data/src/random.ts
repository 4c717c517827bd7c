import { defaultGenerator, Generator } from "@nn/tensor";
import { naturalLog } from "./portable-math.js";

/** Words fetched from the generator at a time. */
const bufferLength = 512;

/** The distance between the streams of one seed, in blocks of four words: far more than one stream draws. */
const blocksPerStream = 2 ** 32;

/**
 * A sequence of random numbers in JavaScript, from the generator of `@nn/tensor` (Philox4x32-10). One seed has many independent
 * streams, so that the numbers for one epoch, split or image do not depend on how many were drawn for another. All draws have the
 * same bits on every machine.
 */
export class Random {
  readonly #generator: Generator;
  #words: ArrayLike<number> = [];
  #at = 0;

  /** @throws ArgumentError unless `seed` is a whole number from 0 to 2⁵³ − 1. */
  constructor(seed: number, stream = 0) {
    this.#generator = new Generator(seed);
    this.#generator.loadStateDict({ seed, counter: stream * blocksPerStream });
  }

  /** A whole number from 0 to 2³² − 1. */
  word(): number {
    if (this.#at === this.#words.length) {
      this.#words = this.#generator.randomBits([bufferLength], 32).toTypedArray();
      this.#at = 0;
    }
    return (this.#words[this.#at++] as number) >>> 0;
  }

  /** Uniform in [low, high). */
  uniform(low = 0, high = 1): number {
    return low + (high - low) * (this.word() * 2 ** -32);
  }

  /** Uniform in [0, 1), with 53 random bits. */
  precise(): number {
    return (this.word() * 2 ** 21 + (this.word() >>> 11)) * 2 ** -53;
  }

  /** A whole number from 0 to `count − 1`, without bias: draws that would make some numbers likelier are rejected. */
  below(count: number): number {
    const limit = 2 ** 32 - (2 ** 32 % count);
    let word = this.word();
    while (word >= limit) word = this.word();
    return word % count;
  }

  /** Normally distributed with mean 0 and standard deviation 1, by the polar method of Marsaglia and Bray (1964). */
  normal(): number {
    for (;;) {
      const u = this.uniform(-1, 1);
      const v = this.uniform(-1, 1);
      const square = u * u + v * v;
      if (square > 0 && square < 1) return u * Math.sqrt((-2 * naturalLog(square)) / square);
    }
  }

  /** 0 … `count` − 1 in random order (Fisher and Yates 1938; Durstenfeld 1964). */
  permutation(count: number): Int32Array {
    const order = Int32Array.from({ length: count }, (_, index) => index);
    this.shuffle(order);
    return order;
  }

  /** Shuffles the elements in place. */
  shuffle(values: Int32Array): void {
    for (let last = values.length - 1; last > 0; last--) {
      const chosen = this.below(last + 1);
      const value = values[last] as number;
      values[last] = values[chosen] as number;
      values[chosen] = value;
    }
  }
}

/** A seed drawn from a generator. Default: the one that `manualSeed` seeds. */
export function drawSeed(generator = defaultGenerator()): number {
  return generator.randomBits([1], 31).item();
}
