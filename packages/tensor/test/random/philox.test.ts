import { describe, expect, it } from "vitest";
import { fillRandomWords, philox4x32 } from "../../src/random/philox.js";

/** The known answers that come with the authors' library Random123 (file kat_vectors, philox4x32 with 10 rounds). */
const knownAnswers = [
  { counter: [0, 0, 0, 0], key: [0, 0], words: [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8] },
  { counter: [-1, -1, -1, -1], key: [-1, -1], words: [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd] },
  {
    counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], key: [0xa4093822, 0x299f31d0],
    words: [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  },
] as const;

describe("philox4x32", () => {
  it.each(knownAnswers)("gives the known answer for counter $counter, key $key", ({ counter, key, words }) => {
    const out = new Int32Array(6);
    philox4x32(counter, key, out, 1);
    expect(Array.from(out)).toEqual([0, ...words.map((word) => word | 0), 0]);
  });

  it("gives every word of a long run an even chance of each bit", () => {
    const out = new Int32Array(40_000);
    fillRandomWords(out, [1, 2], [3, 4]);
    for (let bit = 0; bit < 32; bit++) {
      const ones = out.reduce((sum, word) => sum + ((word >>> bit) & 1), 0);
      // Six standard deviations of a fair coin.
      expect(Math.abs(ones - 20_000)).toBeLessThan(600);
    }
  });
});
