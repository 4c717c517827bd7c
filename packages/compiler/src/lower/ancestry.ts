/** Which groups must run before which, by their numbers: for each group a set of bits, kept closed as needs are added. */
export class Ancestry {
  readonly #before: Bits[] = [];

  /** Adds a group and gives its number. */
  add(): number {
    return this.#before.push(new Bits()) - 1;
  }

  /** Whether one of `others` has to run after `group`. */
  precedesAny(group: number, others: Iterable<{ readonly number: number }>): boolean {
    for (const { number } of others) if (this.#before[number]?.has(group) === true) return true;
    return false;
  }

  /** From now on `later` needs `earlier`, and so does all that needs `later`. */
  require(later: number, earlier: number): void {
    const [own, added] = [this.#before[later], this.#before[earlier]];
    if (own === undefined || added === undefined || own.has(earlier)) return;
    const include = (bits: Bits): void => {
      bits.include(added);
      bits.insert(earlier);
    };
    include(own);
    for (const bits of this.#before) if (bits.has(later)) include(bits);
  }
}

/** A set of small whole numbers: 30 to a word, so that every word is a small integer to the engine. */
class Bits {
  readonly #words: number[] = [];

  has(at: number): boolean {
    return (((this.#words[Math.trunc(at / 30)] ?? 0) >> at % 30) & 1) === 1;
  }

  insert(at: number): void {
    this.#or(Math.trunc(at / 30), 1 << at % 30);
  }

  include(others: Bits): void {
    others.#words.forEach((bits, word) => this.#or(word, bits));
  }

  #or(word: number, bits: number): void {
    while (this.#words.length <= word) this.#words.push(0);
    this.#words[word] = (this.#words[word] ?? 0) | bits;
  }
}
