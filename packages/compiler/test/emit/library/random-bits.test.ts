import { Generator } from "@nn/tensor";
import { describe, expect, it } from "vitest";
import { compile } from "../../../src/index.js";

/** The same numbers, drawn eagerly and by a compiled function of some threads. */
function drawn(size: number, bits: number, state: ReturnType<Generator["stateDict"]>, threads = 1): readonly [readonly number[], readonly number[]] {
  const [eager, own] = [new Generator(0), new Generator(0)];
  eager.loadStateDict(state);
  own.loadStateDict(state);
  const compiled = compile(() => own.randomBits([size], bits), { threads });
  return [[...eager.randomBits([size], bits).toTypedArray()], [...compiled().toTypedArray()]];
}

describe("compiled random bits equal those of the eager generator", () => {
  it("whatever part of the last block is used", () => {
    for (let size = 1; size <= 97; size++) {
      const [eager, compiled] = drawn(size, 32, { seed: 12345678901, counter: 7 });
      expect(compiled).toEqual(eager);
    }
  });

  it.each([1, 8, 24, 31, 32])("in words of %i bits", (bits) => {
    const [eager, compiled] = drawn(1000, bits, { seed: Number.MAX_SAFE_INTEGER, counter: 0 });
    expect(compiled).toEqual(eager);
  });

  it.each([1, 2, 3, 4, 6])("if the lower half of the counter overflows after %i blocks", (blocks) => {
    const [eager, compiled] = drawn(64, 32, { seed: 3, counter: 3 * 2 ** 32 - blocks });
    expect(compiled).toEqual(eager);
  });

  it.each([1, 2, 3])("on %i threads", (threads) => {
    const [eager, compiled] = drawn(4099, 24, { seed: 1, counter: 1 }, threads);
    expect(compiled).toEqual(eager);
  });
});
