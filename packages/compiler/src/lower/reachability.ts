import { at } from "../ir/at.js";

/** Which groups must run before which, by their numbers. For each group it keeps the set of all groups before it. */
export class Reachability {
  readonly #before: Bits[] = [];
  /** The groups that others run after. */
  readonly #needed = new Set<number>();

  /** Adds a group and returns its number. */
  add(): number {
    return this.#before.push(new Bits()) - 1;
  }

  /** Whether one of `others` has to run after `group`. */
  precedesAny(group: number, others: Iterable<{ readonly number: number }>): boolean {
    for (const { number } of others) if (at(this.#before, number).has(group)) return true;
    return false;
  }

  /** From now on `earlier` runs before `later`, and before everything that runs after `later`. */
  require(later: number, earlier: number): void {
    const [own, added] = [at(this.#before, later), at(this.#before, earlier)];
    if (own.has(earlier)) return;
    const include = (bits: Bits): void => {
      bits.include(added);
      bits.insert(earlier);
    };
    include(own);
    if (this.#needed.has(later)) for (const bits of this.#before) if (bits.has(later)) include(bits);
    this.#needed.add(earlier);
  }
}

/** A set of small whole numbers: 30 to a word, so that the engine keeps every word as a small integer. Words that are not there are 0. */
class Bits {
  readonly #words: number[] = [];

  has(number: number): boolean {
    return (((this.#words[Math.trunc(number / 30)] ?? 0) >> number % 30) & 1) === 1;
  }

  insert(number: number): void {
    this.#or(Math.trunc(number / 30), 1 << number % 30);
  }

  include(others: Bits): void {
    others.#words.forEach((bits, word) => this.#or(word, bits));
  }

  #or(word: number, bits: number): void {
    while (this.#words.length <= word) this.#words.push(0);
    this.#words[word] = (this.#words[word] ?? 0) | bits;
  }
}
